import { createMutationObserver } from "@edgepod/core";
import type {
  Arguments,
  FunctionName,
  MutationObserverOptions,
  MutationResult,
  RegisteredFunctions,
  Result,
} from "@edgepod/core";
import { createMirror, createObserved } from "./observed.ts";
import { useProvidedClient } from "./provider.ts";

/** A registered function that may be called as a mutation or an action. */
export type MutationName = FunctionName<RegisteredFunctions, "mutation" | "action">;

export type UseMutationOptions<N extends MutationName> = MutationObserverOptions<
  RegisteredFunctions,
  Result<RegisteredFunctions[N]>,
  Arguments<RegisteredFunctions[N]>
>;

/**
 * A mutation to trigger, and the state of its latest run, as a store. Whatever it writes is refetched wherever it is
 * looked at.
 *
 * @example
 * const addTask = useMutation("addTask");
 * <button onClick={() => addTask.trigger({ title: "Water the plants" })} disabled={addTask.isMutating}>Add</button>
 *
 * @throws Error outside of an `EdgePodProvider`. A mutation that fails rejects `trigger`'s promise and sets `error`.
 */
export function useMutation<N extends MutationName>(
  fn: N,
  options?: UseMutationOptions<N>,
): MutationResult<Result<RegisteredFunctions[N]>, Arguments<RegisteredFunctions[N]>> {
  const observed = createMutationObserver(useProvidedClient("useMutation"), fn, options);
  return createMirror(createObserved(observed)[0])[0];
}
