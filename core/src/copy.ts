/** Copies arguments: a framework's reactive object goes on changing after a query was asked with it. */

/** `value` with arrays, plain objects, maps and sets copied all the way down; anything else as it is. */
export function copy<T>(value: T): T {
  return copied(value) as T;
}

function copied(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Map) return new Map([...value].map(([name, member]) => [copied(name), copied(member)]));
  if (value instanceof Set) return new Set([...value].map(copied));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)]));
}
