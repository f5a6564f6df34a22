/** One answer that travels by itself. Apart from `hydration.ts`, so that a client without it loads no encoding of values. */
import type { QueryClient } from "@tanstack/query-core";

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
