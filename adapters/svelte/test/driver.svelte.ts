/** Mounts Svelte's runes for the suite that every adapter passes. */
import { flushSync, mount, unmount } from "svelte";
import type { Client } from "@edgepod/core";
import type { AdapterDriver, Functions, Shown, Use } from "@edgepod/conformance";
import Uses from "./Uses.svelte";

export const driver: AdapterDriver = {
  framework: "svelte",
  knownGaps: [],
  settle: async (begin) => {
    begin?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
    flushSync();
  },
  mount: async <U extends readonly Use[]>(client: Client<Functions>, ...first: U) => {
    let uses: readonly Use[] = $state.raw(first);
    type All = { readonly [I in keyof U]: Shown<U[I]> };
    const seen: All[] = [];
    const rendered = (now: unknown[]): void => {
      seen.push(now as All);
    };
    const props = {
      client,
      rendered,
      get uses() {
        return uses;
      },
    };
    const page = mount(Uses, { target: document.body, props });
    flushSync();
    return {
      shown: () => seen.at(-1)!,
      seen: () => seen,
      change: async (...next: U) => {
        uses = next;
        flushSync();
      },
      unmount: () => unmount(page),
    };
  },
};
