import { describe, expect, it } from "vitest";
import { copy } from "../src/copy.ts";

describe("copy", () => {
  it("is equal, and stays as it is when the original changes", () => {
    const filter = { text: "a", ids: [1, { deep: 2 }], tags: new Set(["x"]), by: new Map([["k", { v: 1 }]]) };
    const before = structuredClone(filter);
    const own = copy(filter);
    expect(own).toEqual(before);
    filter.text = "b";
    filter.ids.push(3);
    filter.tags.add("y");
    filter.by.get("k")!.v = 2;
    expect(own).toEqual(before);
  });

  it("leaves what isn't plain as it is", () => {
    const at = new Date(0);
    const bytes = new Uint8Array([1]);
    const own = copy({ at, bytes, nothing: null, missing: undefined });
    expect(own.at).toBe(at);
    expect(own.bytes).toBe(bytes);
    expect(own).toStrictEqual({ at, bytes, nothing: null, missing: undefined });
  });
});
