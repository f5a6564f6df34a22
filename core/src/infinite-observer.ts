/** One observed list of pages. All of them are fetched anew when a table that any of them read is written. */
import { InfiniteQueryObserver } from "@tanstack/query-core";
import type { InfiniteData } from "@tanstack/query-core";
import type { CachedAnswer } from "./answers.ts";
import { carried } from "./carried.ts";
import type { Carried } from "./carried.ts";
import type { Client } from "./client-types.ts";
import { copy } from "./copy.ts";
import type { Arguments, FunctionName, Result } from "./functions.ts";
import { keepWhileEqual, tellTogether } from "./notify.ts";
import type { Observed } from "./notify.ts";
import type { EdgePodError } from "./protocol/index.ts";
import { hashQueryKey, infiniteQueryKey } from "./query-key.ts";
import { share } from "./same.ts";

/** What a screen sees of a list of pages. */
export interface InfiniteQueryResult<T> {
  /** The pages so far, first to last; `undefined` until there is one. */
  readonly pages: readonly T[] | undefined;
  /** Why the latest fetch failed, or `null`. */
  readonly error: EdgePodError | null;
  /** The first page is on its way. */
  readonly isLoading: boolean;
  /** A page is on its way, or all of them anew. */
  readonly isFetching: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  /** Resolves when the next page is here, or has failed. */
  readonly fetchNextPage: () => Promise<void>;
  /** Fetches every page anew. */
  readonly refetch: () => Promise<void>;
}

/** The pages of a list as the cache holds them. */
export type CachedPages<T, C> = InfiniteData<CachedAnswer<T>, C | null>;

/** One list that is looked at. */
export interface ObservedPages<T, C> extends Observed<InfiniteQueryResult<T>>, Carried<CachedPages<T, C>> {}

/** Where a list goes on. */
export interface InfiniteQueryOptions<T, C> {
  /** What the next page is asked with, from the last one; `null` or `undefined` where that was the last. */
  readonly getNextCursor: (lastPage: T, pages: readonly T[]) => C | null | undefined;
  /** `false` fetches nothing; what is cached is shown all the same. `true` unless said otherwise. */
  readonly enabled?: boolean | undefined;
}

/**
 * Observes a list page by page. `argsOf` gives the arguments of the page at a cursor; that of the first is `null`.
 *
 * After a write all pages are fetched one after another, each from where the one before now ends: rows that come or go
 * shift the others, and none is shown twice or left out.
 */
export function createInfiniteQueryObserver<F extends object, N extends FunctionName<F, "query">, C>(
  client: Client<F>,
  fn: N,
  argsOf: (cursor: C | null) => Arguments<F[N]>[0],
  { getNextCursor, enabled = true }: InfiniteQueryOptions<Result<F[N]>, C>,
): ObservedPages<Result<F[N]>, C> {
  type T = Result<F[N]>;
  type Pages = CachedPages<T, C>;
  const queryKey = infiniteQueryKey(fn, copy(argsOf(null)));
  const hash = hashQueryKey(queryKey);
  const dataOf = (answers: readonly CachedAnswer<T>[]): T[] => answers.map(({ data }) => data);
  /** Ends a fetch that would mix two lists. Whoever else shows this one fetches it, by arguments of their own. */
  const handOver = async (): Promise<never> => {
    const query = client.queryClient.getQueryCache().get(hash);
    await client.queryClient.cancelQueries({ queryKey, exact: true });
    void query?.observers.find((other) => !Object.is(other, observer))?.refetch();
    return new Promise(() => undefined);
  };
  const observer = new InfiniteQueryObserver<CachedAnswer<T>, EdgePodError, Pages, readonly unknown[], C | null>(
    client.queryClient,
    {
      ...client.liveOptions(),
      queryKey,
      enabled,
      initialPageParam: null,
      queryFn: ({ pageParam }) => {
        // Where arguments are made of reactive state, they may by now be those of another list.
        if (hashQueryKey(infiniteQueryKey(fn, copy(argsOf(null)))) !== hash) return handOver();
        return client.fetch<T>(fn, copy(argsOf(pageParam as C | null)), hash);
      },
      getNextPageParam: (lastPage, pages) => getNextCursor(lastPage.data, dataOf(pages)),
      // Before anybody subscribes, the state already says what subscribing will begin: no flash of "not fetching".
      _optimisticResults: "optimistic",
    },
  );
  const fetchNextPage = async (): Promise<void> => {
    await observer.fetchNextPage();
  };
  const refetch = async (): Promise<void> => {
    await observer.refetch();
  };
  const keep = keepWhileEqual<InfiniteQueryResult<T>>();
  let before: readonly T[] | undefined;
  const shown = ({ pages, pageParams }: Pages): readonly T[] =>
    (before = share(
      before,
      pages.map((page, index) => client.optimistic.apply(fn, argsOf(pageParams[index] ?? null), page)),
    ));
  return {
    ...carried(client.queryClient, queryKey, enabled, observer),
    read: () => {
      const { data, error, isLoading, isFetching, hasNextPage, isFetchingNextPage } = observer.getOptimisticResult(
        observer.options as Parameters<typeof observer.getOptimisticResult>[0],
      );
      const pages = data && shown(data);
      return keep({ pages, error, isLoading, isFetching, hasNextPage, isFetchingNextPage, fetchNextPage, refetch });
    },
    subscribe: (changed) => tellTogether([observer, client.optimistic], changed),
  };
}
