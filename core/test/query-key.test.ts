import { describe, expect, it } from "vitest";
import { hashQueryKey, queryKey } from "../src/query-key.ts";

const hash = (args: unknown): string => hashQueryKey(queryKey("getTasks", args));

describe("the key of a query", () => {
  it("doesn't depend on the order of members, nor on members that are undefined", () => {
    expect(hash({ a: 1, b: { c: 2, d: 3 } })).toBe(hash({ b: { d: 3, c: 2 }, a: 1, e: undefined }));
  });

  it("is the same without arguments, with null and with undefined", () => {
    expect(new Set([hash(undefined), hash(null)]).size).toBe(1);
  });

  it.each([
    ["a Date and its text", new Date(0), new Date(0).toJSON()],
    ["two Dates", new Date(0), new Date(1)],
    ["a bigint and its number", 1n, 1],
    ["NaN and null", NaN, null],
    ["a Map and an empty object", new Map([[1, 2]]), {}],
    ["two Sets", new Set([1]), new Set([2])],
    ["bytes and a list", new Uint8Array([1]), [1]],
    ["a list in another order", [1, 2], [2, 1]],
    ["two patterns", /a/, /b/],
    ["two addresses", new URL("http://a"), new URL("http://b")],
    ["two buffers", new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
    ["a hole and null", [undefined], [null]],
    ["zero and minus zero", 0, -0],
    ["a Date and what stands for it", new Date(5), { $: ["date", "5"] }],
  ])("tells %s apart", (_, one, other) => {
    expect(hash({ value: one })).not.toBe(hash({ value: other }));
  });

  it("is equal for equal values that JSON can't carry", () => {
    const value = () => ({ at: new Date(5), big: 2n, tags: new Set(["a"]), map: new Map([["k", new Date(1)]]) });
    expect(hash(value())).toBe(hash(value()));
  });
});
