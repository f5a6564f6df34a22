/**
 * What an adapter translates: one observed query, one observed mutation, as a state to read and a change to hear of.
 * Keeps query-core a dependency of this package alone.
 */
import { MutationObserver, QueryObserver, notifyManager } from "@tanstack/query-core";
import type { CachedAnswer } from "./answers.ts";
import type { Client, QueryOptions } from "./client.ts";
import type { Arguments, FunctionName, Result } from "./functions.ts";
import type { EdgePodError } from "./protocol/index.ts";

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
  /** Fetches now, fresh or not. Resolves when the answer is here; where that fails, `error` says so. */
  readonly refetch: () => Promise<void>;
}

/** What a screen sees of a mutation, and does with it. */
export interface MutationResult<T, A extends readonly unknown[]> {
  /** Runs it. Rejects when it fails; whoever doesn't wait for it reads `error`. */
  readonly trigger: (...args: A) => Promise<T>;
  /** The latest `trigger` is still running. */
  readonly isMutating: boolean;
  /** What the latest `trigger` gave back. */
  readonly data: T | undefined;
  /** Why the latest `trigger` failed, or `null`. */
  readonly error: EdgePodError | null;
  /** Forgets `data` and `error`. */
  readonly reset: () => void;
}

/** Something that is looked at. */
export interface Observed<R> {
  /** What to show now. The same object for as long as nothing in it has changed. */
  readonly read: () => R;
  /** Calls `changed` after every change. Returns what ends that. */
  readonly subscribe: (changed: () => void) => () => void;
}

/** Observes one query. It is fetched when somebody subscribes, unless what is cached is fresh or `enabled` is false. */
export function createQueryObserver<F extends object, T>(
  client: Client<F>,
  options: QueryOptions<T>,
): Observed<QueryResult<T>> {
  const complete = {
    ...client.queryClient.defaultQueryOptions(options),
    // Before anybody subscribes, the state already says what subscribing will begin: no flash of "not fetching".
    _optimisticResults: "optimistic" as const,
  };
  const observer = new QueryObserver<CachedAnswer<T>, EdgePodError, T, CachedAnswer<T>>(client.queryClient, complete);
  const refetch = async (): Promise<void> => {
    await observer.refetch();
  };
  const keep = keepWhileEqual<QueryResult<T>>();
  return {
    read: () => {
      const { data, error, isLoading, isFetching } = observer.getOptimisticResult(complete);
      return keep({ data, error, isLoading, isFetching, refetch });
    },
    subscribe: (changed) => tellTogether((tell) => observer.subscribe(tell), changed),
  };
}

/** Observes a mutation or an action: the latest of its triggers. */
export function createMutationObserver<F extends object, N extends FunctionName<F, "mutation" | "action">>(
  client: Client<F>,
  fn: N,
): Observed<MutationResult<Result<F[N]>, Arguments<F[N]>>> {
  const observer = new MutationObserver<Result<F[N]>, EdgePodError, Arguments<F[N]>>(client.queryClient, {
    mutationFn: (args) => client.mutate(fn, ...args),
    // Only the transport knows whether the pod can be reached: without a network there may still be a local one.
    networkMode: "always",
  });
  const trigger = (...args: Arguments<F[N]>): Promise<Result<F[N]>> => {
    const running = observer.mutate(args.filter((arg) => !isEvent(arg)) as Arguments<F[N]>);
    // The failure is in `error`. Without this it would also be an unhandled rejection wherever nobody awaits.
    running.catch(() => undefined);
    return running;
  };
  const reset = (): void => {
    observer.reset();
  };
  const keep = keepWhileEqual<MutationResult<Result<F[N]>, Arguments<F[N]>>>();
  return {
    read: () => {
      const { data, error, isPending } = observer.getCurrentResult();
      return keep({ trigger, isMutating: isPending, data, error, reset });
    },
    subscribe: (changed) => observer.subscribe(notifyManager.batchCalls(changed)),
  };
}

/** `onClick={trigger}` hands over the event: the browser's, or React's around it. It is nobody's argument. */
function isEvent(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "nativeEvent" in value || (typeof Event !== "undefined" && value instanceof Event);
}

/** Gives back the last object again while every member of the next one is the same. */
function keepWhileEqual<R extends object>(): (next: R) => R {
  let last: R | undefined;
  return (next) => {
    const before = last;
    const isSame = before && (Object.keys(next) as (keyof R)[]).every((name) => Object.is(before[name], next[name]));
    return isSame ? before : (last = next);
  };
}

/** Who is to be told after this turn. */
const changes = new Set<() => void>();

/** Answers that came together reach the cache one after another in one turn. Their screens are told of all of them at once. */
function tellTogether(subscribe: (changed: () => void) => () => void, changed: () => void): () => void {
  const tell = (): void => {
    changed();
  };
  const unsubscribe = subscribe(() => {
    changes.add(tell);
    // Each asks for it, and the first that comes tells all: nobody depends on another's timer.
    notifyManager.schedule(tellAll);
  });
  return () => {
    changes.delete(tell);
    unsubscribe();
  };
}

function tellAll(): void {
  const told = [...changes];
  changes.clear();
  for (const tell of told) tell();
}
