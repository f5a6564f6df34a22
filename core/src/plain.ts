/** Tells plain JSON from what needs `values.ts`, so that a plain value costs a walk and no library. */
import { EdgePodError } from "./protocol/index.ts";

const MAX_DEPTH = 200;

/**
 * Whether `JSON.parse(JSON.stringify(value))` gives back the same value.
 *
 * @throws EdgePodError `UNSUPPORTED_VALUE` for a value that is nested deeper than 200 levels, or contains itself.
 */
export function isPlain(value: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH) {
    throw new EdgePodError(
      "UNSUPPORTED_VALUE",
      `A value is nested deeper than ${MAX_DEPTH} levels, or contains itself.`,
    );
  }
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item, depth + 1)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  // Half the time of `Object.values`, which makes a list. What is inherited, here nothing, would only be looked at as well.
  for (const name in value) if (!isPlain(value[name as keyof typeof value], depth + 1)) return false;
  return true;
}
