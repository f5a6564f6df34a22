/** Keys of cached queries. Equal arguments make equal keys, also where JSON would blur them. */

/** Every key of ours begins with it; TanStack Query's own filters can use it. */
export const KEY_PREFIX = "edgepod";

/** The key under which the answer of `fn(args)` is cached. */
export function queryKey(fn: string, args: unknown): readonly [typeof KEY_PREFIX, string, unknown] {
  return [KEY_PREFIX, fn, args ?? null];
}

/** The key under which the pages of `fn` are cached whose first is `fn(args)`. */
export function infiniteQueryKey(fn: string, args: unknown): readonly unknown[] {
  return [...queryKey(fn, args), "pages"];
}

/**
 * A text that is the same for equal keys: member order doesn't matter, absent and `undefined` members are the same, a
 * Date isn't its text, a bigint isn't its number and NaN isn't null.
 */
export function hashQueryKey(key: readonly unknown[]): string {
  return JSON.stringify(canonical(key));
}

/** What JSON would blur becomes `{ $: [kind, …] }`, which no plain value does: names that begin with `$` get another. */
function canonical(value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return special("bigint", String(value));
    case "undefined":
      return special("undefined");
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : special("number", Object.is(value, -0) ? "-0" : value);
    case "object":
      return value === null ? null : canonicalObject(value);
    default:
      return value;
  }
}

function canonicalObject(value: object): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Date) return special("date", value.getTime());
  if (value instanceof Map) return special("map", ...[...value].map(canonical));
  if (value instanceof Set) return special("set", ...[...value].map(canonical));
  if (value instanceof ArrayBuffer) return special("bytes", ...new Uint8Array(value));
  if (ArrayBuffer.isView(value)) {
    return special(value.constructor.name, ...new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return special(value.constructor.name, textOf(value));
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name.replace(/^\$/, "$$$$"), canonical(member)]));
}

/** A RegExp, a URL, an Error: what has a text of its own says by it what it is. */
function textOf(value: { toString(): string }): string {
  return value.toString();
}

function special(kind: string, ...content: readonly unknown[]): unknown {
  return { $: [kind, ...content.map((part) => (typeof part === "number" ? String(part) : part))] };
}
