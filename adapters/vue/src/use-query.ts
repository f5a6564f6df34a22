import { computed, toValue } from "vue";
import type { MaybeRefOrGetter } from "vue";
import { createQueryObserver, hashQueryKey, queryKey, share, skip } from "@edgepod/core";
import type { Arguments, FunctionName, QueryObserverOptions, QueryResult } from "@edgepod/core";
import type { ObservedQuery, RegisteredFunctions, Result } from "@edgepod/core";
import { awaitable, toRefs, useObserved, useObserver } from "./observed.ts";
import type { Awaitable, Refs } from "./observed.ts";
import { useProvidedClient } from "./provider.ts";

/** A registered function that may be called as a query. */
export type QueryName = FunctionName<RegisteredFunctions, "query">;

/** Options whose `enabled` may be a ref or a getter. */
export type Switchable<O extends { readonly enabled?: boolean | undefined }> = Omit<O, "enabled"> & {
  /** `false` fetches nothing; what is cached is shown all the same. `true` unless said otherwise. */
  readonly enabled?: MaybeRefOrGetter<boolean | undefined>;
};

export interface UseQueryOptions<T, S = T> extends Switchable<QueryObserverOptions<T>> {
  /** What the component needs of the answer. It may read refs, and nothing renders again unless this has changed. */
  readonly select?: ((data: T) => S) | undefined;
}

type UseQueryParameters<A extends readonly unknown[], T, S> = A extends readonly [infer Args]
  ? [args: MaybeRefOrGetter<Args | typeof skip>, options?: MaybeRefOrGetter<UseQueryOptions<T, S>>]
  : [args?: MaybeRefOrGetter<A[0] | typeof skip>, options?: MaybeRefOrGetter<UseQueryOptions<T, S>>];

/**
 * The answer of a query. Fetches it when it is first looked at, and again whenever a table that it read is written.
 * Arguments and options may be refs or getters. A server waits for it; an async setup may: `await useQuery(…)`.
 *
 * @example
 * const { data: tasks, error, isLoading } = useQuery("getTasks", () => ({ project: props.project }));
 *
 * @throws Error where no client is provided. A query that fails doesn't throw: see `error`.
 */
export function useQuery<N extends QueryName, S = Result<RegisteredFunctions[N]>>(
  fn: N,
  ...[args, options = {}]: UseQueryParameters<Arguments<RegisteredFunctions[N]>, Result<RegisteredFunctions[N]>, S>
): Awaitable<Refs<QueryResult<NoInfer<S>>>> {
  type T = Result<RegisteredFunctions[N]>;
  const client = useProvidedClient("useQuery");
  const asked = (): Arguments<RegisteredFunctions[N]>[0] | typeof skip => toValue(args);
  const given = (): UseQueryOptions<T, S> => toValue(options);
  const isEnabled = () => toValue(given().enabled) ?? true;
  // One observer for each query: an observer that moved between two could show the one's data under the other's name.
  const observer = useObserver<ObservedQuery<T>>(
    () => [client(), isEnabled(), asked() === skip || hashQueryKey(queryKey(fn, asked()))],
    (last) => createQueryObserver(client(), fn, asked(), { ...given(), enabled: isEnabled() }, last),
  );
  const live = useObserved(observer);
  const data = computed<S | undefined>((before) => {
    const all = live[0].value.data as T | undefined;
    const { select } = given();
    return all === undefined || !select ? (all as S | undefined) : share(before, select(all));
  });
  return awaitable({ ...toRefs(live), data } as Refs<QueryResult<S>>, live);
}
