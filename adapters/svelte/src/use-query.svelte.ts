import { untrack } from "svelte";
import { createQueryObserver, hashQueryKey, queryKey, share, skip } from "@edgepod/core";
import type {
  Arguments,
  FunctionName,
  ObservedQuery,
  QueryObserverOptions,
  QueryResult,
  RegisteredFunctions,
  Result,
} from "@edgepod/core";
import { clientInContext } from "./context.ts";
import type { WithClient } from "./context.ts";
import { live, valueOf } from "./live.svelte.ts";
import type { OrGetter } from "./live.svelte.ts";

/** A registered function that may be called as a query. */
export type QueryName = FunctionName<RegisteredFunctions, "query">;

export interface UseQueryOptions<T, S = T> extends QueryObserverOptions<T>, WithClient {
  /** What is needed of the answer. It may read `$state` itself, and `data` changes only when its result has. */
  readonly select?: ((data: T) => S) | undefined;
}

/** The arguments of a query and its options, each a value or what reads it. */
export type UseQueryParameters<A extends readonly unknown[], O> = A extends readonly [infer Args]
  ? [args: OrGetter<Args | typeof skip>, options?: OrGetter<O>]
  : [args?: OrGetter<A[0] | typeof skip>, options?: OrGetter<O>];

/**
 * The answer of a query. It is fetched when an effect first reads it, and again whenever a table that it read is written.
 *
 * @example
 * let project = $state(1);
 * const tasks = useQuery("getTasks", () => ({ project }));
 * {#each tasks.data ?? [] as task (task.id)}<li>{task.title}</li>{/each}
 *
 * @throws Error where no component above has called `setEdgePodClient`. A query that fails doesn't throw: see `error`.
 */
export function useQuery<N extends QueryName, S = Result<RegisteredFunctions[N]>>(
  fn: N,
  ...[given, options]: UseQueryParameters<
    Arguments<RegisteredFunctions[N]>,
    UseQueryOptions<Result<RegisteredFunctions[N]>, S>
  >
): QueryResult<S> {
  type T = Result<RegisteredFunctions[N]>;
  const how = $derived<UseQueryOptions<T, S>>(valueOf(options) ?? {});
  const client = untrack(() => how.client) ?? clientInContext("useQuery");
  const args = $derived.by(() => {
    const now = valueOf(given) as Arguments<RegisteredFunctions[N]>[0] | typeof skip;
    // Not the proxy: the query of these arguments stays that of these.
    return now === skip ? now : ($state.snapshot(now) as typeof now);
  });
  const hash = $derived(args === skip ? null : hashQueryKey(queryKey(fn, args)));
  const enabled = $derived(how.enabled);
  let previous: ObservedQuery<T> | null = null;
  // One observer for each query: an observer that moved between two could show the one's data under the other's name.
  const observed = $derived.by(() => {
    void [hash, enabled];
    return (previous = untrack(() => createQueryObserver(client, fn, args, how, previous)));
  });
  let last: unknown;
  const take = (data: T | undefined): S | undefined => {
    const { select } = how;
    last = data !== undefined && select ? share(last, select(data)) : data;
    return last as S | undefined;
  };
  return live<QueryResult<T>, QueryResult<S>>(() => observed, { data: take });
}
