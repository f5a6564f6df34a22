/** Gives the client to the components below it. */
import { createComponent, createContext, useContext } from "solid-js";
import type { Context, JSX } from "solid-js";
import type { Client, RegisteredFunctions } from "@edgepod/core";

export interface EdgePodProviderProps {
  readonly client: Client<RegisteredFunctions>;
  readonly children?: JSX.Element;
}

const ClientContext: Context<Client<RegisteredFunctions> | undefined> = createContext<Client<RegisteredFunctions>>();

/**
 * Puts a client in reach of the primitives. Make the client once, outside of any component.
 *
 * @example
 * const client = createClient<typeof functions>({ url: location.origin, apiKey: "ep_pk_…" });
 * render(() => <EdgePodProvider client={client}><App /></EdgePodProvider>, document.body);
 */
export function EdgePodProvider(props: EdgePodProviderProps): JSX.Element {
  return createComponent(ClientContext.Provider, {
    value: props.client,
    get children() {
      return props.children;
    },
  });
}

/** The client in reach of `primitive`, which says its name in the error. */
export function useProvidedClient(primitive: string): Client<RegisteredFunctions> {
  const client = useContext(ClientContext);
  if (client) return client;
  throw new Error(
    `${primitive} found no client. Call it in a component inside <EdgePodProvider client={createClient({ … })}>, and before any await.`,
  );
}
