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
    let shown: unknown[] = [];
    let renders = 0;
    const rendered = (now: unknown[]): void => {
      if (now.some((value, index) => !isSame(value, shown[index]))) renders += 1;
      shown = now;
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
      shown: () => shown as { readonly [I in keyof U]: Shown<U[I]> },
      renders: () => renders,
      change: async (...next: U) => {
        uses = next;
        flushSync();
      },
      unmount: () => unmount(page),
    };
  },
};

/** Getters have no identity as a whole: what they give is compared. */
function isSame(next: unknown, before: unknown): boolean {
  if (typeof next !== "object" || next === null) return next === before;
  const last = (before ?? {}) as Record<string, unknown>;
  return Object.entries(next).every(([name, value]) => Object.is(value, last[name]));
}
