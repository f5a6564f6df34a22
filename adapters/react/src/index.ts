/** `@edgepod/react`: the client of `@edgepod/core` as hooks. */
export { skip } from "@edgepod/core";
export { EdgePodProvider } from "./provider.ts";
export { useClient } from "./use-client.ts";
export { useInfiniteQuery } from "./use-infinite-query.ts";
export { useMutation } from "./use-mutation.ts";
export { useQuery } from "./use-query.ts";
export { useStatus } from "./use-status.ts";
export { useSuspenseQuery } from "./use-suspense-query.ts";

export type { EdgePodProviderProps } from "./provider.ts";
export type { MutationName, UseMutationOptions } from "./use-mutation.ts";
export type { QueryName, UseQueryOptions } from "./use-query.ts";
export type { SuspenseQueryResult, UseSuspenseQueryOptions } from "./use-suspense-query.ts";
