import type { Accessor } from "solid-js";
import type { Status } from "@edgepod/core";
import { createObserved } from "./observed.ts";
import { useProvidedClient } from "./provider.ts";

/**
 * Whether signals reach this client: `connecting` until they first do, then `connected`, and `disconnected` while they
 * don't.
 *
 * @example
 * const status = useStatus();
 * <Show when={status() === "disconnected"}>Offline. This page may be up to half a minute behind.</Show>
 *
 * @throws Error outside of an `EdgePodProvider`.
 */
export function useStatus(): Accessor<Status> {
  const client = useProvidedClient("useStatus");
  return createObserved({ read: () => client.status, subscribe: (changed) => client.subscribe(changed) })[0];
}
