/** The functions of the app under test: each is one thing that an app does, or does wrong. */
import { eq, sql } from "drizzle-orm";
import { EdgePodError, action, createMiddleware, mutation, query } from "../../src/index.ts";
import type { Context, Next, User } from "../../src/index.ts";
import type * as schema from "./schema.ts";
import { notes, people, tasks } from "./schema.ts";

export * from "./bulk.ts";
export * from "./checked.ts";
export * from "./deferred.ts";
export * from "./guarded.ts";
export * from "./once.ts";
export * from "./ways.ts";

type Ctx = Context<typeof schema, { readonly GREETING: string }>;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

// ── Queries ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function getTasks({ db }: Ctx) {
  return db.select({ id: tasks.id, title: tasks.title }).from(tasks);
}

export async function getNotes({ db }: Ctx) {
  return db.select().from(notes);
}

export async function getBoard({ db }: Ctx) {
  return db.query.tasks.findMany({ with: { person: true } });
}

export const getPeople = query(async ({ db }: Ctx) => db.select().from(people));

export async function getTask({ db }: Ctx, args: { id: number }) {
  return db.query.tasks.findFirst({ where: eq(tasks.id, args.id) });
}

export async function getTaskOrThrow({ db }: Ctx, args: { id: number }) {
  const [task] = await db.select().from(tasks).where(eq(tasks.id, args.id));
  if (!task) throw new EdgePodError("NOT_FOUND", `No task ${args.id}.`, { retryAfterMs: 3000 });
  return task;
}

/** Waits before and after it reads, so that other calls come in between. */
export async function getTasksSlowly({ db }: Ctx, args: { before?: number; after?: number }) {
  await sleep(args.before ?? 0);
  const rows = await db.select({ title: tasks.title }).from(tasks);
  await sleep(args.after ?? 0);
  return rows;
}

export async function getNotesSlowly({ db }: Ctx, args: { before: number }) {
  await sleep(args.before);
  return db.select({ text: notes.text }).from(notes);
}

/** Reads its second table after a while. */
export async function getTasksThenNotes({ db }: Ctx, args: { between: number }) {
  const { length } = await db.select().from(tasks);
  await sleep(args.between);
  return { tasks: length, notes: (await db.select().from(notes)).length };
}

/** More than half of what a batch has room for. */
export async function getBig() {
  return "x".repeat(600_000);
}

export async function getNothing() {
  return "nothing";
}

export async function kindOf(_ctx: Ctx, { value }: { value: unknown }) {
  return Object.prototype.toString.call(value);
}

export async function echo(_ctx: Ctx, args: unknown) {
  return args;
}

export async function getCaller({ user, env, headers }: Ctx) {
  return { user, greeting: env.GREETING, agent: headers.get("user-agent") };
}

export async function getThroughView({ unsafeRawDb }: Ctx) {
  return unsafeRawDb.all<{ title: string }>(sql`SELECT title FROM open_tasks`);
}

// ── Mutations ────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function addTask({ db }: Ctx, args: { title: string }) {
  const [task] = await db.insert(tasks).values(args).returning({ id: tasks.id });
  return task;
}

export async function addNote({ db }: Ctx, args: { text: string }) {
  await db.insert(notes).values(args);
}

export const renameTask = mutation(async ({ db }: Ctx, args: { id: number; title: string }) => {
  await db.update(tasks).set({ title: args.title }).where(eq(tasks.id, args.id));
});

export async function addTaskThenThrow({ db }: Ctx, args: { title: string }) {
  await db.insert(tasks).values(args);
  throw new EdgePodError("CONFLICT", "Not that one.", { data: { title: args.title } });
}

export async function addTaskThenCrash({ db }: Ctx, args: { title: string }) {
  await db.insert(tasks).values(args);
  throw new Error("secret detail: SELECT password FROM users");
}

export async function addTaskAfterReadingNotes({ db }: Ctx, args: { title: string }) {
  const rows = await db.select().from(notes);
  await db.insert(tasks).values(args);
  return rows.length;
}

/** Its transaction fails after an await; what it wrote before and after stays. */
export async function addTaskAroundFailedTransaction({ db }: Ctx, args: { title: string }) {
  await db.insert(tasks).values({ title: `${args.title} before` });
  try {
    await db.transaction(async (tx) => {
      await tx.insert(notes).values({ text: args.title });
      await sleep(5);
      tx.rollback();
    });
  } catch {
    await db.insert(tasks).values({ title: `${args.title} after` });
  }
}

/** Of two statements in one text the second fails; the first stays done. */
export async function addTaskByHalfAText({ unsafeRawDb }: Ctx, args: { title: string }) {
  try {
    unsafeRawDb.run(
      sql.raw(`INSERT INTO tasks (title) VALUES ('${args.title}'); INSERT INTO tasks (id) VALUES (NULL)`),
    );
  } catch {
    return "went on";
  }
  return "never";
}

/** A trigger changes one row, and fails at the next; SQLite keeps the first. */
export async function addNoteByFailingTrigger({ unsafeRawDb }: Ctx, args: { text: string }) {
  try {
    unsafeRawDb.run(sql.raw(`INSERT INTO tasks (title) VALUES ('${args.text}')`));
  } catch {
    return "went on";
  }
  return "never";
}

export async function createFailingTrigger({ unsafeRawDb }: Ctx) {
  unsafeRawDb.run(sql`
    CREATE TRIGGER half BEFORE INSERT ON tasks BEGIN
      INSERT OR FAIL INTO notes (id, text) VALUES (1, new.title), (1, new.title);
    END`);
}

/** Leaves a statement behind that runs when the call is over. */
export const lateStatement: { failure: unknown } = { failure: null };
export async function addTaskLate({ db }: Ctx, args: { title: string }) {
  void sleep(20)
    .then(() => db.insert(tasks).values(args))
    .catch((error: unknown) => {
      lateStatement.failure = error;
    });
}

export async function addTaskForTooLong({ db }: Ctx, args: { title: string }) {
  await db.insert(tasks).values(args);
  await sleep(6000);
}

export async function createOpenTasksView({ unsafeRawDb }: Ctx) {
  unsafeRawDb.run(sql`CREATE VIEW IF NOT EXISTS open_tasks AS SELECT title FROM tasks WHERE NOT done`);
}

export async function removeTasks({ unsafeRawDb }: Ctx) {
  unsafeRawDb.run(sql`DELETE FROM tasks WHERE id > 0`);
}

export async function changeNothing({ db }: Ctx) {
  await db.update(tasks).set({ title: "never" }).where(eq(tasks.id, -1));
}

export async function saySomethingChanged(ctx: Ctx, args: { tables: string[] }) {
  ctx.invalidate(args.tables);
}

export async function useRawMethod({ db }: Ctx) {
  const untyped: object = db;
  return (untyped as { run(sql: string): unknown }).run("DELETE FROM tasks");
}

// ── Actions ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const addBoth = action(async ({ db }: Ctx, args: { title: string; wait: number }) => {
  await db.insert(tasks).values({ title: args.title });
  await db.select().from(people);
  await sleep(args.wait);
  await db.insert(notes).values({ text: args.title });
});

export const addTaskWhenever = action(async ({ db }: Ctx, args: { title: string; before: number }) => {
  await sleep(args.before);
  await db.insert(tasks).values({ title: args.title });
});

export const addNoteWhenever = action(async ({ db }: Ctx, args: { text: string; before: number }) => {
  await sleep(args.before);
  await db.insert(notes).values({ text: args.text });
});

export const addTaskThenThrowLater = action(async ({ db }: Ctx, args: { title: string }) => {
  await db.insert(tasks).values(args);
  await sleep(5);
  throw new EdgePodError("CONFLICT", "Too late to undo.");
});

export const addInFailingTransaction = action(async ({ db }: Ctx, args: { title: string }) => {
  await db.transaction(async (tx) => {
    await tx.insert(tasks).values(args);
    await sleep(5);
    throw new EdgePodError("CONFLICT", "Undo it.");
  });
});

/** Ordinary code: a transaction for each, all at once, of which one may fail. */
export async function addEach({ db }: Ctx, args: { titles: string[] }) {
  await Promise.all(
    args.titles.map((title) =>
      db.transaction(async (tx) => {
        if (title === "") throw new EdgePodError("CONFLICT", "A title is needed.");
        await tx.insert(tasks).values({ title });
        await sleep(5);
      }),
    ),
  );
}

/** Throws while a transaction inside it is open. */
export async function throwBesideTransaction({ db }: Ctx) {
  const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>();
  await Promise.all([
    db.transaction(async (tx) => {
      await tx.insert(tasks).values({ title: "inside" });
      opened();
      await sleep(20);
    }),
    isOpen.then(() => {
      throw new EdgePodError("CONFLICT", "no");
    }),
  ]);
}

/** Returns while a transaction inside it is open. */
export async function returnBesideTransaction({ db }: Ctx, args: { title: string }) {
  const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>();
  db.transaction(async (tx) => {
    await tx.insert(tasks).values(args);
    opened();
    await sleep(20);
  }).catch(() => undefined);
  await isOpen;
}

export async function addTaskInTooLongATransaction({ db }: Ctx, args: { title: string }) {
  await db.transaction(async (tx) => {
    await tx.insert(tasks).values(args);
    await sleep(6000);
  });
}

export const invalidateBesideTransaction = action(async (ctx: Ctx) => {
  const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>();
  const transaction = ctx.db.transaction(async (tx) => {
    await tx.insert(notes).values({ text: "inside" });
    opened();
    await sleep(20);
  });
  await isOpen;
  try {
    ctx.invalidate(["tasks"]);
  } finally {
    await transaction;
  }
});

export const writeBesideTransaction = action(async ({ db }: Ctx, args: { title: string }) => {
  const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>();
  const transaction = db.transaction(async (tx) => {
    await tx.insert(tasks).values({ title: `${args.title} inside` });
    opened();
    await sleep(20);
  });
  await isOpen;
  try {
    await db.insert(tasks).values({ title: `${args.title} beside` });
  } finally {
    await transaction;
  }
});

// ── Around functions ─────────────────────────────────────────────────────────────────────────────────────────────────

const withUser = createMiddleware(async (ctx: Ctx, _args, next: Next<Ctx & { user: User }>) => {
  if (!ctx.user) throw new EdgePodError("UNAUTHORIZED", "Log in first.");
  return next({ ...ctx, user: ctx.user });
});

export const getOwnName = withUser(async (ctx: Ctx & { user: User }, args: { prefix: string }) => {
  return `${args.prefix} ${String(ctx.user["sub"])}`;
});

export const notAFunction = "constants can't be called";
