import type { Client, RegisteredFunctions } from "@edgepod/core";
import { useProvidedClient } from "./provider.ts";

/**
 * The client itself, for what no other composable does.
 *
 * @example
 * const client = useClient();
 * const logIn = async () => { await signIn(); await client.refreshIdentity(); };
 *
 * @throws Error where no client is provided.
 */
export function useClient(): Client<RegisteredFunctions> {
  return useProvidedClient("useClient")();
}
