import { toValue } from "vue";
import type { MaybeRefOrGetter } from "vue";
import { createMutationObserver } from "@edgepod/core";
import type { Arguments, FunctionName, MutationObserverOptions, MutationResult } from "@edgepod/core";
import type { RegisteredFunctions, Result } from "@edgepod/core";
import { toRefs, useObserved, useObserver } from "./observed.ts";
import type { Refs } from "./observed.ts";
import { useProvidedClient } from "./provider.ts";

/** A registered function that may be called as a mutation or an action. */
export type MutationName = FunctionName<RegisteredFunctions, "mutation" | "action">;

export type UseMutationOptions<N extends MutationName> = MutationObserverOptions<
  RegisteredFunctions,
  Result<RegisteredFunctions[N]>,
  Arguments<RegisteredFunctions[N]>
>;

/**
 * A mutation to trigger, and the state of its latest run. Whatever it writes is refetched wherever it is looked at.
 *
 * @example
 * const { trigger, isMutating, error } = useMutation("addTask");
 * <button @click="trigger({ title: 'Water the plants' })" :disabled="isMutating">Add</button>
 *
 * @throws Error where no client is provided. A mutation that fails rejects `trigger`'s promise and sets `error`.
 */
export function useMutation<N extends MutationName>(
  fn: N,
  options: MaybeRefOrGetter<UseMutationOptions<N>> = {},
): Refs<MutationResult<Result<RegisteredFunctions[N]>, Arguments<RegisteredFunctions[N]>>> {
  const client = useProvidedClient("useMutation");
  const create = () => createMutationObserver(client(), fn);
  const observer = useObserver(() => [client()], create);
  const live = useObserved(observer);
  return {
    ...toRefs(live),
    trigger: (...args) => {
      observer.value.setOptions(toValue(options));
      return live[0].value.trigger(...args);
    },
  };
}
