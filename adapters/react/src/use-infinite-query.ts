import { useMemo, useSyncExternalStore } from "react";
import { createInfiniteQueryObserver, hashQueryKey, queryKey } from "@edgepod/core";
import type { Arguments, InfiniteQueryOptions, InfiniteQueryResult, RegisteredFunctions, Result } from "@edgepod/core";
import { useProvidedClient } from "./provider.ts";
import type { QueryName } from "./use-query.ts";

/**
 * A list, page by page. Its pages stay right while rows come and go: after a write all of them are fetched anew.
 *
 * @example
 * const { pages, hasNextPage, fetchNextPage } = useInfiniteQuery("getTasks", (after: number | null) => ({ after }), {
 *   getNextCursor: (page) => page.at(-1)?.id,
 * });
 *
 * @throws Error outside of an `EdgePodProvider`. A page that fails doesn't throw: see `error`.
 */
export function useInfiniteQuery<N extends QueryName, C>(
  fn: N,
  argsOf: (cursor: C | null) => Arguments<RegisteredFunctions[N]>[0],
  options: InfiniteQueryOptions<Result<RegisteredFunctions[N]>, C>,
): InfiniteQueryResult<Result<RegisteredFunctions[N]>> {
  const client = useProvidedClient("useInfiniteQuery");
  const { enabled = true } = options;
  const hash = hashQueryKey(queryKey(fn, argsOf(null)));
  const { read, subscribe } = useMemo(
    () => createInfiniteQueryObserver(client, fn, argsOf, options),
    // oxlint-disable-next-line react/exhaustive-deps -- the first page's arguments say which list it is
    [client, fn, hash, enabled],
  );
  return useSyncExternalStore(subscribe, read, read);
}
