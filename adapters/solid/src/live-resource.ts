/**
 * A query as a resource. Solid's own does what only that can: it suspends, holds a transition open, and sends what a
 * server has fetched along with the HTML. What is shown, and how fresh it is, core says.
 */
import { createComputed, createMemo, createResource, createSignal, on, sharedConfig, untrack } from "solid-js";
import type { Accessor } from "solid-js";
import { isServer } from "solid-js/web";
import type { Carried, EdgePodError, Observed } from "@edgepod/core";
import { createMirror, createObserved } from "./observed.ts";

/** A resource that stays right by itself. */
export interface LiveResource<T> {
  /** The newest answer. Suspends while the first one is on its way, and throws where that has failed. */
  (): T | undefined;
  /** The same, and neither suspends nor throws. */
  readonly latest: T | undefined;
  /** `refreshing` while a newer answer is on its way; `unresolved` where nothing is asked. */
  readonly state: "unresolved" | "pending" | "ready" | "refreshing" | "errored";
  /** The first answer is on its way. Newer ones don't count: they come unasked. */
  readonly loading: boolean;
  /** An answer is on its way, the first or a newer one. */
  readonly isFetching: boolean;
  /** Why the latest fetch failed. An answer that is there already stays. */
  readonly error: EdgePodError | undefined;
  /** Fetches now, fresh or not. */
  readonly refetch: () => Promise<void>;
}

/** What core's results have in common. */
interface Result {
  readonly error: EdgePodError | null;
  readonly isLoading: boolean;
  readonly isFetching: boolean;
  readonly refetch: () => Promise<void>;
}

/** What is shown until the key changes. */
interface View<O, R, S> {
  readonly source: O;
  readonly shown: R & { readonly data: S | undefined };
  readonly update: () => void;
  settle?: () => void;
}

/** A resource of what `observe` gives: of something else whenever `key` changes. */
export function createLiveResource<R extends Result, A, O extends Carried<A>, T, S>(parts: {
  readonly key: Accessor<unknown>;
  readonly observe: (previous: O | undefined) => O & Carried<A> & Observed<R>;
  readonly dataOf: (result: R) => T | undefined;
  readonly select: (data: T) => S;
  readonly rowKey: string | null | undefined;
}): LiveResource<S> & Omit<R, keyof LiveResource<S>> {
  const { key, observe, dataOf, select, rowKey } = parts;
  // Who hydrates holds back until the server's answer is here. That there is one shows in Solid's not asking for it.
  const [isHeld, setHeld] = createSignal(sharedConfig.context !== undefined && !isServer);
  let isAsked = false;

  type Made = View<O & Carried<A> & Observed<R>, R, S>;
  const look = (previous?: Made): Made => {
    const source = observe(previous?.source);
    const [result, readAgain] = createObserved(source, isHeld);
    const answer = createMemo(() => dataOf(result()));
    const data = createMemo(() => {
      const whole = answer();
      return whole === undefined ? undefined : select(whole);
    });
    const [shown, showAgain] = createMirror(() => ({ ...result(), data: data() }), rowKey);
    const update = (): void => {
      readAgain();
      showAgain();
    };
    const made: Made = { source, shown, update };
    createComputed(() => {
      if (!made.shown.isLoading) made.settle?.();
    });
    return made;
  };
  // The memo owns what it makes: in a transition the last view goes on until the next one takes its place. On a server
  // nothing is reactive, so each look is a new one.
  const view = isServer ? () => look() : createMemo(on(key, (_key, _last, previous?: Made) => look(previous)));

  const [sent, { mutate, refetch: suspend }] = createResource<A | Made | undefined, Made>(
    view,
    (asked) => {
      isAsked = true;
      if (isServer) return asked.source.load();
      if (!asked.shown.isLoading) return asked;
      return new Promise<Made>((resolve) => {
        asked.settle = () => resolve(asked);
      });
    },
    { initialValue: untrack(view), onHydrated: (_view, { value }) => arrive(value as A | undefined) },
  );
  const arrive = (answer: A | undefined): void => {
    if (answer !== undefined) untrack(view).source.adopt(answer);
    untrack(view).update();
    // The server's failure isn't the browser's: that asks for itself.
    if (sent.error) void suspend();
    // The client says in a microtask what it wants to be watched. After that the answer is live: nobody fetches it again.
    queueMicrotask(() => setHeld(false));
  };
  if (isAsked) setHeld(false);
  else if (untrack(isHeld) && !sent.loading) arrive(sent.error ? undefined : (untrack(sent) as A | undefined));
  createComputed(() => {
    if (!isServer && view().shown.isLoading && !untrack(() => sent.loading)) void suspend();
  });

  /** A server waits for the answer wherever it is asked for. Where it got none, the browser will ask. */
  const current = (): Made["shown"] => {
    const { shown } = view();
    if (isServer && shown.isLoading && !sent.error) void sent.loading;
    return shown;
  };
  // Who reads must not hear of the next view in a transition, or it would be shown already. A microtask is outside of it.
  createComputed(on(view, () => queueMicrotask(() => mutate(() => untrack(view)))));
  const read = (): S | undefined => {
    const { shown } = untrack(view);
    if (!isServer || shown.isLoading) sent();
    if (shown.error && shown.data === undefined) throw shown.error;
    return shown.data;
  };
  const refetch = async (): Promise<void> => {
    const { shown, update } = untrack(view);
    const fetched = shown.refetch();
    // An error boundary that is reset in the same turn finds it pending.
    update();
    await fetched;
  };
  const own: Record<string, () => unknown> = {
    latest: () => current().data,
    loading: () => current().isLoading,
    error: () => current().error ?? undefined,
    state: () => stateOf(current()),
    refetch: () => refetch,
  };
  for (const name of Object.keys(untrack(view).shown)) own[name] ??= () => current()[name as keyof R];
  for (const [name, get] of Object.entries(own)) Object.defineProperty(read, name, { get });
  return read as LiveResource<S> & Omit<R, keyof LiveResource<S>>;
}

function stateOf(shown: Result & { readonly data: unknown }): LiveResource<unknown>["state"] {
  if (shown.isLoading) return "pending";
  if (shown.data !== undefined) return shown.isFetching ? "refreshing" : "ready";
  return shown.error ? "errored" : "unresolved";
}
