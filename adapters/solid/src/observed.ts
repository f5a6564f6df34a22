/** States of core's in Solid's terms: as a signal, and as a store whose rows keep their identity. */
import { batch, createComputed, createSignal, onCleanup, untrack } from "solid-js";
import type { Accessor } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { isServer } from "solid-js/web";
import type { Observed } from "@edgepod/core";

/** The state as a signal, and what reads it anew. Nothing is subscribed on a server, nor while `isHeld`. */
export function createObserved<R>(
  { read, subscribe }: Observed<R>,
  isHeld: Accessor<boolean> = () => false,
): [state: Accessor<R>, update: () => void] {
  const [state, setState] = createSignal(read());
  const update = (): void => void setState(() => read());
  createComputed(() => {
    if (!isServer && !isHeld()) onCleanup(subscribe(() => inOneBatch(update)));
  });
  return [state, update];
}

/**
 * The state as a store, and what brings it up to date before Solid would. Each member is heard of alone, and a row whose
 * `key` is the same stays the same row.
 */
export function createMirror<R extends object>(
  state: Accessor<R>,
  key: string | null = "id",
): [mirror: R, update: () => void] {
  let last = untrack(state);
  const [mirror, setMirror] = createStore(copy(last) as Record<string, unknown>);
  const update = (): void => {
    const next = state();
    batch(() => {
      for (const name of Object.keys(next) as (keyof R & string)[])
        if (!Object.is(next[name], last[name])) setMirror(name, reconcile<unknown, unknown>(copy(next[name]), { key }));
    });
    last = next;
  };
  createComputed(update);
  return [mirror as R, () => untrack(update)];
}

/** A store changes its rows in place, and those in the cache are everybody's. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  const prototype: unknown = typeof value === "object" && value !== null && Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value as object).map(([name, member]) => [name, copy(member)]));
}

const updates = new Set<() => void>();

/** Answers that came together are told of one after another. No effect runs between them. */
function inOneBatch(update: () => void): void {
  if (updates.size === 0) {
    queueMicrotask(() => {
      const all = [...updates];
      updates.clear();
      batch(() => {
        for (const each of all) each();
      });
    });
  }
  updates.add(update);
}
