/** Pins how a function is called. A plain function takes the caller's word: `useQuery` reads, `useMutation` writes. */
import type { Kind } from "@edgepod/core/protocol";

/** A function whose kind is pinned. */
export type Pinned<F, K extends Kind> = F & { readonly kind: K };

// Parameters are contravariant: this is the one type that every function is assignable to.
type AnyFunction = (...parameters: never[]) => unknown;

/**
 * A function that only reads. It may be run again, so it shouldn't do anything else.
 *
 * @example
 * export const getTasks = query((ctx: Ctx) => ctx.db.select().from(tasks));
 */
export function query<F extends AnyFunction>(fn: F): Pinned<F, "query"> {
  return pin(fn, "query");
}

/**
 * A function that reads and writes, all or nothing. The pod waits for it, so it shouldn't wait for the outside world.
 *
 * @example
 * export const addTask = mutation((ctx: Ctx, args: { title: string }) => ctx.db.insert(tasks).values(args));
 */
export function mutation<F extends AnyFunction>(fn: F): Pinned<F, "mutation"> {
  return pin(fn, "mutation");
}

/**
 * A function that may wait for the outside world without stopping the pod. Each of its statements, and each
 * `ctx.db.transaction`, is a commit of its own; what it wrote stays when it throws later.
 *
 * @example
 * export const importTasks = action(async (ctx: Ctx, args: { url: string }) => {
 *   const rows = await fetch(args.url).then((response) => response.json());
 *   await ctx.db.insert(tasks).values(parse(rows));
 * });
 */
export function action<F extends AnyFunction>(fn: F): Pinned<F, "action"> {
  return pin(fn, "action");
}

/** Its text stays the function's own, by which the pod knows one build of the code from another. */
function pin<F extends AnyFunction, K extends Kind>(fn: F, kind: K): Pinned<F, K> {
  const pinned = (...parameters: never[]): unknown => fn(...parameters);
  return Object.assign(pinned as F, { kind, toString: () => String(fn) });
}
