import type { Client, RegisteredFunctions } from "@edgepod/core";
import { clientInContext } from "./context.ts";

/**
 * The client itself, for what no other hook does: `client.query` in an event handler, `client.refreshIdentity()` after
 * a login.
 *
 * @example
 * const client = useClient();
 * const copy = async () => navigator.clipboard.writeText(JSON.stringify(await client.query("getTasks")));
 *
 * @throws Error where no component above has called `setEdgePodClient`.
 */
export function useClient(): Client<RegisteredFunctions> {
  return clientInContext("useClient");
}
