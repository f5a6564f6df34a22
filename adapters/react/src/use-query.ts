import { useMemo, useSyncExternalStore } from "react";
import { createQueryObserver, hashQueryKey } from "@edgepod/core";
import type { Arguments, FunctionName, QueryResult, RegisteredFunctions, Result } from "@edgepod/core";
import { useProvidedClient } from "./provider.ts";

/** A registered function that may be called as a query. */
export type QueryName = FunctionName<RegisteredFunctions, "query">;

export interface UseQueryOptions {
  /** `false` fetches nothing; what is cached is shown all the same. `true` unless said otherwise. */
  readonly enabled?: boolean;
}

/** What follows the name: the function's own argument, required where it requires one, then the options. */
export type UseQueryParameters<N extends QueryName> = WithOptions<Arguments<RegisteredFunctions[N]>>;

type WithOptions<A extends readonly unknown[]> = A extends readonly [infer Args]
  ? [args: Args, options?: UseQueryOptions]
  : [args?: A[0], options?: UseQueryOptions];

/**
 * The answer of a query. Fetches it when it is first looked at, and again whenever a table that it read is written.
 *
 * @example
 * const { data: tasks, error, isLoading } = useQuery("getTasks", { project: 1 });
 *
 * @throws Error outside of an `EdgePodProvider`. A query that fails doesn't throw: see `error`.
 */
export function useQuery<N extends QueryName>(
  fn: N,
  ...parameters: UseQueryParameters<N>
): QueryResult<Result<RegisteredFunctions[N]>> {
  const client = useProvidedClient("useQuery");
  const { enabled = true } = parameters[1] ?? {};
  const options = client.queryOptions(fn, ...(parameters.slice(0, 1) as Arguments<RegisteredFunctions[N]>));
  // One observer for each query: an observer that moved between two could show the one's data under the other's name.
  const key = hashQueryKey(options.queryKey);
  const { read, subscribe } = useMemo(
    () => createQueryObserver(client, { ...options, enabled }),
    // oxlint-disable-next-line react/exhaustive-deps -- `options` follows from `client` and `key`
    [client, key, enabled],
  );
  return useSyncExternalStore(subscribe, read, read);
}
