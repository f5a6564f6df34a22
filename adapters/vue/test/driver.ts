/** Mounts Vue's composables for the suite that every adapter passes. */
import { createApp, defineComponent, h, nextTick, shallowRef, unref } from "vue";
import type { Client } from "@edgepod/core";
import type { AdapterDriver, Functions, InfiniteQuery, Query, Shown, Use } from "@edgepod/conformance";
import { createEdgePod, useInfiniteQuery, useMutation, useQuery, useStatus } from "@edgepod/vue";

type Loose = (...parameters: readonly never[]) => unknown;

/** `now` gives what is used at present: other arguments and options, but always the same function. */
function use(now: () => Use): unknown {
  const it = now();
  if (it.use === "status") return useStatus();
  const options = () => (now() as Query).options ?? {};
  if (it.use === "mutation") return (useMutation as Loose)(it.fn as never, options as never);
  const args = () => (now() as Query).args;
  if (it.use === "query") return (useQuery as Loose)(it.fn as never, args as never, options as never);
  const argsOf = (cursor: never) => (now() as InfiniteQuery).argsOf(cursor);
  return (useInfiniteQuery as Loose)(it.fn as never, argsOf as never, options as never);
}

/** Refs as the values that a template sees. */
function plain(used: unknown): unknown {
  if (typeof unref(used) !== "object") return unref(used);
  return Object.fromEntries(
    Object.entries(used as object)
      .filter(([name]) => name !== "then")
      .map(([name, member]) => [name, unref<unknown>(member)]),
  );
}

export const driver: AdapterDriver = {
  framework: "vue",
  knownGaps: [],
  settle: async (begin) => {
    begin?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
    await nextTick();
  },
  mount: async <U extends readonly Use[]>(client: Client<Functions>, ...first: U) => {
    const uses = shallowRef<readonly Use[]>(first);
    type All = { readonly [I in keyof U]: Shown<U[I]> };
    const seen: All[] = [];
    const Component = defineComponent(() => {
      const used = first.map((_, index) => use(() => uses.value[index] ?? first[index]!));
      return () => {
        const now = used.map(plain);
        seen.push(now as All);
        return h("p", JSON.stringify(now));
      };
    });
    const container = document.body.appendChild(document.createElement("div"));
    const app = createApp(Component).use(createEdgePod({ client: client as never }));
    app.mount(container);
    await nextTick();
    return {
      shown: () => seen.at(-1)!,
      seen: () => seen,
      change: async (...next) => {
        uses.value = next;
        await nextTick();
      },
      unmount: async () => {
        app.unmount();
        container.remove();
      },
    };
  },
};
