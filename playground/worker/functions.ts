/** Everything that the browser may call. Plain functions: `useQuery` reads with them, `useMutation` writes. */
import { EdgePodError } from "@edgepod/server";
import { and, asc, count, desc, eq, inArray, lt, sql, sum } from "drizzle-orm";
import type { Ctx } from "./context.ts";
import { activity, notes, people, projects, tasks } from "./schema.ts";

/** How many lines of the feed make a page. */
const PAGE = 8;

type What = typeof activity.$inferInsert.what;

/**
 * Tasks of one project, or of all, each with its project and the person who does it: open ones first. `search` takes the
 * beginnings of words.
 */
export async function getTasks(ctx: Ctx, { project, search = "" }: { project?: number | null; search?: string } = {}) {
  const words = search.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const found = words.map((word) => `"${word}"*`).join(" ");
  return ctx.db.query.tasks.findMany({
    columns: { id: true, title: true, done: true },
    with: { project: true, assignee: true },
    where: and(
      project == null ? undefined : eq(tasks.projectId, project),
      found === ""
        ? undefined
        : inArray(tasks.id, sql`(SELECT rowid FROM task_search WHERE task_search MATCH ${found})`),
    ),
    orderBy: [asc(tasks.done), asc(tasks.id)],
  });
}

/** The feed, newest first: what comes after the line `before`. */
export async function getActivity(ctx: Ctx, { before }: { before: number | null }) {
  return ctx.db.query.activity.findMany({
    where: before === null ? undefined : lt(activity.id, before),
    orderBy: [desc(activity.id)],
    limit: PAGE,
  });
}

/** Every project with the number of its tasks, and of those that are done. */
export async function getProjectCounts(ctx: Ctx) {
  const counts = ctx.db.$with("counts").as(
    ctx.db
      .select({ projectId: tasks.projectId, total: count().as("total"), done: sum(tasks.done).as("done") })
      .from(tasks)
      .groupBy(tasks.projectId),
  );
  return ctx.db
    .with(counts)
    .select({
      id: projects.id,
      name: projects.name,
      total: sql<number>`coalesce(${counts.total}, 0)`,
      done: sql<number>`coalesce(${counts.done}, 0)`,
    })
    .from(projects)
    .leftJoin(counts, eq(counts.projectId, projects.id))
    .orderBy(projects.name);
}

export async function getPeople(ctx: Ctx) {
  return ctx.db.select().from(people).orderBy(people.name);
}

/** The caller makes the id, so that the row it shows before the pod has answered is the row that stays. */
export async function addTask(
  ctx: Ctx,
  args: { id?: number; title: string; project: number; assignee?: number | null },
) {
  const title = required(args.title, "title");
  const [task] = await ctx.db
    .insert(tasks)
    .values({ id: args.id, title, projectId: args.project, assigneeId: args.assignee })
    .returning();
  await note(ctx, "added", title);
  return task;
}

export async function updateTask(
  ctx: Ctx,
  args: { id: number; title?: string; project?: number; assignee?: number | null },
) {
  const title = args.title === undefined ? undefined : required(args.title, "title");
  const changed = await ctx.db
    .update(tasks)
    .set({ title, projectId: args.project, assigneeId: args.assignee })
    .where(eq(tasks.id, args.id))
    .returning({ title: tasks.title });
  await noteChange(ctx, "changed", changed);
}

export async function setDone(ctx: Ctx, args: { id: number; done: boolean }) {
  const changed = await ctx.db
    .update(tasks)
    .set({ done: args.done })
    .where(eq(tasks.id, args.id))
    .returning({ title: tasks.title });
  await noteChange(ctx, args.done ? "done" : "reopened", changed);
}

/** Somebody may have been faster: then nothing is written, and nobody hears of it. */
export async function deleteTask(ctx: Ctx, args: { id: number }) {
  const [deleted] = await ctx.db.delete(tasks).where(eq(tasks.id, args.id)).returning({ title: tasks.title });
  if (deleted) await note(ctx, "deleted", deleted.title);
}

/** The newest first. */
export async function getNotes(ctx: Ctx) {
  return ctx.db.select().from(notes).orderBy(desc(notes.id));
}

export async function addNote(ctx: Ctx, args: { text: string }) {
  await ctx.db.insert(notes).values({ text: required(args.text, "text"), writtenAt: new Date() });
}

export async function deleteNote(ctx: Ctx, args: { id: number }) {
  await ctx.db.delete(notes).where(eq(notes.id, args.id));
}

async function noteChange(ctx: Ctx, what: What, changed: readonly { readonly title: string }[]): Promise<void> {
  const [task] = changed;
  if (!task) throw new EdgePodError("NOT_FOUND", "Somebody has deleted this task.");
  await note(ctx, what, task.title);
}

async function note(ctx: Ctx, what: What, title: string): Promise<void> {
  await ctx.db.insert(activity).values({ what, title, at: new Date() });
}

function required(text: string, name: string): string {
  const trimmed = text.trim();
  if (trimmed === "") throw new EdgePodError("INVALID_ARGUMENTS", `Please give it a ${name}.`);
  return trimmed;
}
