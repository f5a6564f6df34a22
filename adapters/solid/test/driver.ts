/** Mounts Solid's primitives for the suite that every adapter passes. */
import { batch, createComponent, createEffect, createMemo, createSignal, mergeProps } from "solid-js";
import type { Accessor } from "solid-js";
import { render } from "solid-js/web";
import type { Client, MutationResult } from "@edgepod/core";
import type { AdapterDriver, Functions, InfiniteQuery, Mutation, Query, Shown, Use } from "@edgepod/conformance";
import { EdgePodProvider, useInfiniteQuery, useMutation, useQuery, useStatus } from "@edgepod/solid";
import type { InfiniteResource, QueryResource } from "@edgepod/solid";

type Loose = (...parameters: readonly never[]) => unknown;

/** Reads all of `value`, so that whoever calls it hears of every change; a store's rows stay what they are. */
function deep<T>(value: T): T {
  if (Array.isArray(value)) return value.map(deep) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, deep(member)])) as T;
}

/** What a component gets, as plain values. */
function plain(use: Accessor<Use>): Accessor<unknown> {
  const it = use();
  switch (it.use) {
    case "query": {
      const now = use as Accessor<Query>;
      const options = () => now().options ?? {};
      const resource = (useQuery as Loose)(
        it.fn as never,
        (() => now().args) as never,
        options as never,
      ) as QueryResource<unknown>;
      const data = createMemo(() => deep(resource.latest));
      return createMemo(() => ({
        data: data(),
        error: resource.error ?? null,
        isLoading: resource.loading,
        isFetching: resource.isFetching,
        isPlaceholderData: resource.isPlaceholderData,
        refetch: resource.refetch,
      }));
    }
    case "infinite": {
      const now = use as Accessor<InfiniteQuery>;
      const argsOf = (cursor: never) => now().argsOf(cursor);
      const options = mergeProps(() => now().options);
      const list = (useInfiniteQuery as Loose)(
        it.fn as never,
        argsOf as never,
        options as never,
      ) as InfiniteResource<unknown>;
      const pages = createMemo(() => deep(list.latest));
      return createMemo(() => ({
        pages: pages(),
        error: list.error ?? null,
        isLoading: list.loading,
        isFetching: list.isFetching,
        hasNextPage: list.hasNextPage,
        isFetchingNextPage: list.isFetchingNextPage,
        fetchNextPage: list.fetchNextPage,
        refetch: list.refetch,
      }));
    }
    case "mutation": {
      const now = use as Accessor<Mutation>;
      const options = mergeProps(() => now().options ?? {});
      const mutation = (useMutation as Loose)(it.fn as never, options as never) as MutationResult<unknown, never>;
      // By name: of a member that is undefined a store has no key.
      return createMemo(() => ({
        trigger: mutation.trigger,
        isMutating: mutation.isMutating,
        data: mutation.data,
        error: mutation.error,
        reset: mutation.reset,
      }));
    }
    default:
      return useStatus();
  }
}

export const driver: AdapterDriver = {
  framework: "solid",
  knownGaps: [],
  settle: async (begin) => {
    begin?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
  },
  mount: async <U extends readonly Use[]>(client: Client<Functions>, ...first: U) => {
    type All = { readonly [I in keyof U]: Shown<U[I]> };
    const seen: All[] = [];
    const uses = first.map((use) => createSignal<Use>(use));
    const container = document.body.appendChild(document.createElement("div"));
    const Component = () => {
      const all = uses.map(([use]) => plain(use));
      createEffect(() => {
        seen.push(all.map((each) => each()) as All);
      });
      return createMemo(() => JSON.stringify(all.map((each) => each()))) as never;
    };
    const dispose = render(
      () =>
        createComponent(EdgePodProvider, {
          client: client as never,
          get children() {
            return createComponent(Component, {});
          },
        }),
      container,
    );
    return {
      shown: () => seen.at(-1)!,
      seen: () => seen,
      change: async (...next: U) => {
        batch(() => {
          for (const [index, use] of next.entries()) uses[index]?.[1](use);
        });
        await Promise.resolve();
      },
      unmount: async () => {
        dispose();
        container.remove();
      },
    };
  },
};
