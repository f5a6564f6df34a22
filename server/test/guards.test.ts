/** The guards: limits that the engine sets or the platform has, met along every way of making a statement. */
import { describe, expect, it } from "vitest";
import type { Chain, TooLarge } from "./app/bulk.ts";
import type { Beyond, EveryRow } from "./app/guarded.ts";
import { createApp } from "./support/app.ts";

const QUERY = { "x-edgepod-intent": "query" };

type App = ReturnType<typeof createApp>;

interface Answered {
  readonly data: Record<string, unknown>[];
  readonly meta: { readonly writes: object; readonly version: number };
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly error: { readonly code: string; readonly message: string };
}

async function ask(app: App, fn: string, args: unknown = {}, headers?: Record<string, string>): Promise<Answered> {
  return (await app.post(`/rpc/${fn}`, { args }, headers)).json<Answered>();
}

const ids = (count: number): { id: number }[] => Array.from({ length: count }, (_, index) => ({ id: index + 1 }));

describe("a bulk insert", () => {
  it("of 1,000 rows simply works, in one commit, with what it returns in order", async () => {
    const { data, meta } = await ask(createApp(), "addItems", { rows: 1000 });
    expect(data).toEqual(ids(1000));
    expect(meta).toMatchObject({ version: 3, writes: { items: 3 } });
  });

  it("of more than 1,000 rows is refused, and says how many it has", async () => {
    const { error } = await ask(createApp(), "addItems", { rows: 1001 });
    expect(error).toMatchObject({ code: "LIMIT_EXCEEDED", message: expect.stringContaining("1001 rows") as string });
  });

  it("of rows as wide as a table may be works as well", async () => {
    const { data } = await ask(createApp(), "addWideRows", { rows: 1000 });
    expect(data).toEqual([{ rows: 1000, sum: 98_000 }]);
  });

  it("works as well where its rows are a part of a select", async () => {
    const { data } = await ask(createApp(), "addItemsBesideSelected");
    expect(data).toEqual({ rows: 151, sum: 1 + 150 * 76 });
  });

  it.each<Chain>(["builder", "with", "transaction", "prepared", "raw"])(
    "is one statement: rows refer to later ones, and each sees the table as it was: %s",
    async (way) => {
      const { data, meta } = await ask(createApp(), "addChain", { way });
      expect(data).toEqual(
        ids(300).map(({ id }) => ({ id, parentId: id === 300 ? null : id + 1, label: `n${id}`, rank: id })),
      );
      expect(meta).toMatchObject({ version: 3, writes: { nodes: 3 } });
    },
  );

  it("keeps its ON CONFLICT, parameters included", async () => {
    const app = createApp();
    await ask(app, "addItemsWithConflicts", { rows: 300 });
    const { data } = await ask(app, "addItemsWithConflicts", { rows: 300 });
    expect(data).toEqual(ids(300).map(({ id }) => ({ id, n: 1 })));
  });

  it("is all or nothing, although its last row fails and the function goes on", async () => {
    const { data } = await ask(createApp(), "addItemsOfWhichTheLastFails", { rows: 500 });
    expect(data).toEqual([{ rows: 0 }]);
  });
});

describe("inArray", () => {
  it("of thousands simply works, beside other parameters, in reads and in writes", async () => {
    const app = createApp();
    await ask(app, "addItems", { rows: 1000 });
    const many = Array.from({ length: 5000 }, (_, index) => index + 501);
    expect((await ask(app, "countItemsOf", { ids: many }, QUERY)).data).toEqual([{ rows: 500 }]);
    const names = many.map((id) => `item ${id}`);
    expect((await ask(app, "countItemsNamed", { names, flag: true }, QUERY)).data).toEqual([{ rows: 250 }]);
    expect((await ask(app, "renameItems", { ids: many })).data).toHaveLength(500);
  });
});

describe("more than 100 parameters", () => {
  it("of bytes, infinities, and texts that are numbers compare as fewer do, and work outside of lists", async () => {
    const { data } = await ask(createApp(), "findItemsByOddLists");
    expect(data).toEqual({
      bytes: [{ id: 2 }],
      infinite: [{ id: 1 }],
      others: [{ id: 2 }],
      textOfNumbers: [{ id: 1 }],
      cases: [
        { id: 1, n: 1001 },
        { id: 2, n: 1002 },
        { id: 3, n: 1003 },
      ],
    });
  });
});

describe("a read of more than 1,000 rows", () => {
  it.each([
    ["the builder", "getItems"],
    ["a relational query", "getItemsRelationally"],
    ["a prepared statement", "getItemsPrepared"],
    ["a CTE", "getItemsWithCte"],
    ["raw SQL", "getItemsRaw"],
  ])("by %s stops there, and says so in the answer", async (_, fn) => {
    const app = createApp();
    await ask(app, "addItems", { rows: 1000 });
    expect((await ask(app, fn, { from: 0 }, QUERY)).warnings).toEqual([]);
    await app.post("/rpc/storeText", { args: { length: 1 } });
    const { data, warnings } = await ask(app, fn, { from: 0 }, QUERY);
    expect(data).toHaveLength(1000);
    expect(warnings).toMatchObject([{ code: "ROWS_CUT", message: expect.stringContaining('"items"') as string }]);
  });
});

describe("a statement that would end the transaction of its call", () => {
  it("is refused, and what the function did before it stays a part of the whole", async () => {
    const app = createApp();
    const { data } = await ask(app, "rollBackByConflict");
    expect(data).toContain("would end the call's transaction");
    expect((await ask(app, "getItems", {}, QUERY)).data).toMatchObject([{ id: 1 }, { id: 2 }]);
  });
});

describe("an update or delete of every row", () => {
  it.each<EveryRow>([
    "update",
    "delete",
    "undefinedWhere",
    "returning",
    "cte",
    "transaction",
    "prepared",
    "raw",
    "rawSecond",
    "whereInside",
  ])("is refused when nobody says that every row is meant: %s", async (way) => {
    const app = createApp();
    await ask(app, "addItems", { rows: 2 });
    const { error } = await ask(app, "changeEveryRow", { way });
    expect(error).toMatchObject({ code: "WHERE_MISSING", message: expect.stringContaining('"items"') as string });
    expect((await ask(app, "getItems", {}, QUERY)).data).toHaveLength(2);
  });

  it("works with withoutWhere(), in a transaction too, and with WHERE true in raw SQL", async () => {
    const app = createApp();
    await ask(app, "addItems", { rows: 2 });
    const { data } = await ask(app, "changeEveryRowOnPurpose");
    expect(data).toEqual([
      { n: 5, flag: true, name: null },
      { n: 5, flag: true, name: null },
    ]);
    expect((await ask(app, "getItems", {}, QUERY)).data).toEqual([]);
  });
});

describe("a value", () => {
  it.each([
    ["true", "integer", 1],
    ["false", "integer", 0],
    ["big", "integer", 2 ** 40],
    ["null", "null", null],
  ])("%s is stored as %s", async (value, _type, stored) => {
    const { data } = await ask(createApp(), "storeAnything", { value });
    // The platform binds every number as REAL; a column that says INTEGER makes it one, and this one says nothing.
    expect(data).toMatchObject([{ type: stored === null ? "null" : "real", value: stored }]);
  });

  it("of bytes is stored as just those bytes, whatever view they were given in", async () => {
    const app = createApp();
    const { client } = app.visit();
    expect(await client.mutate("storeAnything", { value: "bytes" })).toMatchObject([{ type: "blob" }]);
  });

  it.each([
    ["nan", "NaN"],
    ["undefined", "undefined"],
    ["date", "a Date"],
    ["object", "an object"],
    ["array", "an array"],
    ["function", "a function"],
    ["tooBig", "1152921504606846976n"],
  ])("%s is refused by name", async (value, name) => {
    const { error } = await ask(createApp(), "storeAnything", { value });
    expect(error.code).toBe("UNSUPPORTED_VALUE");
    expect(error.message).toContain(`on "items" is ${name}.`);
  });

  it("larger than 2 MB is refused here as it would be in production", async () => {
    const app = createApp();
    expect((await ask(app, "storeText", { length: 999_990 })).error).toBeUndefined();
    const { error } = await ask(app, "storeText", { length: 1_000_001 });
    expect(error).toMatchObject({ code: "LIMIT_EXCEEDED", message: expect.stringContaining("2 MB") as string });
  });
});

describe("a row larger than 2 MB", () => {
  it.each<TooLarge>(["row", "updated", "zeroblob", "huge", "doubled", "copied", "selected", "read"])(
    "is refused here as it would be in production, and isn't stored: %s",
    async (way) => {
      const { data } = await ask(createApp(), "storeTooLarge", { way });
      expect(data).toMatchObject({ message: expect.stringMatching(/"items".* 2 MB/) as string });
      expect(data).toHaveProperty(
        "most",
        ["updated", "doubled", "copied", "selected", "read"].includes(way) ? 1_500_000 : 0,
      );
    },
  );

  it("isn't made of many that are larger together", async () => {
    const { data } = await ask(createApp(), "storeTooLarge", { way: "rowOfMany" });
    expect(data).toEqual({ message: "stored", most: 1_300_002 });
  });
});

describe("a limit of the platform", () => {
  it.each<[Beyond, string]>([
    ["parameters", "100"],
    ["columns", "100 columns"],
    ["compound", "5 selects"],
    ["depth", "100 levels"],
    ["rows", "1001 rows"],
    ["like", "50 bytes"],
    ["text", "100 KB"],
    ["arguments", "127 arguments"],
  ])("is named, with the table and the way out: %s", async (limit, named) => {
    const app = createApp();
    await ask(app, "addItems", { rows: 1 });
    const { error } = await ask(app, "goBeyond", { limit });
    expect(error).toMatchObject({ code: "LIMIT_EXCEEDED", message: expect.stringContaining(named) as string });
    expect(error.message).toMatch(/"(items|wide)"/);
  });
});
