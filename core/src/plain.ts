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
  if (typeof value === "object") {
    if (value === null) return true;
    if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return false;
    for (const member of Object.values(value)) {
      if (!isPlain(member, depth + 1)) return false;
    }
    return true;
  }
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === "string" || typeof value === "boolean";
}
