/** Values on the wire: as JSON text and back. Through a real pod they go in server/test/calls.test.ts. */
import { describe, expect, it } from "vitest";
import { decodeValue, encodeValue } from "../src/values.ts";
import type { Encoded } from "../src/values.ts";

function sent(value: unknown): unknown {
  const { value: received, types } = JSON.parse(JSON.stringify(encodeValue(value))) as Encoded;
  return decodeValue(received, types);
}

const values: readonly (readonly [string, unknown])[] = [
  ["a Date", new Date(86_400_000)],
  ["a bigint past what a number holds", 2n ** 60n + 1n],
  ["bytes", new Uint8Array([0, 1, 255])],
  ["no bytes", new Uint8Array(0)],
  [
    "a Map",
    new Map<unknown, unknown>([
      ["a", 1],
      [2, new Date(0)],
    ]),
  ],
  ["a Set", new Set<unknown>([1, "one", 1n])],
  ["undefined", undefined],
  ["NaN", NaN],
  ["minus zero", -0],
];

describe.each(values)("%s", (_name, value) => {
  it("survives by itself", () => {
    expect(sent(value)).toStrictEqual(value);
  });

  it("survives in an object and in a list, among plain values", () => {
    const inside = { plain: { title: "Water the plants", done: false, due: null }, value, list: [1, value, "two"] };
    expect(sent(inside)).toStrictEqual(inside);
  });
});

it("leaves plain values as they are, and describes nothing", () => {
  const plain = { rows: [{ id: 1, title: "one", done: null }], more: false };
  expect(encodeValue(plain)).toEqual({ value: plain });
  expect(encodeValue(plain).value).toBe(plain);
});

it("refuses a value that contains itself", () => {
  const loop: unknown[] = [];
  loop.push(loop);
  expect(() => encodeValue(loop)).toThrow(expect.objectContaining({ code: "UNSUPPORTED_VALUE" }));
});
