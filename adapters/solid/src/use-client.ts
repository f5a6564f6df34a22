import type { Client, RegisteredFunctions } from "@edgepod/core";
import { useProvidedClient } from "./provider.ts";

/**
 * The client itself, for what no other primitive does.
 *
 * @example
 * const client = useClient();
 * <button onClick={() => void client.refreshIdentity()}>Log out</button>
 *
 * @throws Error outside of an `EdgePodProvider`.
 */
export function useClient(): Client<RegisteredFunctions> {
  return useProvidedClient("useClient");
}
