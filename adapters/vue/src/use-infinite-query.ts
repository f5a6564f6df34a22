import { toValue } from "vue";
import type { MaybeRefOrGetter } from "vue";
import { EdgePodError, createInfiniteQueryObserver, hashQueryKey, queryKey } from "@edgepod/core";
import type { Arguments, InfiniteQueryOptions, InfiniteQueryResult, RegisteredFunctions, Result } from "@edgepod/core";
import { awaitable, toRefs, useObserved, useObserver } from "./observed.ts";
import type { Awaitable, Refs } from "./observed.ts";
import { useProvidedClient } from "./provider.ts";
import type { QueryName, Switchable } from "./use-query.ts";

/**
 * A list, page by page. Its pages stay right while rows come and go: after a write all of them are fetched anew. `argsOf`
 * may read refs: when they change it is another list.
 *
 * @example
 * const { pages, hasNextPage, fetchNextPage } = useInfiniteQuery("getTasks", (after: number | null) => ({ after }), {
 *   getNextCursor: (page) => page.at(-1)?.id,
 * });
 *
 * @throws Error where no client is provided. A page that fails doesn't throw: see `error`.
 */
export function useInfiniteQuery<N extends QueryName, C>(
  fn: N,
  argsOf: (cursor: C | null) => Arguments<RegisteredFunctions[N]>[0],
  options: MaybeRefOrGetter<Switchable<InfiniteQueryOptions<Result<RegisteredFunctions[N]>, C>>>,
): Awaitable<Refs<InfiniteQueryResult<Result<RegisteredFunctions[N]>>>> {
  const client = useProvidedClient("useInfiniteQuery");
  const hashNow = () => hashQueryKey(queryKey(fn, argsOf(null)));
  const isEnabled = () => toValue(toValue(options).enabled) ?? true;
  const create = () => {
    const hash = hashNow();
    const argsOfThis: typeof argsOf = (cursor) => {
      // The refs that it reads are another list's by now. Its pages must not get among this one's.
      if (hashNow() !== hash) throw new EdgePodError("ABORTED", `Another list of ${fn} is looked at.`);
      return argsOf(cursor);
    };
    return createInfiniteQueryObserver<RegisteredFunctions, N, C>(client(), fn, argsOfThis, {
      getNextCursor: (page, pages) => toValue(options).getNextCursor(page, pages),
      enabled: isEnabled(),
    });
  };
  const live = useObserved(useObserver(() => [client(), hashNow(), isEnabled()], create));
  return awaitable(toRefs(live), live);
}
