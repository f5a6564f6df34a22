/** Everything that the browser may call. Plain functions: `useQuery` reads with them, `useMutation` writes. */
import { EdgePodError } from "@edgepod/server";
import { count, desc, eq, sql, sum } from "drizzle-orm";
import type { Ctx } from "./context.ts";
import { notes, people, projects, tasks } from "./schema.ts";

/** Tasks of one project, or of all, each with its project and the person who does it. */
export async function getTasks(ctx: Ctx, args: { project?: number } = {}) {
  return ctx.db
    .select({
      id: tasks.id,
      title: tasks.title,
      done: tasks.done,
      project: { id: projects.id, name: projects.name },
      assignee: { id: people.id, name: people.name },
    })
    .from(tasks)
    .innerJoin(projects, eq(tasks.projectId, projects.id))
    .leftJoin(people, eq(tasks.assigneeId, people.id))
    .where(args.project === undefined ? undefined : eq(tasks.projectId, args.project))
    .orderBy(tasks.id);
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

export async function addTask(ctx: Ctx, args: { title: string; project: number; assignee?: number | null }) {
  const [task] = await ctx.db
    .insert(tasks)
    .values({ title: required(args.title, "title"), projectId: args.project, assigneeId: args.assignee })
    .returning();
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
    .returning({ id: tasks.id });
  if (changed.length === 0) throw gone();
}

export async function setDone(ctx: Ctx, args: { id: number; done: boolean }) {
  const changed = await ctx.db
    .update(tasks)
    .set({ done: args.done })
    .where(eq(tasks.id, args.id))
    .returning({ id: tasks.id });
  if (changed.length === 0) throw gone();
}

export async function deleteTask(ctx: Ctx, args: { id: number }) {
  await ctx.db.delete(tasks).where(eq(tasks.id, args.id));
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

function required(text: string, name: string): string {
  const trimmed = text.trim();
  if (trimmed === "") throw new EdgePodError("INVALID_ARGUMENTS", `Please give it a ${name}.`);
  return trimmed;
}

function gone(): EdgePodError {
  return new EdgePodError("NOT_FOUND", "Somebody has deleted this task.");
}
