/** Gives the client to the components below it. */
import { createContext, createElement, useContext } from "react";
import type { Context, ReactElement, ReactNode } from "react";
import type { Client, RegisteredFunctions } from "@edgepod/core";

export interface EdgePodProviderProps {
  readonly client: Client<RegisteredFunctions>;
  readonly children?: ReactNode;
}

const ClientContext: Context<Client<RegisteredFunctions> | null> = createContext<Client<RegisteredFunctions> | null>(
  null,
);
ClientContext.displayName = "EdgePod";

/**
 * Puts a client in reach of the hooks. Make the client once, outside of any component.
 *
 * @example
 * const client = createClient<typeof functions>({ url: location.origin, apiKey: "ep_pk_…" });
 * root.render(<EdgePodProvider client={client}><App /></EdgePodProvider>);
 */
export function EdgePodProvider({ client, children }: EdgePodProviderProps): ReactElement {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** The client in reach of `hook`, which says its name in the error. */
export function useProvidedClient(hook: string): Client<RegisteredFunctions> {
  const client = useContext(ClientContext);
  if (client) return client;
  throw new Error(
    `${hook} found no client. Render the component inside <EdgePodProvider client={createClient({ … })}>.`,
  );
}
