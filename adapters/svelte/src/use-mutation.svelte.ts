import { untrack } from "svelte";
import { createMutationObserver } from "@edgepod/core";
import type {
  Arguments,
  FunctionName,
  MutationObserverOptions,
  MutationResult,
  RegisteredFunctions,
  Result,
} from "@edgepod/core";
import { clientInContext } from "./context.ts";
import type { WithClient } from "./context.ts";
import { live, valueOf } from "./live.svelte.ts";
import type { OrGetter } from "./live.svelte.ts";

/** A registered function that may be called as a mutation or an action. */
export type MutationName = FunctionName<RegisteredFunctions, "mutation" | "action">;

export type UseMutationOptions<N extends MutationName> = WithClient &
  MutationObserverOptions<RegisteredFunctions, Result<RegisteredFunctions[N]>, Arguments<RegisteredFunctions[N]>>;

/**
 * A mutation to trigger, and the state of its latest run. Whatever it writes is refetched wherever it is looked at.
 *
 * @example
 * const addTask = useMutation("addTask");
 * <button onclick={() => addTask.trigger({ title: "Water the plants" })} disabled={addTask.isMutating}>Add</button>
 *
 * @throws Error where no component above has called `setEdgePodClient`. A mutation that fails rejects `trigger`'s promise
 * and sets `error`.
 */
export function useMutation<N extends MutationName>(
  fn: N,
  options: OrGetter<UseMutationOptions<N>> = {},
): MutationResult<Result<RegisteredFunctions[N]>, Arguments<RegisteredFunctions[N]>> {
  const client = untrack(() => valueOf(options)).client ?? clientInContext("useMutation");
  const { read, subscribe, setOptions } = createMutationObserver(client, fn);
  const trigger: ReturnType<typeof read>["trigger"] = (...args) => {
    setOptions(untrack(() => valueOf(options)));
    // As they are now: a form that is emptied in the next line would be sent empty.
    const now = args.map((arg: unknown) => (arg instanceof Event ? arg : $state.snapshot(arg)));
    return untrack(read).trigger(...(now as typeof args));
  };
  return live(() => ({ subscribe, read: () => ({ ...read(), trigger }) }));
}
