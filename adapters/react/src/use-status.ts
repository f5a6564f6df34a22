import { useCallback, useSyncExternalStore } from "react";
import type { Status } from "@edgepod/core";
import { useProvidedClient } from "./provider.ts";

/**
 * Whether signals reach this client: `connecting` until they first do, then `connected`, and `disconnected` while they
 * don't.
 *
 * @example
 * {useStatus() === "disconnected" && <p>Offline. This page may be up to half a minute behind.</p>}
 *
 * @throws Error outside of an `EdgePodProvider`.
 */
export function useStatus(): Status {
  const client = useProvidedClient("useStatus");
  const subscribe = useCallback((changed: () => void) => client.subscribe(changed), [client]);
  const read = (): Status => client.status;
  return useSyncExternalStore(subscribe, read, read);
}
