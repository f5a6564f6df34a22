/** `@edgepod/svelte`: the client of `@edgepod/core` as runes. */
export { skip } from "@edgepod/core";
export { setEdgePodClient } from "./context.ts";
export { useClient } from "./use-client.ts";
export { useInfiniteQuery } from "./use-infinite-query.svelte.ts";
export { useMutation } from "./use-mutation.svelte.ts";
export { useQuery } from "./use-query.svelte.ts";
export { useStatus } from "./use-status.ts";

export type { WithClient } from "./context.ts";
export type { OrGetter } from "./live.svelte.ts";
export type { UseInfiniteQueryOptions } from "./use-infinite-query.svelte.ts";
export type { MutationName, UseMutationOptions } from "./use-mutation.svelte.ts";
export type { QueryName, UseQueryOptions, UseQueryParameters } from "./use-query.svelte.ts";
