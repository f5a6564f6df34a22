/** The guards look at SQL, so every way of making a statement meets them. */
import { describe, expect, it } from "vitest";
import { createApp } from "./support/app.ts";
import type { Guard, Way } from "./app/ways.ts";

interface Answered {
  readonly data: unknown;
  readonly warnings: readonly { readonly code: string }[];
  readonly error: { readonly code: string; readonly message: string };
}

const WAYS: readonly Way[] = ["builder", "with", "tx", "relational", "prepared", "unsafeRawDb"];

describe.each(WAYS)("a read by %s", (way) => {
  const app = createApp();
  const ask = async (fn: string, args: object, intent = "query"): Promise<Answered> =>
    (await app.post(`/rpc/${fn}`, { args }, { "x-edgepod-intent": intent })).json<Answered>();
  const read = (guard: Guard) => ask("readItems", { way, guard });

  it("ends at 1,000 rows with a warning; of one row alone nothing more is read", async () => {
    await ask("addItems", { rows: 1000 }, "mutation");
    await ask("storeText", { length: 1 }, "mutation");
    const { data, warnings } = await read("rows");
    expect(data).toHaveLength(1000);
    expect(warnings).toMatchObject([{ code: "ROWS_CUT" }]);
    expect(await ask("readFirstItem", { way })).toMatchObject({ data: { id: 1 }, warnings: [] });
  });

  it("takes a list of thousands", async () => {
    expect((await read("list")).data).toEqual([{ id: 1000 }, { id: 1001 }]);
  });

  it.each<[Guard, string]>([
    ["value", "UNSUPPORTED_VALUE"],
    ["pattern", "LIMIT_EXCEEDED"],
    ["depth", "LIMIT_EXCEEDED"],
  ])("is refused by name for its %s", async (guard, code) => {
    const { error } = await read(guard);
    expect(error).toMatchObject({ code, message: expect.stringContaining('"items"') as string });
  });
});
