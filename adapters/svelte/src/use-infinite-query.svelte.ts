import { untrack } from "svelte";
import { createInfiniteQueryObserver, hashQueryKey, queryKey } from "@edgepod/core";
import type { Arguments, InfiniteQueryOptions, InfiniteQueryResult, RegisteredFunctions, Result } from "@edgepod/core";
import { clientInContext } from "./context.ts";
import type { WithClient } from "./context.ts";
import { live, valueOf } from "./live.svelte.ts";
import type { OrGetter } from "./live.svelte.ts";
import type { QueryName } from "./use-query.svelte.ts";

export type UseInfiniteQueryOptions<T, C> = WithClient & InfiniteQueryOptions<T, C>;

/**
 * A list, page by page. Its pages stay right while rows come and go: after a write all of them are fetched anew.
 *
 * @example
 * const tasks = useInfiniteQuery("getTasks", (after: number | null) => ({ project, after }), {
 *   getNextCursor: (page) => page.at(-1)?.id,
 * });
 * {#if tasks.hasNextPage}<button onclick={tasks.fetchNextPage}>More</button>{/if}
 *
 * @throws Error where no component above has called `setEdgePodClient`. A page that fails doesn't throw: see `error`.
 */
export function useInfiniteQuery<N extends QueryName, C>(
  fn: N,
  argsOf: (cursor: C | null) => Arguments<RegisteredFunctions[N]>[0],
  options: OrGetter<UseInfiniteQueryOptions<Result<RegisteredFunctions[N]>, C>>,
): InfiniteQueryResult<Result<RegisteredFunctions[N]>> {
  const client = untrack(() => valueOf(options)).client ?? clientInContext("useInfiniteQuery");
  const plainArgsOf = (cursor: C | null) => $state.snapshot(argsOf(cursor)) as Arguments<RegisteredFunctions[N]>[0];
  // The first page's arguments say which list it is.
  const hash = $derived(hashQueryKey(queryKey(fn, plainArgsOf(null))));
  const enabled = $derived(valueOf(options).enabled);
  const observed = $derived.by(() => {
    void [hash, enabled];
    return untrack(() => createInfiniteQueryObserver(client, fn, plainArgsOf, valueOf(options)));
  });
  return live(() => observed);
}
