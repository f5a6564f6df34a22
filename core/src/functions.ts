/** What the types of a pod's functions say to a caller. All of it is inferred from `import type * as functions`. */
import type { skip } from "./observers.ts";
import type { Kind } from "./protocol/index.ts";

/**
 * Where an app tells its functions' types, once, so that hooks and clients know them.
 *
 * @example
 * import type * as functions from "./functions";
 * declare module "@edgepod/core" {
 *   interface Register {
 *     functions: typeof functions;
 *   }
 * }
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- filled by the app's own declaration
export interface Register {}

/** The functions that the app has registered. */
export type RegisteredFunctions = Register extends { readonly functions: infer F extends object }
  ? F
  : UnregisteredFunctions;

/** Shown in place of a function's name where no functions were registered. */
interface UnregisteredFunctions {
  readonly 'Register your functions first: declare module "@edgepod/core" { interface Register { functions: typeof functions } }': () => unknown;
}

/** What the first parameter of a function must have for the browser to call it; a helper with other parameters isn't offered. */
interface AnyContext {
  readonly db: object;
  readonly unsafeRawDb: object;
}

// oxlint-disable-next-line typescript/no-explicit-any -- the one type that every function is assignable to
type AnyFunction = (...parameters: any) => unknown;

type IsCallable<T> = T extends AnyFunction
  ? Parameters<T> extends readonly []
    ? true
    : Parameters<T>[0] extends AnyContext
      ? true
      : false
  : false;

type KindOf<T> = T extends { readonly kind: infer K extends Kind } ? K : Kind;

/** The names of the exported functions that may be called as one of `K`. */
export type FunctionName<F, K extends Kind = Kind> = {
  [N in keyof F]: IsCallable<F[N]> extends true ? (K & KindOf<F[N]> extends never ? never : N) : never;
}[keyof F] &
  string;

/** Arguments as a caller passes them: nothing, one required, or one optional. */
export type Arguments<T> = T extends (context: never, ...args: infer A) => unknown
  ? A extends readonly []
    ? []
    : A extends readonly [infer Args, ...unknown[]]
      ? [args: Args]
      : [args?: A[0]]
  : never;

/** Arguments as a caller passes them, and options behind them. */
export type WithOptions<A extends readonly unknown[], O> = A extends readonly [infer Args]
  ? [args: Args, options?: O]
  : [args?: A[0], options?: O];

/** The same where there may be nothing to ask yet. */
export type QueryParameters<A extends readonly unknown[], O> = A extends readonly [infer Args]
  ? [args: Args | typeof skip, options?: O]
  : [args?: A[0] | typeof skip, options?: O];

/** What a caller gets. */
export type Result<T> = T extends AnyFunction ? Awaited<ReturnType<T>> : never;
