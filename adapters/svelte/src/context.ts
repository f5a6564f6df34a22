/** Gives the client to the components below the one that sets it. */
import { getContext, setContext } from "svelte";
import type { Client, RegisteredFunctions } from "@edgepod/core";

/** For where there is no component around: a module, a test. */
export interface WithClient {
  /** In place of the client in context. */
  readonly client?: Client<RegisteredFunctions> | undefined;
}

const KEY = Symbol("edgepod.client");

/**
 * Puts a client in reach of this component and all below it. Call it while the component initialises, as `setContext`.
 * Make the client once in the browser; on a server once for each request.
 *
 * @example
 * // +layout.svelte
 * const { children } = $props();
 * setEdgePodClient(createClient<typeof functions>({ url: location.origin, apiKey: "ep_pk_…" }));
 */
export function setEdgePodClient(client: Client<RegisteredFunctions>): void {
  setContext(KEY, client);
}

/** The client in reach of `hook`, which says its name in the error. */
export function clientInContext(hook: string): Client<RegisteredFunctions> {
  const way = "Call setEdgePodClient(createClient({ … })) in a component above, such as +layout.svelte";
  let client: Client<RegisteredFunctions> | undefined;
  try {
    client = getContext(KEY);
  } catch (cause) {
    const message = `${hook} found no component. Call it while one initialises, or give it a client: { client }. ${way}.`;
    throw new Error(message, { cause });
  }
  if (client) return client;
  throw new Error(`${hook} found no client. ${way}.`);
}
