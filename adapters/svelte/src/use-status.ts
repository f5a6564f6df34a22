import type { Status } from "@edgepod/core";
import { clientInContext } from "./context.ts";
import type { WithClient } from "./context.ts";
import { live } from "./live.svelte.ts";

/**
 * Whether signals reach this client: `connecting` until they first do, then `connected`, and `disconnected` while they
 * don't.
 *
 * @example
 * const status = useStatus();
 * {#if status.current === "disconnected"}<p>Offline. This page may be up to half a minute behind.</p>{/if}
 *
 * @throws Error where no component above has called `setEdgePodClient`.
 */
export function useStatus({ client = clientInContext("useStatus") }: WithClient = {}): { readonly current: Status } {
  const status = {
    read: () => ({ current: client.status }),
    subscribe: (changed: () => void) => client.subscribe(changed),
  };
  return live(() => status);
}
