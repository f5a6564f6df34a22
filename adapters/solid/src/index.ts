/** `@edgepod/solid`: the client of `@edgepod/core` as resources and stores. */
export { skip } from "@edgepod/core";
export { EdgePodProvider } from "./provider.ts";
export { useClient } from "./use-client.ts";
export { useInfiniteQuery } from "./use-infinite-query.ts";
export { useMutation } from "./use-mutation.ts";
export { useQuery } from "./use-query.ts";
export { useStatus } from "./use-status.ts";

export type { LiveResource } from "./live-resource.ts";
export type { EdgePodProviderProps } from "./provider.ts";
export type { InfiniteResource } from "./use-infinite-query.ts";
export type { MutationName, UseMutationOptions } from "./use-mutation.ts";
export type { Given, QueryName, QueryResource, UseQueryOptions } from "./use-query.ts";
