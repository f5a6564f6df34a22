import type { Client, RegisteredFunctions } from "@edgepod/core";
import { useProvidedClient } from "./provider.ts";

/**
 * The client itself, for what no other hook does: `client.query` in an event handler, `client.refreshIdentity()` after
 * a login.
 *
 * @throws Error outside of an `EdgePodProvider`.
 */
export function useClient(): Client<RegisteredFunctions> {
  return useProvidedClient("useClient");
}
