/** Which pod's answers a cache holds: they are kept under their function's name, which another pod may have too. */
import type { QueryClient } from "@tanstack/query-core";

const owners = new WeakMap<QueryClient, string>();

/**
 * The cache is for answers from behind `url` from now on, also after a client of it was closed.
 *
 * @throws TypeError when it is for another's already.
 */
export function claim(queryClient: QueryClient, url: string): void {
  const owner = owners.get(queryClient) ?? url;
  if (owner !== url) {
    throw new TypeError(
      `The QueryClient holds answers from ${owner}, which would be taken for those from ${url}. Give each client its own.`,
    );
  }
  owners.set(queryClient, url);
}
