/** Mounts React's hooks for the suite that every adapter passes. */
import { act, createElement, useEffect } from "react";
import { createRoot } from "react-dom/client";
import type { Client } from "@edgepod/core";
import type { AdapterDriver, Functions, Shown, Use } from "@edgepod/conformance";
import { EdgePodProvider, useInfiniteQuery, useMutation, useQuery, useStatus } from "@edgepod/react";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

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
  settle: (begin) =>
    act(async () => {
      begin?.();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }),
  mount: async <U extends readonly Use[]>(client: Client<Functions>, ...first: U) => {
    let shown: unknown[] = [];
    let renders = 0;
    function Component({ uses }: { readonly uses: readonly Use[] }) {
      // oxlint-disable-next-line react/rules-of-hooks -- as many of them at every render
      const now = uses.map((it) => useIt(it));
      useEffect(() => {
        if (now.some((value, index) => value !== shown[index])) renders += 1;
        shown = now;
      });
      return createElement("p", null, JSON.stringify(now));
    }
    const container = document.body.appendChild(document.createElement("div"));
    const root = createRoot(container);
    const show = (...uses: U) =>
      act(async () => {
        root.render(createElement(EdgePodProvider, { client: client as never }, createElement(Component, { uses })));
      });
    await show(...first);
    return {
      shown: () => shown as { readonly [I in keyof U]: Shown<U[I]> },
      renders: () => renders,
      change: show,
      unmount: () =>
        act(async () => {
          root.unmount();
          container.remove();
        }),
    };
  },
};
