/**
 * Values that plain JSON can't carry: Date, bigint, bytes, Map, Set, undefined, NaN. superjson turns them into JSON and
 * a description beside it, so that a plain value stays readable in the network tab. The client loads this on demand.
 */
import { SuperJSON } from "superjson";
import { isPlain } from "./plain.ts";
import type { ValueTypes } from "./protocol/index.ts";

/** A value as it crosses the wire. */
export interface Encoded {
  readonly value: unknown;
  readonly types?: ValueTypes;
}

/**
 * Turns a value into plain JSON.
 *
 * @example
 * encodeValue({ at: new Date(0) }); // { value: { at: "1970-01-01T00:00:00.000Z" }, types: { values: { at: ["Date"] } } }
 */
export function encodeValue(value: unknown): Encoded {
  if (value === undefined || isPlain(value)) return { value };
  const { json, meta } = SuperJSON.serialize(value);
  if (!meta?.values) return { value: json };
  return { value: json, types: meta.v === undefined ? { values: meta.values } : { values: meta.values, v: meta.v } };
}

/** Turns what `encodeValue` gave back into the value. Throws when the description doesn't fit the value. */
export function decodeValue(value: unknown, types: ValueTypes | undefined): unknown {
  if (!types) return value;
  // superjson checks the paths itself (no prototype can be reached); its types ask for JSON that JSON.parse has proved.
  const payload = { json: value, meta: types } as Parameters<typeof SuperJSON.deserialize>[0];
  return SuperJSON.deserialize(payload);
}
