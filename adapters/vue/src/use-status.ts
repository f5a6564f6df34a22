import type { ComputedRef } from "vue";
import type { Observed, Status } from "@edgepod/core";
import { useObserved, useObserver } from "./observed.ts";
import { useProvidedClient } from "./provider.ts";

/**
 * Whether signals reach this client: `connecting` until they first do, then `connected`, and `disconnected` while they
 * don't.
 *
 * @example
 * const status = useStatus();
 * <p v-if="status === 'disconnected'">Offline. This page may be up to half a minute behind.</p>
 *
 * @throws Error where no client is provided.
 */
export function useStatus(): ComputedRef<Status> {
  const client = useProvidedClient("useStatus");
  const read = () => client().status;
  const subscribe = (changed: () => void) => client().subscribe(changed);
  const observe = (): Observed<Status> => ({ read, subscribe });
  return useObserved(useObserver(() => [client()], observe))[0];
}
