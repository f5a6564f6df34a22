import { useMemo, useSyncExternalStore } from "react";
import { createQueryObserver, hashQueryKey, queryKey } from "@edgepod/core";
import type { Arguments, Client, ObservedQuery, QueryResult, RegisteredFunctions, Result } from "@edgepod/core";
import { useProvidedClient } from "./provider.ts";
import type { QueryName } from "./use-query.ts";

export interface UseSuspenseQueryOptions<T, S = T> {
  /** What the component needs of the answer. It renders again only when this has changed. */
  readonly select?: ((data: T) => S) | undefined;
}

/** What a screen sees of a query that has been answered. */
export interface SuspenseQueryResult<T> extends Pick<QueryResult<T>, "error" | "isFetching" | "refetch"> {
  readonly data: T;
}

type SuspenseQueryParameters<A extends readonly unknown[], O> = A extends readonly [infer Args]
  ? [args: Args, options?: O]
  : [args?: A[0], options?: O];

/**
 * The answer of a query, which is always there: the nearest `Suspense` shows its fallback until it is, and the nearest
 * error boundary why it won't be. Refetches in the background do neither.
 *
 * @example
 * const { data: tasks } = useSuspenseQuery("getTasks", { project: 1 });
 *
 * @throws Error outside of an `EdgePodProvider`. EdgePodError where the first fetch failed; a boundary that is reset asks
 * again.
 */
export function useSuspenseQuery<N extends QueryName, S = Result<RegisteredFunctions[N]>>(
  fn: N,
  ...[args, options = {}]: SuspenseQueryParameters<
    Arguments<RegisteredFunctions[N]>,
    UseSuspenseQueryOptions<Result<RegisteredFunctions[N]>, S>
  >
): SuspenseQueryResult<S> {
  const client = useProvidedClient("useSuspenseQuery");
  const { select } = options;
  const hash = hashQueryKey(queryKey(fn, args));
  const observed = useMemo(
    () => createQueryObserver(client, fn, args as Arguments<RegisteredFunctions[N]>[0]),
    // oxlint-disable-next-line react/exhaustive-deps -- the hash says which arguments
    [client, fn, hash],
  );
  const read = (): QueryResult<S> => observed.read(select);
  const { data, error, isFetching, refetch } = useSyncExternalStore(observed.subscribe, read, read);
  if (data !== undefined) return { data, error, isFetching, refetch };
  if (error && !isFetching) throw error;
  // oxlint-disable-next-line typescript/only-throw-error -- it is how React 18 is told to wait
  throw firstAnswer(client, hash, observed);
}

/** The first answer of a query on its way, or why there is none. */
interface Wait {
  readonly promise: Promise<void>;
  error?: unknown;
}

/** Kept here, for React throws away whatever a component that waits has made. */
const waits = new WeakMap<object, Map<string, Wait>>();

/** What to throw: a promise to wait for, or why waiting for it was in vain. */
function firstAnswer<T>(client: Client<RegisteredFunctions>, hash: string, { load }: ObservedQuery<T>): unknown {
  const ofClient = waits.get(client) ?? new Map<string, Wait>();
  waits.set(client, ofClient);
  const forget = (): void => {
    ofClient.delete(hash);
  };
  const running = ofClient.get(hash);
  if (running) {
    // React renders what has failed once more in the same turn, and it has to fail again. After that, who asks, asks anew.
    if (running.error !== undefined) setTimeout(forget);
    return running.error ?? running.promise;
  }
  const { generation } = client;
  const wait: Wait = {
    promise: load().then(forget, (error: unknown) => {
      // Somebody else has logged in meanwhile: whoever still waits asks in their name.
      if (generation.aborted) forget();
      else wait.error = error;
    }),
  };
  ofClient.set(hash, wait);
  return wait.promise;
}
