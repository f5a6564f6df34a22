/** `@edgepod/vue`: the client of `@edgepod/core` as composables. */
export { skip } from "@edgepod/core";
export { EdgePodProvider, createEdgePod } from "./provider.ts";
export { useClient } from "./use-client.ts";
export { useInfiniteQuery } from "./use-infinite-query.ts";
export { useMutation } from "./use-mutation.ts";
export { useQuery } from "./use-query.ts";
export { useStatus } from "./use-status.ts";

export type { Awaitable, Refs } from "./observed.ts";
export type { MutationName, UseMutationOptions } from "./use-mutation.ts";
export type { QueryName, Switchable, UseQueryOptions } from "./use-query.ts";
