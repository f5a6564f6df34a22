import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  EdgePodError,
  PROTOCOL_VERSION,
  parseAnswer,
  parseClientFrame,
  parseServerFrame,
} from "../src/protocol/index.ts";

describe("the wire", () => {
  it("has the shapes that its version number promises", () => {
    const source = readFileSync(new URL("../src/protocol/wire.ts", import.meta.url), "utf8");
    const shapes = source
      .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
      .replaceAll(/\s+/g, " ")
      .trim();
    const fingerprint = createHash("sha256").update(shapes).digest("hex").slice(0, 16);
    // Another fingerprint means that peers already out there may be spoken to in another way. If they can't read it,
    // raise PROTOCOL_VERSION; if they can, say why in the commit and write the new fingerprint here.
    expect({ PROTOCOL_VERSION, fingerprint }).toEqual({ PROTOCOL_VERSION: 1, fingerprint: "ed5ca2aae4288ac2" });
  });
});

describe("a frame", () => {
  it("of the pod is read as what it says", () => {
    const hello = { type: "hello", session: "s", epoch: "e", version: 3 };
    const stale = { type: "stale", tables: ["tasks"], version: 4 };
    const spread = { type: "stale", tables: "*", version: 4, spread: 500 };
    for (const frame of [hello, stale, spread]) expect(parseServerFrame(JSON.stringify(frame))).toEqual(frame);
  });

  it.each([
    "",
    "null",
    "[]",
    "{",
    '{"type":"hello"}',
    '{"type":"stale","tables":[1],"version":1}',
    '{"type":"stale","tables":["a"],"version":-1}',
    '{"type":"later","version":1}',
  ])("of the pod that says %j is nothing we know", (text) => {
    expect(parseServerFrame(text)).toBeNull();
  });

  it("of a client is read as what it says", () => {
    const watch = { type: "watch", n: 1, add: { tasks: 3 }, drop: ["notes"] };
    expect(parseClientFrame(JSON.stringify(watch))).toEqual(watch);
  });

  it.each([
    "",
    '{"type":"watch"}',
    '{"type":"watch","n":1.5,"add":{},"drop":[]}',
    '{"type":"watch","n":1,"add":{"a":"1"},"drop":[]}',
    '{"type":"watch","n":1,"add":[],"drop":[]}',
    '{"type":"watch","n":1,"add":{},"drop":{}}',
  ])("of a client that says %j is refused", (text) => {
    expect(parseClientFrame(text)).toBeNull();
  });
});

describe("an answer", () => {
  const meta = { epoch: "e", version: 1, reads: {}, writes: {}, watched: null };

  it("is read as what it says, and what it leaves out is undefined", () => {
    expect(parseAnswer({ meta, warnings: [] })).toEqual({ data: undefined, meta, warnings: [] });
  });

  it("that is a failure says its code, its data, when to come back, and of a query what it had read", () => {
    const body = { error: { code: "RATE_LIMITED", message: "Slow down.", data: { n: 1 } }, meta };
    expect(parseAnswer(body, 2000)).toEqual({
      failure: new EdgePodError("RATE_LIMITED", "Slow down.", { data: { n: 1 }, retryAfterMs: 2000 }),
      meta,
    });
  });

  it("with a code of the future is an internal error, not an unknown one", () => {
    expect(parseAnswer({ error: { code: "NEW", message: "?" } })).toMatchObject({
      failure: { code: "INTERNAL" },
      meta: null,
    });
  });

  it.each([[null], [[]], [{}], [{ data: 1 }], [{ data: 1, meta: { epoch: 1 } }]])(
    "that is %j comes from no pod",
    (body) => {
      expect(() => parseAnswer(body)).toThrow(expect.objectContaining({ code: "BAD_ANSWER" }) as Error);
    },
  );
});
