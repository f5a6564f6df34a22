/** Keys of cached queries. Equal arguments make equal keys, also where JSON would blur them. */

/** Every key of ours begins with it; TanStack Query's own filters can use it. */
export const KEY_PREFIX = "edgepod";

/** The key under which the answer of `fn(args)` is cached. */
export function queryKey(fn: string, args: unknown): readonly [typeof KEY_PREFIX, string, unknown] {
  return [KEY_PREFIX, fn, args ?? null];
}

/**
 * A text that is the same for equal keys: member order doesn't matter, absent and `undefined` members are the same, a
 * Date isn't its text, a bigint isn't its number and NaN isn't null.
 */
export function hashQueryKey(key: readonly unknown[]): string {
  return JSON.stringify(canonical(key));
}

function canonical(value: unknown): unknown {
  if (typeof value === "bigint") return { $bigint: String(value) };
  if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Date) return { $date: value.getTime() };
  if (value instanceof Map) return { $map: [...value].map(canonical) };
  if (value instanceof Set) return { $set: [...value].map(canonical) };
  if (ArrayBuffer.isView(value)) {
    return { $bytes: [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)] };
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, canonical(member)]));
}
