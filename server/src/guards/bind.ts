/**
 * Parameters as SQLite shall have them. The platform binds a boolean as the text "true", NaN as NULL and an object as
 * "[object Object]", and says nothing; here each value is bound as what it means, or refused.
 */
import { EdgePodError } from "@edgepod/core/protocol";

/** What the platform stores of one value in production. Locally it takes more, and nobody would notice. */
export const MAX_VALUE_BYTES = 2_000_000;

/** A value that the platform binds as what it is. */
export type Bound = string | number | null | ArrayBuffer | ArrayBufferView;

/**
 * @param subject What the statement touches, in words.
 * @throws EdgePodError `UNSUPPORTED_VALUE`, `LIMIT_EXCEEDED`.
 */
export function bind(params: readonly unknown[], subject: () => string): readonly Bound[] {
  return params.map((value, index) => bindOne(value, () => `Parameter ${index + 1} of a statement on ${subject()}`));
}

function bindOne(value: unknown, what: () => string): Bound {
  switch (typeof value) {
    case "string":
      if (sizeOf(value) > MAX_VALUE_BYTES) throw tooLarge(what);
      return value;
    case "number":
      if (Number.isNaN(value)) throw unsupported(what, "NaN", "SQLite would store NULL. Say null, or a number.");
      return value;
    case "boolean":
      return value ? 1 : 0;
    case "bigint":
      if (BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))) return Number(value);
      throw unsupported(what, `${value}n`, "Integers beyond 2^53 lose digits on this platform. Store them as text.");
    case "object":
      return bindObject(value, what);
    case "undefined":
      throw unsupported(what, "undefined", "Say null where NULL is meant.");
    default:
      throw unsupported(what, `a ${typeof value}`, "SQLite stores text, numbers, bytes and NULL.");
  }
}

function bindObject(value: object | null, what: () => string): Bound {
  if (value === null) return null;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    if (value.byteLength > MAX_VALUE_BYTES) throw tooLarge(what);
    return value;
  }
  if (value instanceof Date) {
    throw unsupported(what, "a Date", "Use a column of mode timestamp, or say getTime() or toISOString().");
  }
  const kind = Array.isArray(value) ? "an array" : "an object";
  throw unsupported(what, kind, "Use inArray() for a list, a column of mode json, or JSON.stringify().");
}

/** How many bytes a value takes, or a little more. Exact where it matters. */
export function sizeOf(value: Bound): number {
  if (value === null || typeof value === "number") return 8;
  if (typeof value !== "string") return value.byteLength;
  // A character has at most three bytes, so most strings need not be measured.
  const most = value.length * 3;
  return most > MAX_VALUE_BYTES ? new TextEncoder().encode(value).byteLength : most;
}

function unsupported(what: () => string, value: string, wayOut: string): EdgePodError {
  return new EdgePodError("UNSUPPORTED_VALUE", `${what()} is ${value}. ${wayOut}`);
}

function tooLarge(what: () => string): EdgePodError {
  return new EdgePodError(
    "LIMIT_EXCEEDED",
    `${what()} is larger than 2 MB, the most that a value, and a row, may hold. Split it, or keep it in an object store.`,
  );
}
