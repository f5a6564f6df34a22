/** Pins how a function is called. A plain function takes the caller's word: `useQuery` reads, `useMutation` writes. */
import type { Kind } from "@edgepod/core/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checked, checkedOf } from "./arguments.ts";

/** A function whose kind is pinned. */
export type Pinned<F, K extends Kind> = F & { readonly kind: K };

/** What a function may say of itself. */
export interface FunctionOptions<S extends StandardSchemaV1> {
  /** What its arguments must be: a schema of zod, valibot, arktype or another that speaks Standard Schema. */
  readonly args: S;
}

/** A function behind a schema: callers pass what the schema takes in, and may leave it out if the schema lets them. */
export type CheckedFunction<C, S extends StandardSchemaV1, R> =
  undefined extends StandardSchemaV1.InferInput<S>
    ? (ctx: C, args?: StandardSchemaV1.InferInput<S>) => Promise<Awaited<R>>
    : (ctx: C, args: StandardSchemaV1.InferInput<S>) => Promise<Awaited<R>>;

/** The function itself: it is given what the schema gives out. */
type Body<C, S extends StandardSchemaV1, R> = (ctx: C, args: StandardSchemaV1.InferOutput<S>) => R;

// Parameters are contravariant: this is the one type that every function is assignable to.
type AnyFunction = (...parameters: never[]) => unknown;

type Options = FunctionOptions<StandardSchemaV1>;

/**
 * A function that only reads. It may be run again, so it shouldn't do anything else.
 *
 * @example
 * export const getTasks = query((ctx: Ctx) => ctx.db.select().from(tasks));
 */
export function query<F extends AnyFunction>(fn: F): Pinned<F, "query">;
/**
 * A function that only reads, and whose arguments are checked before it runs.
 *
 * @example
 * export const getTask = query({ args: z.object({ id: z.int() }) }, (ctx: Ctx, { id }) =>
 *   ctx.db.query.tasks.findFirst({ where: eq(tasks.id, id) }),
 * );
 * @throws EdgePodError `INVALID_ARGUMENTS` to the caller, with `data.issues`, before any statement runs.
 */
export function query<S extends StandardSchemaV1, C, R>(
  options: FunctionOptions<S>,
  fn: Body<C, S, R>,
): Pinned<CheckedFunction<C, S, R>, "query">;
export function query(first: Options | AnyFunction, fn?: AnyFunction): AnyFunction {
  return pin("query", first, fn);
}

/**
 * A function that reads and writes, all or nothing. The pod waits for it, so it shouldn't wait for the outside world.
 *
 * @example
 * export const addTask = mutation((ctx: Ctx, args: { title: string }) => ctx.db.insert(tasks).values(args));
 */
export function mutation<F extends AnyFunction>(fn: F): Pinned<F, "mutation">;
/**
 * A function that reads and writes, all or nothing, and whose arguments are checked before it begins.
 *
 * @example
 * export const addTask = mutation({ args: z.object({ title: z.string().min(1) }) }, (ctx: Ctx, args) =>
 *   ctx.db.insert(tasks).values(args),
 * );
 * @throws EdgePodError `INVALID_ARGUMENTS` to the caller, with `data.issues`, before any statement runs.
 */
export function mutation<S extends StandardSchemaV1, C, R>(
  options: FunctionOptions<S>,
  fn: Body<C, S, R>,
): Pinned<CheckedFunction<C, S, R>, "mutation">;
export function mutation(first: Options | AnyFunction, fn?: AnyFunction): AnyFunction {
  return pin("mutation", first, fn);
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
export function action<F extends AnyFunction>(fn: F): Pinned<F, "action">;
/**
 * A function that may wait for the outside world, and whose arguments are checked before it begins.
 *
 * @example
 * export const importTasks = action({ args: z.object({ url: z.url() }) }, async (ctx: Ctx, { url }) => {
 *   const rows = await fetch(url).then((response) => response.json());
 *   await ctx.db.insert(tasks).values(parse(rows));
 * });
 * @throws EdgePodError `INVALID_ARGUMENTS` to the caller, with `data.issues`, before any statement runs.
 */
export function action<S extends StandardSchemaV1, C, R>(
  options: FunctionOptions<S>,
  fn: Body<C, S, R>,
): Pinned<CheckedFunction<C, S, R>, "action">;
export function action(first: Options | AnyFunction, fn?: AnyFunction): AnyFunction {
  return pin("action", first, fn);
}

function pin(kind: Kind, first: Options | AnyFunction, second?: AnyFunction): AnyFunction {
  if (second && "args" in first) return Object.assign(checked(first.args, second), { kind });
  const fn = first as AnyFunction;
  const behind = checkedOf(fn);
  // A function of our own, for the kind is not to be written on somebody else's.
  const pinned = behind
    ? checked(behind.schema, behind.body)
    : Object.assign((...parameters: never[]): unknown => fn(...parameters), { toString: () => String(fn) });
  return Object.assign(pinned, { kind });
}
