/** What the model's clients call: every kind of call, and every way for one to go wrong. */
import { asc, count, eq, sql } from "drizzle-orm";
import { EdgePodError, action, mutation, query } from "../../src/index.ts";
import type { Context } from "../../src/index.ts";
import type * as schema from "./schema.ts";
import { journal, lists, notes, people, tasks } from "./schema.ts";

type Ctx = Context<typeof schema>;

interface Id {
  readonly id: number;
}

interface Named extends Id {
  readonly name: string;
}

interface NewTask extends Id {
  readonly title: string;
  readonly list: number;
  readonly person: number;
}

interface Slow extends Named {
  /** Milliseconds. */
  readonly wait: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

function no(): never {
  throw new EdgePodError("CONFLICT", "No.");
}

// ── Queries ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function getPeople({ db }: Ctx) {
  return db.select().from(people).orderBy(people.id);
}

export const getLists = query(async ({ db }: Ctx) => db.select().from(lists).orderBy(lists.id));

export async function getTasks({ db }: Ctx, { id }: Id) {
  return db.select().from(tasks).where(eq(tasks.listId, id)).orderBy(tasks.id);
}

export async function getNotes({ db }: Ctx) {
  return db.select().from(notes).orderBy(notes.id);
}

export async function getJournal({ db }: Ctx) {
  return db.select({ n: count() }).from(journal);
}

export async function getBoard({ db }: Ctx) {
  return db.query.lists.findMany({
    with: { entries: { with: { person: true }, orderBy: asc(tasks.id) } },
    orderBy: asc(lists.id),
  });
}

export async function getBusyPeople({ unsafeRawDb }: Ctx) {
  return unsafeRawDb.all(sql`SELECT name, n FROM busy_people ORDER BY name`);
}

export async function getFound({ unsafeRawDb }: Ctx) {
  return unsafeRawDb.all(sql`SELECT rowid FROM found WHERE found MATCH 'task' ORDER BY rowid`);
}

/** What it calls `journal` are the tasks. */
export async function getByHidingName({ unsafeRawDb }: Ctx) {
  return unsafeRawDb.all(sql`WITH journal AS (SELECT id, title FROM tasks) SELECT title FROM journal ORDER BY id`);
}

export async function getExtras({ unsafeRawDb }: Ctx) {
  return unsafeRawDb.all(sql`SELECT name FROM sqlite_schema WHERE name LIKE 'extra%' ORDER BY name`);
}

/** Reads SQLite's own table, which counts as everything. */
export async function getTotals({ unsafeRawDb }: Ctx) {
  return unsafeRawDb.all(
    sql`SELECT (SELECT count(*) FROM notes) AS notes, count(*) AS extras FROM sqlite_schema WHERE name LIKE 'extra%'`,
  );
}

export async function getTaskOrThrow({ db }: Ctx, { id }: Id) {
  const [task] = await db.select().from(tasks).where(eq(tasks.id, id));
  if (!task) throw new EdgePodError("NOT_FOUND", `No task ${id}.`);
  return task;
}

/** Reads two tables, and waits between them. */
export async function getSlowly({ db }: Ctx, { wait }: { wait: number }) {
  const done = await db.select({ n: count() }).from(tasks).where(eq(tasks.done, true));
  await sleep(wait);
  return { done, notes: await db.select({ n: count() }).from(notes) };
}

export async function getMine({ db, user }: Ctx) {
  const me = typeof user?.["sub"] === "string" ? user["sub"] : "nobody";
  return { me, people: await db.select().from(people).where(eq(people.name, me)) };
}

// ── Mutations ────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function setPerson({ db }: Ctx, { id, name }: Named) {
  await db.insert(people).values({ id, name }).onConflictDoUpdate({ target: people.id, set: { name } });
}

export const setList = mutation(async ({ db }: Ctx, { id, name }: Named) => {
  await db.insert(lists).values({ id, name }).onConflictDoUpdate({ target: lists.id, set: { name } });
});

export async function addTask({ db }: Ctx, { id, title, list, person }: NewTask) {
  await db.insert(tasks).values({ id, title, listId: list, personId: person }).onConflictDoNothing();
}

export async function replaceTask({ unsafeRawDb }: Ctx, { id, title, list }: NewTask) {
  unsafeRawDb.run(sql`REPLACE INTO tasks (id, title, list_id) VALUES (${id}, ${title}, ${list})`);
}

export async function finishTask({ db }: Ctx, { id }: Id) {
  await db.update(tasks).set({ done: true }).where(eq(tasks.id, id));
}

export async function addNote({ db }: Ctx, { id, name }: Named) {
  await db.insert(notes).values({ text: name, taskId: id });
}

export async function noteEverything({ unsafeRawDb }: Ctx) {
  unsafeRawDb.run(sql`INSERT INTO notes (text, task_id) SELECT title, id FROM tasks`);
}

export async function moveTasks({ unsafeRawDb }: Ctx, { id }: Id) {
  unsafeRawDb.run(
    sql`UPDATE tasks SET list_id = lists.id FROM lists WHERE lists.id = ${id} AND tasks.list_id <> lists.id`,
  );
}

export async function deleteList({ db }: Ctx, { id }: Id) {
  await db.delete(lists).where(eq(lists.id, id));
}

export async function deletePerson({ db }: Ctx, { id }: Id) {
  await db.delete(people).where(eq(people.id, id));
}

export async function deleteTask({ db }: Ctx, { id }: Id) {
  await db.delete(tasks).where(eq(tasks.id, id));
}

export async function writeAndWait({ db }: Ctx, { id, name, wait }: Slow) {
  await db.update(people).set({ name }).where(eq(people.id, id));
  await sleep(wait);
  await db.insert(notes).values({ text: name });
}

export async function writeAndThrow({ db }: Ctx, { id, name, wait }: Slow) {
  await db.update(people).set({ name }).where(eq(people.id, id));
  await sleep(wait);
  no();
}

/** Its transaction is undone; what it wrote around it stays. */
export async function undoAPart({ db }: Ctx, { id, name, wait }: Slow) {
  await db.update(lists).set({ name }).where(eq(lists.id, id));
  await db
    .transaction(async (tx) => {
      await tx.insert(notes).values({ text: name });
      await sleep(wait);
      tx.rollback();
    })
    .catch(() => undefined);
  await db.update(people).set({ name }).where(eq(people.id, id));
}

/** Three transactions at once, of which one fails. */
export async function writeSideBySide({ db }: Ctx, { name, wait }: Slow) {
  await Promise.allSettled(
    [1, 2, 3].map((id) =>
      db.transaction(async (tx) => {
        await tx.update(people).set({ name }).where(eq(people.id, id));
        await sleep(wait);
        if (id === 2) no();
        await tx.insert(notes).values({ text: name });
      }),
    ),
  );
}

export async function changeNothing({ db }: Ctx) {
  await db.update(tasks).set({ title: "never" }).where(eq(tasks.id, -1));
}

export async function createExtra({ unsafeRawDb }: Ctx, { id }: Id) {
  unsafeRawDb.run(sql.raw(`CREATE TABLE IF NOT EXISTS extra_${id} (id INTEGER PRIMARY KEY)`));
}

export async function dropExtra({ unsafeRawDb }: Ctx, { id }: Id) {
  unsafeRawDb.run(sql.raw(`DROP TABLE IF EXISTS extra_${id}`));
}

export async function createExtraAndThrow({ unsafeRawDb }: Ctx, { id }: Id) {
  unsafeRawDb.run(sql.raw(`CREATE TABLE IF NOT EXISTS extra_${id} (id INTEGER PRIMARY KEY)`));
  no();
}

/** The view shows another thing from now on, and nothing that it reads has been written. */
export async function redefineView({ unsafeRawDb }: Ctx, { id }: Id) {
  unsafeRawDb.run(sql.raw("DROP VIEW busy_people"));
  unsafeRawDb.run(
    sql.raw(`CREATE VIEW busy_people AS SELECT name, ${id} AS n FROM ${id % 2 === 0 ? "people" : "lists"}`),
  );
}

export async function invalidate(ctx: Ctx, { id }: Id) {
  ctx.invalidate(id === 0 ? "*" : ["tasks"]);
}

// ── Actions ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const act = action(async ({ db }: Ctx, { id, name, wait }: Slow) => {
  await db.update(people).set({ name }).where(eq(people.id, id));
  await db.select().from(lists);
  await sleep(wait);
  await db.insert(notes).values({ text: name });
});

export const actAndThrow = action(async ({ db }: Ctx, { id, name, wait }: Slow) => {
  await db.update(lists).set({ name }).where(eq(lists.id, id));
  await sleep(wait);
  no();
});

export const actInTransaction = action(async ({ db }: Ctx, { id, name, wait }: Slow) => {
  await sleep(wait);
  await db.transaction(async (tx) => {
    await tx.update(people).set({ name }).where(eq(people.id, id));
    await sleep(wait);
    await tx.insert(notes).values({ text: name });
  });
});

export const actAndUndo = action(async ({ db }: Ctx, { name, wait }: Slow) => {
  await db.insert(notes).values({ text: `${name} stays` });
  await db.transaction(async (tx) => {
    await tx.insert(notes).values({ text: name });
    await sleep(wait);
    no();
  });
});
