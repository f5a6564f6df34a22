/** From something that the core observes to an object of reactive getters. What is shared by everything that is shown. */
import { untrack } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import type { Observed } from "@edgepod/core";

/** A value, or what reads it from `$state`, `$derived` and `$props`. */
export type OrGetter<T> = T | (() => T);

export function valueOf<T>(given: OrGetter<T>): T {
  return typeof given === "function" ? (given as () => T)() : given;
}

/**
 * The members of `observed().read()`, each a `$derived` of its own: who reads one isn't called for another. What `change`
 * makes of a member is made anew only when the member has changed, or `$state` that was read in the making.
 *
 * It is subscribed to while an effect reads any of them, and at no other time: not on a server, and in an event handler
 * they are only looked up.
 */
export function live<R extends object, S extends Record<keyof R, unknown> = R & Record<keyof R, unknown>>(
  observed: () => Observed<R>,
  change: { readonly [K in keyof R]?: (value: R[K]) => S[K] } = {},
): S {
  const subscription = $derived(createSubscriber(observed().subscribe));
  const result = $derived.by(() => {
    subscription();
    return observed().read();
  });
  const getters = {} as S;
  for (const name of Object.keys(untrack(() => observed().read())) as (keyof R)[]) {
    const make = change[name] ?? ((value: unknown) => value);
    const member = $derived(result[name]);
    const value = $derived(make(member));
    // Outside of effects nothing would end a subscription, and without one a $derived would keep what was.
    const get = (): unknown => ($effect.tracking() ? value : make(observed().read()[name]));
    Object.defineProperty(getters, name, { enumerable: true, get });
  }
  return getters;
}
