/** The functions that a pod offers: the exports of one module, by name. */
import type { Kind } from "@edgepod/core/protocol";
import { EdgePodError } from "@edgepod/core/protocol";
import type { Intent } from "@edgepod/core/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkedOf } from "./arguments.ts";

/** A function as the pod calls it. */
export interface PodFunction {
  readonly name: string;
  /** Null where the caller's intent decides. */
  readonly kind: Kind | null;
  /** What its arguments must be, or null for anything. To be checked before `run`. */
  readonly schema: StandardSchemaV1 | null;
  readonly run: (ctx: object, args: unknown) => unknown;
}

export class Functions {
  readonly #functions = new Map<string, PodFunction>();

  /** Takes the exports that are functions; constants and classes of errors are nobody's to call. */
  constructor(module: object) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== "function" || /^class\b/.test(String(value))) continue;
      const fn = value as PodFunction["run"] & { readonly kind?: Kind };
      const behind = checkedOf(fn);
      const run = (behind?.body ?? fn) as PodFunction["run"];
      this.#functions.set(name, { name, kind: fn.kind ?? null, schema: behind?.schema ?? null, run });
    }
  }

  /** @throws EdgePodError `UNKNOWN_FUNCTION`. */
  get(name: string): PodFunction {
    const found = this.#functions.get(name);
    if (found) return found;
    const near = nearest(name, [...this.#functions.keys()]);
    throw new EdgePodError(
      "UNKNOWN_FUNCTION",
      `Unknown function "${name.slice(0, 100)}".${near === null ? "" : ` Did you mean "${near}"?`}`,
    );
  }

  /** What the functions' answers depend on, as far as their own text shows it. */
  *sources(): Generator<string> {
    for (const { name, run } of this.#functions.values()) yield `${name}=${String(run)}`;
  }
}

/**
 * How a call runs: as the function says, else as the caller means it.
 *
 * @throws EdgePodError `KIND_MISMATCH` when a function that writes is called as a query.
 */
export function kindOf({ name, kind }: PodFunction, intent: Intent): Kind {
  if (kind === null) return intent;
  if (intent === "query" && kind !== "query") {
    throw new EdgePodError(
      "KIND_MISMATCH",
      `"${name}" is ${kind === "action" ? "an action" : "a mutation"}: call it with useMutation.`,
    );
  }
  return kind;
}

/** The name that takes the fewest edits to get to, if those are few. */
function nearest(name: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Math.max(2, Math.floor(name.length / 3)) + 1;
  if (name.length > 100) return null;
  for (const candidate of names) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
