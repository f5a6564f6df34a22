/** Carries answers from a server that rendered a page to the browser that shows it, so that nothing is fetched twice. */
import { dehydrate as dehydrateQueries, hydrate as hydrateQueries } from "@tanstack/query-core";
import type { QueryClient } from "@tanstack/query-core";
import type { Client } from "./client.ts";
import { KEY_PREFIX } from "./query-key.ts";
import { decodeValue, encodeValue } from "./values.ts";
import type { Encoded } from "./values.ts";

/** Plain JSON. In a page's HTML write `<` as `\u003c`, or an answer could end the script it stands in. */
export type DehydratedState = Encoded;

/** One answer on its way from a server to the browser, for frameworks that send each along with the part that shows it. */
export interface Carried<A> {
  /** On the server: the answer, together with what it read. Fetched unless it is cached; `undefined` where nothing is asked. */
  readonly load: () => Promise<A | undefined>;
  /** In the browser: takes over what `load` gave there. An answer that is here already stays. */
  readonly adopt: (answer: A) => void;
}

/** Carries what is cached under `queryKey`. */
export function carried<A>(
  queryClient: QueryClient,
  queryKey: readonly unknown[],
  enabled: boolean,
  observer: {
    refetch: (how: { throwOnError: boolean; cancelRefetch: boolean }) => Promise<{ readonly data: A | undefined }>;
  },
): Carried<A> {
  const cached = (): A | undefined => queryClient.getQueryData<A>(queryKey);
  return {
    load: async () => {
      // Two that ask the same of a server share one fetch.
      if (enabled && cached() === undefined) await observer.refetch({ throwOnError: true, cancelRefetch: false });
      return cached();
    },
    adopt: (answer) => {
      // As of now, whatever the server's clock said: what it has missed since, the pod tells by its versions.
      if (cached() === undefined) queryClient.setQueryData(queryKey, answer);
    },
  };
}

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
  const queries = decodeValue(state.value, state.types) as Parameters<typeof hydrateQueries>[1];
  hydrateQueries(client.queryClient, queries);
}
