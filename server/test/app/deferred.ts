/** Functions that break a foreign key which SQLite looks at only when it commits: in each way in which a pod commits. */
import { sql } from "drizzle-orm";
import { action, mutation } from "../../src/index.ts";
import type { Context, RawDatabase } from "../../src/index.ts";
import type * as schema from "./schema.ts";

type Ctx = Context<typeof schema>;
type Raw = RawDatabase<typeof schema>;

interface Args {
  readonly parent: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

const addChild = (db: Raw, parent: number) => db.run(sql`INSERT INTO late_children (parent) VALUES (${parent})`);
const addParent = (db: Raw, id: number) => db.run(sql`INSERT INTO late_parents (id) VALUES (${id})`);

export async function createDeferred({ unsafeRawDb }: Ctx, { declares }: { readonly declares: boolean }) {
  unsafeRawDb.run(sql`CREATE TABLE late_parents (id INTEGER PRIMARY KEY)`);
  unsafeRawDb.run(
    sql.raw(`CREATE TABLE late_children (
      id INTEGER PRIMARY KEY,
      parent INTEGER REFERENCES late_parents (id) ${declares ? "DEFERRABLE INITIALLY DEFERRED" : ""}
    )`),
  );
}

export async function countChildren({ unsafeRawDb }: Ctx) {
  return unsafeRawDb.all(sql`SELECT parent FROM late_children`);
}

export async function addOrphan({ unsafeRawDb }: Ctx, { parent }: Args) {
  addChild(unsafeRawDb, parent);
}

/** As it is meant to be used: the child first. */
export const addChildThenParent = mutation(async ({ unsafeRawDb }: Ctx, { parent }: Args) => {
  addChild(unsafeRawDb, parent);
  await sleep(2);
  addParent(unsafeRawDb, parent);
});

export const addOrphanAlone = action(async ({ unsafeRawDb, db }: Ctx, { parent }: Args) => {
  await db.query.people.findFirst();
  addChild(unsafeRawDb, parent);
});

export const addOrphanInTransaction = action(async ({ unsafeRawDb, db }: Ctx, { parent }: Args) => {
  await db.transaction(async () => {
    addChild(unsafeRawDb, parent);
    await sleep(2);
  });
});

/** The inner transaction leaves an orphan, which the outer one may still give its parent. */
export async function addOrphanInInner(
  { unsafeRawDb, db }: Ctx,
  { parent, adopts }: Args & { readonly adopts: boolean },
) {
  await db.transaction(async () => {
    addChild(unsafeRawDb, parent);
    await sleep(2);
  });
  if (adopts) addParent(unsafeRawDb, parent);
}

export async function removeParent({ unsafeRawDb }: Ctx, { parent }: Args) {
  unsafeRawDb.run(sql`DELETE FROM late_parents WHERE id = ${parent}`);
}

export async function deferAndAddOrphan({ unsafeRawDb }: Ctx, { parent }: Args) {
  unsafeRawDb.run(sql`PRAGMA defer_foreign_keys = ON`);
  addChild(unsafeRawDb, parent);
}

/** Outside of a transaction it holds until somebody commits. */
export const deferAndLeave = action(async ({ unsafeRawDb }: Ctx) => {
  unsafeRawDb.run(sql`PRAGMA defer_foreign_keys = ON`);
});
