/** What runs around functions: checks, logs, a richer context. */
import { checked, checkedOf } from "./arguments.ts";

// Parameters are contravariant: this is the one type that every function is assignable to.
type AnyFunction = (...parameters: never[]) => unknown;

/** Goes on with the function, given the context that it shall see. */
export type Next<Inner> = (ctx: Inner) => Promise<unknown>;

/** Wraps functions; each keeps its arguments and their schema, its result and its pinned kind. */
export type Middleware<Outer, Inner> = <F extends (ctx: Inner, ...args: never[]) => unknown>(
  fn: F,
) => F extends (ctx: Inner, ...args: infer A) => infer R
  ? ((ctx: Outer, ...args: A) => Promise<Awaited<R>>) & KindOf<F>
  : never;

type KindOf<F> = F extends { readonly kind: infer K } ? { readonly kind: K } : unknown;

/**
 * Makes a wrapper for functions out of what shall happen around them. `next` gets the context that the function sees,
 * which may know more than the one that came in; what `next` gives back is the function's answer. Where the function
 * has a schema, `args` have passed it.
 *
 * @example
 * const withUser = createMiddleware(async (ctx: Ctx, _args, next: Next<Ctx & { user: User }>) => {
 *   if (!ctx.user) throw new EdgePodError("UNAUTHORIZED", "Log in first.");
 *   return next({ ...ctx, user: ctx.user });
 * });
 * export const getProfile = withUser((ctx) => ctx.user);
 */
export function createMiddleware<Outer, Inner = Outer>(
  around: (ctx: Outer, args: unknown, next: Next<Inner>) => Promise<unknown>,
): Middleware<Outer, Inner> {
  const wrap = (fn: AnyFunction & { readonly kind?: unknown }): AnyFunction => {
    const behind = checkedOf(fn);
    const call = (behind?.body ?? fn) as (ctx: Inner, ...args: unknown[]) => unknown;
    const inside = (ctx: Outer, ...args: unknown[]): Promise<unknown> =>
      around(ctx, args[0], async (inner) => call(inner, ...args));
    // Its text tells one build of the code from another.
    Object.assign(inside, { toString: () => `${String(around)} ${String(fn)}` });
    const wrapped = behind ? checked(behind.schema, inside) : inside;
    return fn.kind === undefined ? wrapped : Object.assign(wrapped, { kind: fn.kind });
  };
  return wrap as Middleware<Outer, Inner>;
}
