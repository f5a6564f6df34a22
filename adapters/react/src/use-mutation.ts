import { useEffect, useMemo, useSyncExternalStore } from "react";
import { createMutationObserver } from "@edgepod/core";
import type {
  Arguments,
  FunctionName,
  MutationObserverOptions,
  MutationResult,
  RegisteredFunctions,
  Result,
} from "@edgepod/core";
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
 * <button onClick={() => trigger({ title: "Water the plants" })} disabled={isMutating}>Add</button>
 *
 * @throws Error outside of an `EdgePodProvider`. A mutation that fails rejects `trigger`'s promise and sets `error`.
 */
export function useMutation<N extends MutationName>(
  fn: N,
  options: UseMutationOptions<N> = {},
): MutationResult<Result<RegisteredFunctions[N]>, Arguments<RegisteredFunctions[N]>> {
  const client = useProvidedClient("useMutation");
  const { read, subscribe, setOptions } = useMemo(() => createMutationObserver(client, fn), [client, fn]);
  useEffect(() => {
    setOptions(options);
  });
  return useSyncExternalStore(subscribe, read, read);
}
