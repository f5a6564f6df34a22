/**
 * What an adapter translates: one observed query, one observed mutation, as a state to read and a change to hear of.
 * Keeps query-core a dependency of this package alone.
 */
import { QueryObserver } from "@tanstack/query-core";
import type { CachedAnswer } from "./answers.ts";
import { carried } from "./carried.ts";
import type { Carried } from "./carried.ts";
import type { Client } from "./client-types.ts";
import { copy } from "./copy.ts";
import type { Arguments, FunctionName, Result } from "./functions.ts";
import { keepWhileEqual, tellTogether } from "./notify.ts";
import type { Observed } from "./notify.ts";
import type { EdgePodError } from "./protocol/index.ts";
import { hashQueryKey, queryKey } from "./query-key.ts";
import { share } from "./same.ts";

/** In place of a query's arguments: there is nothing to ask yet. */
export const skip: unique symbol = Symbol("edgepod.skip");

/** What a screen sees of a query. */
export interface QueryResult<T> {
  /** The newest answer; `undefined` until there is one. It stays while a refetch runs, and when one fails. */
  readonly data: T | undefined;
  /** Why the latest fetch failed, or `null`. */
  readonly error: EdgePodError | null;
  /** The first answer is on its way: there is nothing to show yet. */
  readonly isLoading: boolean;
  /** An answer is on its way, the first or a newer one. */
  readonly isFetching: boolean;
  /** `data` isn't this query's answer but what stands in for it: `placeholderData`, or that of the arguments before. */
  readonly isPlaceholderData: boolean;
  /** Fetches now, fresh or not. Resolves when the answer is here; where that fails, `error` says so. */
  readonly refetch: () => Promise<void>;
}

/** One query that is looked at. */
export interface ObservedQuery<T> extends Observed<QueryResult<T>>, Carried<CachedAnswer<T>> {
  /** What to show now, or of it what `select` takes. The same object for as long as nothing in it has changed. */
  readonly read: <S = T>(select?: (data: T) => S) => QueryResult<S>;
}

/** How a query is looked at. */
export interface QueryObserverOptions<T> {
  /** `false` fetches nothing; what is cached is shown all the same. `true` unless said otherwise. */
  readonly enabled?: boolean | undefined;
  /** Shown while there is no answer, and never taken for one. */
  readonly placeholderData?: T | (() => T | undefined) | undefined;
  /** An answer from elsewhere. It is shown at once, as if it had been fetched, and fetched anew. */
  readonly initialData?: T | (() => T | undefined) | undefined;
  /** Where the arguments have changed: shows the answer of the last ones until there is a new one. */
  readonly keepPreviousData?: boolean | undefined;
}

/**
 * Observes one query. It is fetched when somebody subscribes, unless what is cached is fresh or `enabled` is false.
 *
 * @param previous What the same place of the screen observed before, with other arguments.
 */
export function createQueryObserver<F extends object, N extends FunctionName<F, "query">>(
  client: Client<F>,
  fn: N,
  asked: Arguments<F[N]>[0] | typeof skip,
  options: QueryObserverOptions<Result<F[N]>> = {},
  previous: ObservedQuery<Result<F[N]>> | null = null,
): ObservedQuery<Result<F[N]>> {
  type T = Result<F[N]>;
  const last = ofGeneration(client.generation, options.keepPreviousData === true ? previous?.read().data : undefined);
  if (asked === skip) return unasked(last);
  const args = copy(asked);
  const { enabled = true, initialData, placeholderData } = options;
  const key = queryKey(fn, args);
  const complete = {
    ...client.queryClient.defaultQueryOptions<CachedAnswer<T>, EdgePodError, CachedAnswer<T>, CachedAnswer<T>>({
      ...client.liveOptions(),
      queryKey: key,
      queryFn: () => client.fetch<T>(fn, args, hashQueryKey(key)),
    }),
    enabled,
    ...(initialData !== undefined && {
      initialData: () => ofNoVersion(valueOf(initialData)),
      initialDataUpdatedAt: 0,
    }),
    // Before anybody subscribes, the state already says what subscribing will begin: no flash of "not fetching".
    _optimisticResults: "optimistic" as const,
  };
  const observer = new QueryObserver<CachedAnswer<T>, EdgePodError, CachedAnswer<T>, CachedAnswer<T>>(
    client.queryClient,
    complete,
  );
  const refetch = async (): Promise<void> => {
    await observer.refetch();
  };
  const keep = keepWhileEqual<QueryResult<unknown>>();
  const selected = sharing();
  const shown = (answer: CachedAnswer<T> | undefined): T | undefined =>
    answer ? client.optimistic.apply(fn, args, answer) : (last.read() ?? valueOf(placeholderData));
  return {
    ...carried(client.queryClient, key, enabled, observer),
    read: <S = T>(select?: (data: T) => S) => {
      const { data: answer, error, isLoading, isFetching } = observer.getOptimisticResult(complete);
      const data = selected(shown(answer), select);
      const isPlaceholderData = !answer && data !== undefined;
      const result = {
        data,
        error,
        isLoading: isLoading && !isPlaceholderData,
        isFetching,
        isPlaceholderData,
        refetch,
      };
      return keep(result) as QueryResult<S>;
    },
    subscribe: (changed) => tellTogether([observer, client.optimistic, last], changed),
  };
}

/** What one user was shown, for as long as nobody else is logged in. */
function ofGeneration<T>(generation: AbortSignal, data: T | undefined): Observed<T | undefined> {
  return {
    read: () => (generation.aborted ? undefined : data),
    subscribe: (changed) => {
      if (data !== undefined) generation.addEventListener("abort", changed);
      return () => {
        generation.removeEventListener("abort", changed);
      };
    },
  };
}

function unasked<T>(last: Observed<T | undefined>): ObservedQuery<T> {
  const keep = keepWhileEqual<QueryResult<unknown>>();
  const selected = sharing();
  const refetch = () => Promise.resolve();
  return {
    read: <S = T>(select?: (data: T) => S) => {
      const data = selected(last.read(), select);
      const isPlaceholderData = data !== undefined;
      return keep({
        data,
        error: null,
        isLoading: false,
        isFetching: false,
        isPlaceholderData,
        refetch,
      }) as QueryResult<S>;
    },
    subscribe: (changed) => tellTogether([last], changed),
    load: () => Promise.resolve(undefined),
    adopt: () => undefined,
  };
}

/** Runs a `select` once for each of its inputs, and gives the parts that came out equal their old identity. */
function sharing(): <T>(data: T | undefined, select?: (data: T) => unknown) => unknown {
  let last: { readonly data: unknown; readonly select: unknown; readonly selected: unknown } | undefined;
  return (data, select) => {
    if (data === undefined) return undefined;
    if (last && Object.is(last.data, data) && last.select === select) return last.selected;
    last = { data, select, selected: share(last?.selected, select ? select(data) : data) };
    return last.selected;
  };
}

/** Older than any answer of the pod, which so replaces it. */
function ofNoVersion<T>(data: T | undefined): CachedAnswer<T> | undefined {
  return data === undefined ? undefined : { data, epoch: "", version: -1, reads: {} };
}

function valueOf<T>(value: T | (() => T | undefined) | undefined): T | undefined {
  return typeof value === "function" ? (value as () => T | undefined)() : value;
}
