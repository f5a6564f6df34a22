/** One read by each way of making a statement, past one guard. */
import { and, gte, inArray, like, sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import type { Context } from "../../src/index.ts";
import type * as schema from "./schema.ts";
import { items } from "./schema.ts";

type Ctx = Context<typeof schema>;

const id = { id: items.id };

const all = {
  builder: ({ db }: Ctx, where: SQL | undefined) => db.select(id).from(items).where(where),
  with: ({ db }: Ctx, where: SQL | undefined) => {
    const some = db.$with("some").as(db.select(id).from(items).where(where));
    return db.with(some).select().from(some);
  },
  tx: ({ db }: Ctx, where: SQL | undefined) => db.transaction(async (tx) => tx.select(id).from(items).where(where)),
  relational: ({ db }: Ctx, where: SQL | undefined) => db.query.items.findMany({ columns: { id: true }, where }),
  prepared: ({ db }: Ctx, where: SQL | undefined) => db.select(id).from(items).where(where).prepare().all(),
  unsafeRawDb: async ({ unsafeRawDb }: Ctx, where: SQL | undefined) =>
    unsafeRawDb.all(sql`SELECT ${items.id} FROM ${items} WHERE ${where}`),
};

const first = {
  builder: ({ db }: Ctx) => db.select(id).from(items).get(),
  with: ({ db }: Ctx) => {
    const some = db.$with("some").as(db.select(id).from(items));
    return db.with(some).select().from(some).get();
  },
  tx: ({ db }: Ctx) => db.transaction(async (tx) => tx.select(id).from(items).get()),
  relational: ({ db }: Ctx) => db.query.items.findFirst({ columns: { id: true } }),
  prepared: ({ db }: Ctx) => db.select(id).from(items).prepare().get(),
  unsafeRawDb: async ({ unsafeRawDb }: Ctx) => unsafeRawDb.get(sql`SELECT id FROM items`),
};

const conditions = {
  rows: gte(items.id, 0),
  list: inArray(
    items.id,
    Array.from({ length: 2000 }, (_, index) => index + 1000),
  ),
  value: sql`${items.n} = ${sql.param(NaN)}`,
  pattern: like(items.name, "x".repeat(51)),
  depth: and(...Array.from({ length: 150 }, () => sql`id = 1`)),
};

export type Way = keyof typeof all;
export type Guard = keyof typeof conditions;

export async function readItems(ctx: Ctx, args: { way: Way; guard: Guard }) {
  return all[args.way](ctx, conditions[args.guard]);
}

export async function readFirstItem(ctx: Ctx, args: { way: Way }) {
  return first[args.way](ctx);
}
