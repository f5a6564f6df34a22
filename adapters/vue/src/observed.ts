/** Turns what the core observes into refs. Nothing is subscribed to on a server: nobody would ever end it. */
import { computed, getCurrentInstance, onServerPrefetch, shallowRef, triggerRef, watch } from "vue";
import type { ComputedRef } from "vue";
import type { Observed, QueryResult } from "@edgepod/core";
import { isOnServer } from "./provider.ts";

type AnyFunction = (...parameters: never[]) => unknown;

/** The members of a state: functions as they are, anything else as a ref. */
export type Refs<R> = { readonly [K in keyof R]: R[K] extends AnyFunction ? R[K] : ComputedRef<R[K]> };

/** Refs at once; awaited, they come with the first answer or its failure. */
export type Awaitable<S> = S & PromiseLike<S>;

/** The state of what is observed, and what has it read again. */
type Live<R> = readonly [state: ComputedRef<R>, changed: () => void];

/**
 * What `create` gives back, and something new only when a part of what `identify` lists has changed. Made when it is
 * read, so that a screen never shows one query's data beside another one's name. The first part is the client: what
 * was observed of another one is nobody's `last`.
 */
export function useObserver<O>(identify: () => readonly unknown[], create: (last?: O) => O): ComputedRef<O> {
  let identity: readonly unknown[] = [];
  return computed<O>((last) => {
    const next = identify();
    if (last !== undefined && next.every((part, index) => Object.is(part, identity[index]))) return last;
    const previous = Object.is(next[0], identity[0]) ? last : undefined;
    identity = next;
    return create(previous);
  });
}

/** Follows what is observed until the scope ends in which it is called. */
export function useObserved<R>(observer: ComputedRef<Observed<R>>): Live<R> {
  const latest = shallowRef(null);
  const changed = () => triggerRef(latest);
  const state = computed(() => {
    void latest.value;
    return observer.value.read();
  });
  const subscribe = (observed: Observed<R>, _: unknown, onEnd: (end: () => void) => void) => {
    onEnd(observed.subscribe(changed));
    // What happened between reading and subscribing.
    changed();
  };
  if (!isOnServer()) watch(observer, subscribe, { immediate: true });
  return [state, changed];
}

/** Each member of a state as a ref of its own, so that a template renders again only for those that it shows. */
export function toRefs<R extends object>([state]: Live<R>): Refs<R> {
  const refs = (Object.keys(state.value) as (keyof R)[]).map((name) => {
    if (typeof state.value[name] !== "function") return [name, computed(() => state.value[name])];
    return [name, (...parameters: never[]) => (state.value[name] as AnyFunction)(...parameters)];
  });
  return Object.fromEntries(refs) as Refs<R>;
}

/** The `refs` of a query, for which a server waits, and which an async setup may await. */
export function awaitable<S>(refs: S, [state, changed]: Live<Partial<QueryResult<unknown>>>): Awaitable<S> {
  const answered = async () => {
    const { isFetching, isLoading, isPlaceholderData, refetch } = state.value;
    if (isFetching && (isLoading || isPlaceholderData)) await refetch?.().then(changed);
    return refs;
  };
  if (getCurrentInstance()) onServerPrefetch(answered);
  // oxlint-disable-next-line unicorn/no-thenable -- `await useQuery(…)` is what it is for
  return { ...refs, then: (onAnswered, onFailed) => answered().then(onAnswered, onFailed) };
}
