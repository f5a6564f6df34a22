/** Carries answers from a server that rendered a page to the browser that shows it, so that nothing is fetched twice. */
import { dehydrate as dehydrateQueries, hydrate as hydrateQueries } from "@tanstack/query-core";
import type { DehydratedState as DehydratedQueries } from "@tanstack/query-core";
import type { Client } from "./client-types.ts";
import { KEY_PREFIX } from "./query-key.ts";
import { decodeValue, encodeValue } from "./values.ts";
import type { Encoded } from "./values.ts";

type DehydratedQuery = DehydratedQueries["queries"][number];

/** Plain JSON. In a page's HTML write `<` as `\u003c`, or an answer could end the script it stands in. */
export type DehydratedState = Encoded;

/**
 * What a client knows, to be sent along with what was rendered from it.
 *
 * @example
 * await client.prefetch("getTasks", { project: 1 });
 * const html = renderToString(<App client={client} />);
 * const state = JSON.stringify(dehydrate(client)).replaceAll("<", "\\u003c");
 */
export function dehydrate<F extends object>(client: Client<F>): DehydratedState {
  return encodeValue(
    dehydrateQueries(client.queryClient, {
      shouldDehydrateMutation: () => false,
      shouldDehydrateQuery: ({ queryKey, state }) => queryKey[0] === KEY_PREFIX && state.status === "success",
    }),
  );
}

/**
 * Gives a client what another one knew. Its screens show it at once; the pod is asked only for what has changed since.
 * Newer answers that the client already has are kept.
 *
 * @example
 * const client = createClient<typeof functions>({ url: location.origin, apiKey: "ep_pk_…" });
 * hydrate(client, window.__EDGEPOD__);
 */
export function hydrate<F extends object>(client: Client<F>, state: DehydratedState): void {
  const { queries = [] } = decodeValue(state.value, state.types) as { readonly queries?: readonly DehydratedQuery[] };
  const cache = client.queryClient.getQueryCache();
  hydrateQueries(client.queryClient, {
    mutations: [],
    queries: queries.map((query) => {
      if (cache.get(query.queryHash)?.state.data !== undefined) return query;
      // As of now, whatever the server's clock said: what it has missed since, the pod tells by its versions.
      return { ...query, state: { ...query.state, dataUpdatedAt: Date.now() } };
    }),
  });
}
