import { createMemo } from "solid-js";
import { createInfiniteQueryObserver, hashQueryKey, queryKey } from "@edgepod/core";
import type { Arguments, InfiniteQueryOptions, InfiniteQueryResult, RegisteredFunctions, Result } from "@edgepod/core";
import { createLiveResource } from "./live-resource.ts";
import type { LiveResource } from "./live-resource.ts";
import { useProvidedClient } from "./provider.ts";
import type { QueryName } from "./use-query.ts";

/** The pages so far, as a resource. */
export type InfiniteResource<T> = LiveResource<readonly T[]> &
  Pick<InfiniteQueryResult<T>, "hasNextPage" | "isFetchingNextPage" | "fetchNextPage">;

/**
 * A list, page by page. Its pages stay right while rows come and go: after a write all of them are fetched anew.
 *
 * @example
 * const pages = useInfiniteQuery("getTasks", (after: number | null) => ({ after, project: props.project }), {
 *   getNextCursor: (page) => page.at(-1)?.id,
 * });
 * <button onClick={() => pages.fetchNextPage()} disabled={!pages.hasNextPage}>More</button>
 *
 * @throws Error outside of an `EdgePodProvider`.
 */
export function useInfiniteQuery<N extends QueryName, C>(
  fn: N,
  argsOf: (cursor: C | null) => Arguments<RegisteredFunctions[N]>[0],
  options: InfiniteQueryOptions<Result<RegisteredFunctions[N]>, C>,
): InfiniteResource<Result<RegisteredFunctions[N]>> {
  const client = useProvidedClient("useInfiniteQuery");
  return createLiveResource({
    key: createMemo(() => `${String(options.enabled)} ${hashQueryKey(queryKey(fn, argsOf(null)))}`),
    observe: () => createInfiniteQueryObserver(client, fn, argsOf, options),
    dataOf: ({ pages }) => pages,
    select: (pages) => pages,
    rowKey: "id",
  });
}
