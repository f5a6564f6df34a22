/**
 * Argument schemas: what a caller's arguments must be before a function sees them, in the words of any validator that
 * speaks Standard Schema. The pod checks them before it begins anything; a function that is called by another of the
 * server's checks them itself.
 */
import { EdgePodError } from "@edgepod/core/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";

// Parameters are contravariant: this is the one type that every function is assignable to.
type AnyFunction = (...parameters: never[]) => unknown;

/** What stands behind a function that checks its arguments. */
export interface Checked {
  readonly schema: StandardSchemaV1;
  /** The function itself, for arguments that have been checked. */
  readonly body: AnyFunction;
}

/** One thing that is wrong with the arguments, as `error.data.issues` carries it to the caller. */
export interface ArgumentIssue {
  /** Where in the arguments: member names and positions, outermost first. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const CHECKED = Symbol("edgepod.checked");

/** `body` behind `schema`. */
export function checked(schema: StandardSchemaV1, body: AnyFunction): AnyFunction {
  const call = body as (ctx: unknown, args: unknown) => unknown;
  const outer = async (ctx: unknown, args?: unknown): Promise<unknown> => call(ctx, await checkArguments(schema, args));
  // Its text stays the function's own, by which the pod knows one build of the code from another.
  return Object.assign(outer, { [CHECKED]: { schema, body } satisfies Checked, toString: () => String(body) });
}

/** What stands behind a function, or null if it takes its arguments as they come. */
export function checkedOf(fn: AnyFunction & { readonly [CHECKED]?: Checked }): Checked | null {
  return fn[CHECKED] ?? null;
}

/**
 * The arguments as the schema gives them out: with defaults, transformed, or as they are.
 *
 * @throws EdgePodError `INVALID_ARGUMENTS`, with every issue in its data.
 */
export async function checkArguments(schema: StandardSchemaV1, args: unknown): Promise<unknown> {
  const result = await schema["~standard"].validate(args);
  if (!result.issues) return result.value;
  const issues = result.issues.map(toIssue);
  const told = issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
  throw new EdgePodError("INVALID_ARGUMENTS", `The arguments are invalid. ${told.join("; ")}`, { data: { issues } });
}

function toIssue({ message, path = [] }: StandardSchemaV1.Issue): ArgumentIssue {
  return {
    message,
    path: path.map((step) => {
      const key = typeof step === "object" ? step.key : step;
      return typeof key === "symbol" ? String(key) : key;
    }),
  };
}
