import { createMemo } from "solid-js";
import type { Accessor } from "solid-js";
import { createQueryObserver, hashQueryKey, queryKey, skip } from "@edgepod/core";
import type {
  Arguments,
  FunctionName,
  ObservedQuery,
  QueryObserverOptions,
  RegisteredFunctions,
  Result,
} from "@edgepod/core";
import { createLiveResource } from "./live-resource.ts";
import type { LiveResource } from "./live-resource.ts";
import { useProvidedClient } from "./provider.ts";

/** A registered function that may be called as a query. */
export type QueryName = FunctionName<RegisteredFunctions, "query">;

/** A value, or an accessor of one that may change. */
export type Given<T> = T | Accessor<T>;

export interface UseQueryOptions<T, S = T> extends QueryObserverOptions<T> {
  /** What the component needs of the answer. Runs anew when a signal that it reads changes. */
  readonly select?: ((data: T) => S) | undefined;
  /** The member by which `<For>` knows a row again: `id` unless said otherwise, `null` for its place alone. */
  readonly key?: string | null | undefined;
}

/** The answer of a query, as a resource. */
export interface QueryResource<T> extends LiveResource<T> {
  /** What is shown isn't the answer but stands in for it: `placeholderData`, or the answer to the arguments before. */
  readonly isPlaceholderData: boolean;
}

type QueryParameters<A extends readonly unknown[], O> = A extends readonly [infer Args]
  ? [args: Given<Args | typeof skip>, options?: Given<O>]
  : [args?: Given<A[0] | typeof skip>, options?: Given<O>];

/**
 * The answer of a query. Fetches it when it is first looked at, and again whenever a table that it read is written.
 *
 * @example
 * const tasks = useQuery("getTasks", () => ({ project: props.project }));
 * <Suspense fallback="Loading"><For each={tasks()}>{(task) => <li>{task.title}</li>}</For></Suspense>
 *
 * @throws Error outside of an `EdgePodProvider`.
 */
export function useQuery<N extends QueryName, S = Result<RegisteredFunctions[N]>>(
  fn: N,
  ...[args, options]: QueryParameters<
    Arguments<RegisteredFunctions[N]>,
    UseQueryOptions<Result<RegisteredFunctions[N]>, S>
  >
): QueryResource<S> {
  type T = Result<RegisteredFunctions[N]>;
  const client = useProvidedClient("useQuery");
  const argsNow = () => valueOf(args) as Arguments<RegisteredFunctions[N]>[0] | typeof skip;
  const optionsNow = (): UseQueryOptions<T, S> => valueOf(options) ?? {};
  return createLiveResource({
    // Equal arguments, however often they are made anew, are one query.
    key: createMemo(() => {
      const asked = argsNow();
      return `${String(optionsNow().enabled)} ${asked === skip ? "" : hashQueryKey(queryKey(fn, asked))}`;
    }),
    observe: (previous: ObservedQuery<T> | undefined) =>
      createQueryObserver(client, fn, argsNow(), optionsNow(), previous),
    dataOf: ({ data }) => data as T | undefined,
    select: (data: T) => {
      const { select } = optionsNow();
      return select ? select(data) : (data as T & S);
    },
    rowKey: optionsNow().key,
  });
}

function valueOf<T>(given: Given<T>): T {
  return typeof given === "function" ? (given as Accessor<T>)() : given;
}
