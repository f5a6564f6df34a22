/** Functions that go up to a limit, or past it, each along one way of making a statement. */
import { and, asc, count, eq, gte, inArray, like, or, sql } from "drizzle-orm";
import { union } from "drizzle-orm/sqlite-core";
import type { Context } from "../../src/index.ts";
import type * as schema from "./schema.ts";
import { WIDE_COLUMNS, items, tasks, wide } from "./schema.ts";

type Ctx = Context<typeof schema>;

const numbered = (length: number) => Array.from({ length }, (_, index) => index + 1);

// ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function addItems({ db }: Ctx, args: { rows: number }) {
  const values = numbered(args.rows).map((id) => ({ id, name: `item ${id}`, n: id / 2, flag: id % 2 === 0 }));
  return db.insert(items).values(values).returning({ id: items.id });
}

export async function addItemsWithConflicts({ db }: Ctx, args: { rows: number }) {
  const values = numbered(args.rows).map((id) => ({ id, name: `item ${id}` }));
  return db
    .insert(items)
    .values(values)
    .onConflictDoUpdate({ target: items.id, set: { n: sql`coalesce(${items.n}, 0) + ${1}` } })
    .returning({ id: items.id, n: items.n });
}

export async function addItemsOfWhichTheLastFails({ db }: Ctx, args: { rows: number }) {
  const values = numbered(args.rows).map((id) => ({ id, name: id === args.rows ? "item 1" : `item ${id}` }));
  try {
    await db.insert(items).values(values);
  } catch {
    return db.select({ rows: count() }).from(items);
  }
  return "never";
}

export async function addWideRows({ db }: Ctx, args: { rows: number }) {
  const row = Object.fromEntries(WIDE_COLUMNS.map((name, index) => [name, index]));
  await db
    .insert(wide)
    .values(numbered(args.rows).map((id) => ({ id, ...row, c97: sql`abs(${-id})`, c98: id % 2 === 0 ? sql`98` : 98 })));
  return db.select({ rows: count(), sum: sql<number>`sum(c98)` }).from(wide);
}

export async function getItems({ db }: Ctx) {
  return db.select().from(items).orderBy(asc(items.id));
}

export async function getItemsRelationally({ db }: Ctx) {
  return db.query.items.findMany({ columns: { id: true } });
}

export async function getItemsPrepared({ db }: Ctx, args: { from: number }) {
  const prepared = db
    .select({ id: items.id })
    .from(items)
    .where(gte(items.id, sql.placeholder("from")))
    .prepare();
  return prepared.all({ from: args.from });
}

export async function getItemsWithCte({ db }: Ctx) {
  const some = db.$with("some").as(db.select({ id: items.id }).from(items));
  return db.with(some).select().from(some);
}

export async function getItemsRaw({ unsafeRawDb }: Ctx) {
  return unsafeRawDb.all(sql`SELECT id FROM items`);
}

export async function countItemsOf({ db }: Ctx, args: { ids: number[] }) {
  return db.select({ rows: count() }).from(items).where(inArray(items.id, args.ids));
}

export async function countItemsNamed({ db }: Ctx, args: { names: string[]; flag: boolean }) {
  return db
    .select({ rows: count() })
    .from(items)
    .where(and(inArray(items.name, args.names), eq(items.flag, args.flag)));
}

/** What a conflict would undo is more than the statement. */
export async function rollBackByConflict({ db, unsafeRawDb }: Ctx) {
  await db.insert(items).values({ id: 1 });
  try {
    unsafeRawDb.run(sql`INSERT OR ROLLBACK INTO items (id) VALUES (1)`);
  } catch (error) {
    await db.insert(items).values({ id: 2 });
    return String(error);
  }
  return "never";
}

export async function renameItems({ db }: Ctx, args: { ids: number[] }) {
  return db.update(items).set({ n: 7 }).where(inArray(items.id, args.ids)).returning({ id: items.id });
}

// ── Every row ────────────────────────────────────────────────────────────────────────────────────────────────────────

const everyRow = {
  update: ({ db }: Ctx) => db.update(items).set({ n: 1 }),
  delete: ({ db }: Ctx) => db.delete(items),
  undefinedWhere: ({ db }: Ctx) => db.delete(items).where(undefined),
  returning: ({ db }: Ctx) => db.delete(items).returning(),
  cte: ({ db }: Ctx) => {
    const some = db.$with("some").as(db.select({ id: tasks.id }).from(tasks).where(eq(tasks.id, 1)));
    return db.with(some).delete(items);
  },
  transaction: ({ db }: Ctx) => db.transaction(async (tx) => tx.delete(items)),
  prepared: ({ db }: Ctx) => db.delete(items).prepare().execute(),
  raw: async ({ unsafeRawDb }: Ctx) => unsafeRawDb.run(sql`DELETE FROM items -- WHERE`),
  rawSecond: async ({ unsafeRawDb }: Ctx) => unsafeRawDb.run(sql`SELECT 1; DELETE FROM items`),
  whereInside: async ({ unsafeRawDb }: Ctx) =>
    unsafeRawDb.run(sql`UPDATE items SET n = (SELECT id FROM tasks WHERE id = 1)`),
};

export type EveryRow = keyof typeof everyRow;

export async function changeEveryRow(ctx: Ctx, args: { way: EveryRow }) {
  await everyRow[args.way](ctx);
}

export async function changeEveryRowOnPurpose({ db, unsafeRawDb }: Ctx) {
  await db.update(items).set({ n: 5 }).withoutWhere();
  await db.transaction(async (tx) => tx.update(items).set({ flag: true }).withoutWhere());
  unsafeRawDb.run(sql`UPDATE items SET name = NULL WHERE true`);
  return db.delete(items).withoutWhere().returning({ n: items.n, flag: items.flag, name: items.name });
}

// ── Values ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const values: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  big: 2n ** 40n,
  infinity: Infinity,
  bytes: new Uint8Array([1, 2, 3]).subarray(1),
  words: new Uint16Array([258]),
  null: null,
  tooBig: 2n ** 60n,
  nan: NaN,
  undefined,
  date: new Date(0),
  object: { a: 1 },
  array: [1],
  function: () => 1,
};

export async function storeAnything({ unsafeRawDb }: Ctx, args: { value: string }) {
  unsafeRawDb.run(sql`INSERT INTO items (anything) VALUES (${sql.param(values[args.value])})`);
  return unsafeRawDb.all(sql`SELECT typeof(anything) AS type, anything AS value FROM items`);
}

export async function storeText({ db }: Ctx, args: { length: number }) {
  await db.insert(items).values({ name: "ä".repeat(args.length) });
}

// ── The platform's own limits ────────────────────────────────────────────────────────────────────────────────────────

const beyond = {
  parameters: async ({ unsafeRawDb }: Ctx) => unsafeRawDb.all(sql.raw("SELECT id FROM items WHERE id = ?101")),
  columns: ({ db }: Ctx) => db.select().from(wide).innerJoin(items, eq(items.id, wide.id)),
  compound: ({ db }: Ctx) => {
    const select = () => db.select({ id: items.id }).from(items);
    return union(select(), select(), select(), select(), select(), select());
  },
  depth: ({ db }: Ctx) =>
    db
      .select()
      .from(items)
      .where(or(...numbered(150).map(() => sql`id = 1`))),
  rows: async ({ unsafeRawDb }: Ctx) =>
    unsafeRawDb.run(
      sql.raw(
        `INSERT INTO items (n) VALUES ${numbered(1001)
          .map((n) => `(${n})`)
          .join()}`,
      ),
    ),
  like: ({ db }: Ctx) =>
    db
      .select()
      .from(items)
      .where(like(items.name, "x".repeat(51))),
  text: async ({ unsafeRawDb }: Ctx) =>
    unsafeRawDb.all(sql.raw(`SELECT id FROM items WHERE name = '${"x".repeat(101_000)}'`)),
  arguments: async ({ unsafeRawDb }: Ctx) => unsafeRawDb.all(sql.raw(`SELECT max(${numbered(200).join()}) FROM items`)),
};

export type Beyond = keyof typeof beyond;

export async function goBeyond(ctx: Ctx, args: { limit: Beyond }) {
  return (await beyond[args.limit](ctx)) as unknown;
}
