import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { createQueryObserver, hashQueryKey, queryKey, skip } from "@edgepod/core";
import type {
  Arguments,
  FunctionName,
  ObservedQuery,
  QueryObserverOptions,
  QueryParameters,
  QueryResult,
  RegisteredFunctions,
  Result,
} from "@edgepod/core";
import { useProvidedClient } from "./provider.ts";

/** A registered function that may be called as a query. */
export type QueryName = FunctionName<RegisteredFunctions, "query">;

export interface UseQueryOptions<T, S = T> extends QueryObserverOptions<T> {
  /** What the component needs of the answer. It renders again only when this has changed. */
  readonly select?: ((data: T) => S) | undefined;
}

/**
 * The answer of a query. Fetches it when it is first looked at, and again whenever a table that it read is written.
 *
 * @example
 * const { data: tasks, error, isLoading } = useQuery("getTasks", { project: 1 });
 *
 * @throws Error outside of an `EdgePodProvider`. A query that fails doesn't throw: see `error`.
 */
export function useQuery<N extends QueryName, S = Result<RegisteredFunctions[N]>>(
  fn: N,
  ...[args, options = {}]: QueryParameters<
    Arguments<RegisteredFunctions[N]>,
    UseQueryOptions<Result<RegisteredFunctions[N]>, S>
  >
): QueryResult<S> {
  const client = useProvidedClient("useQuery");
  const { enabled = true, select } = options;
  const last = useRef<ObservedQuery<Result<RegisteredFunctions[N]>> | null>(null);
  // One observer for each query: an observer that moved between two could show the one's data under the other's name.
  const hash = args === skip ? null : hashQueryKey(queryKey(fn, args));
  const observed = useMemo(
    () => createQueryObserver(client, fn, args as Arguments<RegisteredFunctions[N]>[0], options, last.current),
    // oxlint-disable-next-line react/exhaustive-deps -- the rest follows from these, or is asked for once
    [client, fn, hash, enabled],
  );
  useEffect(() => {
    last.current = observed;
  }, [observed]);
  const read = (): QueryResult<S> => observed.read(select);
  return useSyncExternalStore(observed.subscribe, read, read);
}
