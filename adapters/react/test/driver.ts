/** Mounts React's hooks for the suite that every adapter passes. */
import { createElement, useLayoutEffect } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import type { Client } from "@edgepod/core";
import type { AdapterDriver, Functions, Shown, Use } from "@edgepod/conformance";
import { EdgePodProvider, useInfiniteQuery, useMutation, useQuery, useStatus } from "@edgepod/react";

type Loose = (...parameters: readonly never[]) => unknown;

// oxlint-disable react/hooks -- which hook is called never changes while a component lives
function useIt(it: Use): unknown {
  switch (it.use) {
    case "query":
      return (useQuery as Loose)(it.fn as never, it.args as never, it.options as never);
    case "infinite":
      return (useInfiniteQuery as Loose)(it.fn as never, it.argsOf as never, it.options as never);
    case "mutation":
      return (useMutation as Loose)(it.fn as never, it.options as never);
    case "status":
      return useStatus();
    default:
      return it satisfies never;
  }
}
// oxlint-enable react/hooks

export const driver: AdapterDriver = {
  framework: "react",
  knownGaps: [],
  // Without `act`, which would keep renderings back until several of them are one.
  settle: async (begin) => {
    begin?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
  },
  mount: async <U extends readonly Use[]>(client: Client<Functions>, ...first: U) => {
    type All = { readonly [I in keyof U]: Shown<U[I]> };
    const seen: All[] = [];
    function Component({ uses }: { readonly uses: readonly Use[] }) {
      // oxlint-disable-next-line react/rules-of-hooks -- as many of them at every render
      const now = uses.map((it) => useIt(it));
      useLayoutEffect(() => {
        seen.push(now as All);
      });
      return createElement("p", null, JSON.stringify(now));
    }
    const container = document.body.appendChild(document.createElement("div"));
    const root = createRoot(container);
    const show = async (...uses: U): Promise<void> => {
      flushSync(() => {
        root.render(createElement(EdgePodProvider, { client: client as never }, createElement(Component, { uses })));
      });
    };
    await show(...first);
    return {
      shown: () => seen.at(-1)!,
      seen: () => seen,
      change: show,
      unmount: async () => {
        root.unmount();
        container.remove();
      },
    };
  },
};
