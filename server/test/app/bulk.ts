/** Functions that bind more than the platform does at once, or store more than it does in a row. */
import { DrizzleQueryError, eq, inArray, notInArray, sql } from "drizzle-orm";
import type { Context } from "../../src/index.ts";
import type * as schema from "./schema.ts";
import { items, nodes, tasks } from "./schema.ts";

type Ctx = Context<typeof schema>;

const numbered = (length: number) => Array.from({ length }, (_, index) => index + 1);

/** 150 rows that are a part of a select. */
export async function addItemsBesideSelected({ unsafeRawDb }: Ctx) {
  const rows = sql.join(
    numbered(150).map((n) => sql`(${n + 0.5})`),
    sql`, `,
  );
  unsafeRawDb.run(sql`INSERT INTO items (n) SELECT 1 UNION ALL VALUES ${rows}`);
  return unsafeRawDb.get(sql`SELECT count(*) AS rows, sum(n) AS sum FROM items`);
}

/** Each refers to the next, and says how many there were before. */
const chained = (length: number) =>
  numbered(length).map((id) => ({
    id,
    parentId: id === length ? null : id + 1,
    label: sql`'n' || ${String(id)}`,
    rank: sql`(SELECT count(*) FROM nodes) + ${id}`,
  }));

const chains = {
  builder: ({ db }: Ctx) => db.insert(nodes).values(chained(300)).returning(),
  with: ({ db }: Ctx) => {
    const some = db.$with("some").as(db.select({ id: tasks.id }).from(tasks));
    return db.with(some).insert(nodes).values(chained(300)).returning();
  },
  transaction: ({ db }: Ctx) => db.transaction(async (tx) => tx.insert(nodes).values(chained(300)).returning()),
  prepared: ({ db }: Ctx) =>
    db
      .insert(nodes)
      .values(chained(300).map((row) => ({ ...row, parentId: sql`${sql.placeholder("parent")} + ${row.parentId}` })))
      .returning()
      .prepare()
      .execute({ parent: 0 }),
  raw: async ({ unsafeRawDb }: Ctx) => {
    const rows = chained(300).map(({ id, parentId, label, rank }) => sql`(${id}, ${parentId}, ${label}, ${rank})`);
    return unsafeRawDb.all(
      sql`INSERT INTO nodes VALUES ${sql.join(rows, sql`, `)} RETURNING id, parent_id AS parentId, label, rank`,
    );
  },
};

export type Chain = keyof typeof chains;

export async function addChain(ctx: Ctx, args: { way: Chain }): Promise<unknown> {
  return chains[args.way](ctx);
}

export async function findItemsByOddLists({ db, unsafeRawDb }: Ctx) {
  const bytes = (id: number) => new Uint8Array([id >> 8, id, 0, 255]);
  await db.insert(items).values([
    { id: 1, name: "1.0", n: Infinity, bytes: bytes(1) },
    { id: 2, name: "2", n: 0.5, bytes: bytes(2) },
    { id: 3, name: null, n: null, bytes: null },
  ]);
  const rest = numbered(200).map((id) => id + 1000);
  const only = { id: items.id };
  const numbers = sql.join(
    [1, ...rest].map((id) => sql`${id}`),
    sql`, `,
  );
  return {
    bytes: await db
      .select(only)
      .from(items)
      .where(inArray(items.bytes, [bytes(2), ...rest.map(bytes)])),
    infinite: await db
      .select(only)
      .from(items)
      .where(inArray(items.n, [...rest, Infinity])),
    others: await db
      .select(only)
      .from(items)
      .where(notInArray(items.n, [...rest, Infinity])),
    textOfNumbers: unsafeRawDb.all(sql`SELECT id FROM items WHERE name IN (${numbers})`),
    cases: await db
      .update(items)
      .set({
        n: sql`CASE ${sql.join(
          rest.map((id) => sql`WHEN id = ${id - 1000} THEN ${id}`),
          sql` `,
        )} END`,
      })
      .where(
        inArray(
          items.id,
          rest.map((id) => id - 1000),
        ),
      )
      .returning({ id: items.id, n: items.n }),
  };
}

const tooLarge = {
  row: ({ db }: Ctx) => db.insert(items).values({ name: "x".repeat(1_200_000), bytes: new Uint8Array(1_200_000) }),
  rowOfMany: ({ db }: Ctx) =>
    db
      .insert(items)
      .values(
        numbered(40).map((id) => ({ id, name: `${id}${"x".repeat(25_000 * id)}`, bytes: new Uint8Array(300_000) })),
      ),
  updated: async ({ db }: Ctx) => {
    await db.insert(items).values({ id: 1, name: "x".repeat(1_500_000) });
    await db
      .update(items)
      .set({ bytes: new Uint8Array(600_000) })
      .where(eq(items.id, 1));
  },
  zeroblob: async ({ unsafeRawDb }: Ctx) =>
    unsafeRawDb.run(sql`INSERT INTO items (bytes) VALUES (zeroblob(3000000)) RETURNING id`),
  huge: async ({ unsafeRawDb }: Ctx) => unsafeRawDb.run(sql`INSERT INTO items (bytes) VALUES (zeroblob(30000000))`),
  doubled: async ({ db }: Ctx) => {
    await db.insert(items).values({ id: 1, name: "x".repeat(1_500_000) });
    await db
      .update(items)
      .set({ name: sql`name || name` })
      .withoutWhere();
  },
  copied: async ({ db }: Ctx) => {
    await db.insert(items).values({ id: 1, name: "x".repeat(1_500_000) });
    await db
      .update(items)
      .set({ bytes: sql`name` })
      .withoutWhere();
  },
  selected: async ({ db, unsafeRawDb }: Ctx) => {
    await db.insert(items).values({ id: 1, name: "x".repeat(1_500_000) });
    unsafeRawDb.run(sql`INSERT INTO items (name, bytes) SELECT name || 'y', name FROM items`);
  },
  read: async ({ db, unsafeRawDb }: Ctx) => {
    await db.insert(items).values({ id: 1, name: "x".repeat(1_500_000) });
    unsafeRawDb.all(sql`SELECT name || name FROM items`);
  },
};

export type TooLarge = keyof typeof tooLarge;

/** What is left when the function goes on. */
export async function storeTooLarge(ctx: Ctx, args: { way: TooLarge }) {
  let message = "stored";
  try {
    await tooLarge[args.way](ctx);
  } catch (error) {
    // Drizzle wraps what the builder's statements throw.
    message = String(error instanceof DrizzleQueryError ? error.cause : error);
  }
  const [left] = await ctx.db
    .select({ most: sql<number | null>`max(ifnull(octet_length(name), 0) + ifnull(octet_length(bytes), 0))` })
    .from(items);
  return { message, most: left?.most ?? 0 };
}
