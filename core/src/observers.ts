/**
 * What an adapter builds on: one observed query, one observed mutation, in terms that every framework can translate.
 * Keeps query-core a dependency of this package alone.
 */
import { MutationObserver, QueryObserver, notifyManager } from "@tanstack/query-core";
import type { MutationObserverResult, QueryObserverResult } from "@tanstack/query-core";
import type { CachedAnswer } from "./answers.ts";
import type { Client, QueryOptions } from "./client.ts";
import type { EdgePodError } from "./protocol/index.ts";

/** The state of an observed query. */
export type QueryResult<T> = QueryObserverResult<T, EdgePodError>;

/** A query that somebody looks at. */
export interface ObservedQuery<T> {
  /** What to show now for `options`, whether or not they have been set yet. */
  read(options: QueryOptions<T>): QueryResult<T>;
  /** Watches another query from now on. */
  setOptions(options: QueryOptions<T>): void;
  /** Fetches if needed, and calls `changed` after every change. Returns what ends that. */
  subscribe(changed: () => void): () => void;
}

/** Observes the query that `client.queryOptions` describes. */
export function createQueryObserver<F extends object, T>(client: Client<F>, options: QueryOptions<T>): ObservedQuery<T> {
  const complete = (given: QueryOptions<T>) => ({
    ...client.queryClient.defaultQueryOptions(given),
    // What is read while rendering is what the fetch that follows will have begun.
    _optimisticResults: "optimistic" as const,
  });
  const observer = new QueryObserver<CachedAnswer<T>, EdgePodError, T, CachedAnswer<T>>(
    client.queryClient,
    complete(options),
  );
  return {
    read: (given) => observer.getOptimisticResult(complete(given)),
    setOptions: (given) => {
      observer.setOptions(complete(given));
    },
    subscribe: (changed) => {
      const unsubscribe = observer.subscribe(notifyManager.batchCalls(changed));
      // What changed between reading and subscribing would otherwise be seen at the next change only.
      observer.updateResult();
      return unsubscribe;
    },
  };
}

/** The state of an observed mutation. */
export type MutationResult<T, A> = MutationObserverResult<T, EdgePodError, A>;

/** A mutation that somebody triggers and looks at. */
export interface ObservedMutation<T, A> {
  read(): MutationResult<T, A>;
  trigger(args: A): Promise<T>;
  reset(): void;
  subscribe(changed: () => void): () => void;
}

/** Observes a mutation whose every trigger runs `run`. */
export function createMutationObserver<F extends object, T, A>(
  client: Client<F>,
  run: (args: A) => Promise<T>,
): ObservedMutation<T, A> {
  const observer = new MutationObserver<T, EdgePodError, A>(client.queryClient, { mutationFn: run });
  return {
    read: () => observer.getCurrentResult(),
    trigger: (args) => observer.mutate(args),
    reset: () => {
      observer.reset();
    },
    subscribe: (changed) => observer.subscribe(notifyManager.batchCalls(changed)),
  };
}
