/** Keeps the identity of what hasn't changed, so that nothing renders again for nothing. */

/**
 * `next`, with every part of it that equals the same part of `before` replaced by that: plain objects, arrays, dates and
 * bytes. If all of it is equal the result is `before` itself.
 */
export function share<T>(before: unknown, next: T): T {
  return isSame(before, next) ? before : (merge(before, next) as T);
}

function isSame<T>(before: unknown, next: T): before is T {
  if (Object.is(before, next)) return true;
  if (before instanceof Date && next instanceof Date) return before.getTime() === next.getTime();
  if (before instanceof Uint8Array && next instanceof Uint8Array) {
    return before.length === next.length && before.every((byte, index) => byte === next[index]);
  }
  return false;
}

function merge(before: unknown, next: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(next)) {
    const merged = next.map((item: unknown, index) => share(before[index], item));
    const isEqual = before.length === merged.length && merged.every((item, index) => Object.is(item, before[index]));
    return isEqual ? before : merged;
  }
  if (isPlainObject(before) && isPlainObject(next)) {
    const names = Object.keys(next);
    const merged = Object.fromEntries(names.map((name) => [name, share(before[name], next[name])]));
    const isEqual =
      Object.keys(before).length === names.length &&
      names.every((name) => Object.hasOwn(before, name) && Object.is(merged[name], before[name]));
    return isEqual ? before : merged;
  }
  return next;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
