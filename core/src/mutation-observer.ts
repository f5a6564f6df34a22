/** One observed mutation or action: the state of its latest run, what to show while it runs, and what to do afterwards. */
import { MutationObserver } from "@tanstack/query-core";
import type { Client } from "./client-types.ts";
import type { Arguments, FunctionName, Result } from "./functions.ts";
import { keepWhileEqual, tellTogether } from "./notify.ts";
import type { Observed } from "./notify.ts";
import type { OptimisticScreen } from "./optimistic.ts";
import type { EdgePodError } from "./protocol/index.ts";

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

/** What goes with every run, whether or not the screen that triggered it is still there. */
export interface MutationObserverOptions<F, T, A extends readonly unknown[]> {
  /** What to show until the pod has answered, as `screen.update("getTasks", (tasks) => [...tasks, task])`. */
  readonly optimistic?: ((screen: OptimisticScreen<F>, ...args: A) => void) | undefined;
  readonly onSuccess?: ((data: T, ...args: A) => void | Promise<void>) | undefined;
  readonly onError?: ((error: EdgePodError, ...args: A) => void | Promise<void>) | undefined;
  readonly onSettled?: ((...args: A) => void | Promise<void>) | undefined;
}

/** A mutation that is looked at. */
export interface ObservedMutation<F, T, A extends readonly unknown[]> extends Observed<MutationResult<T, A>> {
  /** Says what goes with the next runs: a screen's callbacks change with it. */
  readonly setOptions: (options: MutationObserverOptions<F, T, A>) => void;
}

/** Observes a mutation or an action: the latest of its triggers. */
export function createMutationObserver<F extends object, N extends FunctionName<F, "mutation" | "action">>(
  client: Client<F>,
  fn: N,
  options: MutationObserverOptions<F, Result<F[N]>, Arguments<F[N]>> = {},
): ObservedMutation<F, Result<F[N]>, Arguments<F[N]>> {
  type T = Result<F[N]>;
  type A = Arguments<F[N]>;
  let latest = options;
  const observer = new MutationObserver<T, EdgePodError, A>(client.queryClient, {
    mutationFn: async (args) => {
      const { optimistic, onSuccess, onError, onSettled } = latest;
      const shown =
        optimistic &&
        ((screen: OptimisticScreen<F>) => {
          optimistic(screen, ...args);
        });
      try {
        const running = client.run(fn, args[0], shown && { optimistic: shown });
        const data = (await running.catch(async (error: EdgePodError) => {
          await onError?.(error, ...args);
          throw error;
        })) as T;
        await onSuccess?.(data, ...args);
        return data;
      } finally {
        await onSettled?.(...args);
      }
    },
    // Only the transport knows whether the pod can be reached: without a network there may still be a local one.
    networkMode: "always",
  });
  const trigger = (...args: A): Promise<T> => {
    const running = observer.mutate(args.filter((arg) => !isEvent(arg)) as A);
    // The failure is in `error`. Without this it would also be an unhandled rejection wherever nobody awaits.
    running.catch(() => undefined);
    return running;
  };
  const reset = (): void => {
    observer.reset();
  };
  const keep = keepWhileEqual<MutationResult<T, A>>();
  return {
    read: () => {
      const { data, error, isPending } = observer.getCurrentResult();
      return keep({ trigger, isMutating: isPending, data, error, reset });
    },
    subscribe: (changed) => {
      const endReset = onEveryEnd(() => client.generation, reset);
      const endTelling = tellTogether([observer], changed);
      return () => {
        endReset();
        endTelling();
      };
    },
    setOptions: (next) => {
      latest = next;
    },
  };
}

/** Calls `ended` at the end of this generation and of each that follows: what one user did is nothing for the next one's eyes. */
function onEveryEnd(generation: () => AbortSignal, ended: () => void): () => void {
  const stop = new AbortController();
  const listen = (): void => {
    const next = (): void => {
      ended();
      listen();
    };
    generation().addEventListener("abort", next, { once: true, signal: stop.signal });
  };
  listen();
  return () => {
    stop.abort();
  };
}

/** `onClick={trigger}` hands over the event: the browser's, or React's around it. It is nobody's argument. */
function isEvent(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "nativeEvent" in value || (typeof Event !== "undefined" && value instanceof Event);
}
