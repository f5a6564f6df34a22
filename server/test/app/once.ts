/** Functions that a test repeats, and stops in the middle. */
import { EdgePodError, action, mutation } from "../../src/index.ts";
import type { Context } from "../../src/index.ts";
import type * as schema from "./schema.ts";
import { tasks } from "./schema.ts";

type Ctx = Context<typeof schema>;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

export const addTaskAndAnswer = mutation(async ({ db }: Ctx, args: { title: string; size: number; fill?: string }) => {
  await db.insert(tasks).values({ title: args.title });
  return (args.fill ?? "x").repeat(args.size);
});

export const addTaskAndDate = action(async ({ db }: Ctx, args: { title: string }) => {
  await db.insert(tasks).values(args);
  return { at: new Date(0), nothing: undefined };
});

/** How often it shall fail before it doesn't. */
export const failures = { left: 0 };
export const addTaskAtLast = mutation(async ({ db }: Ctx, args: { title: string }) => {
  await db.insert(tasks).values(args);
  failures.left -= 1;
  if (failures.left >= 0) throw new EdgePodError("CONFLICT", "Not yet.");
});

/** Writes, and waits for as long as it is told. */
export const addTaskAndWait = action(async ({ db }: Ctx, args: { title: string; ms: number }) => {
  await db.insert(tasks).values({ title: args.title });
  await sleep(args.ms);
  return "done";
});

export const addTaskThenCrashLater = action(async ({ db }: Ctx, args: { title: string }) => {
  await db.insert(tasks).values(args);
  throw new Error("secret detail");
});

/** Keep the pod to themselves, each in another way. */
export const holdInMutation = mutation(async (_ctx: Ctx, args: { ms: number }) => sleep(args.ms));

export const holdInTransactions = action(async ({ db }: Ctx, args: { ms: number }) => {
  await db.transaction(async () => sleep(args.ms));
  await db.transaction(async () => sleep(args.ms));
});

export function holdInOneTurn(_ctx: Ctx, args: { ms: number }) {
  for (const end = Date.now() + args.ms; Date.now() < end;);
}

export const waitOutside = action(async (_ctx: Ctx, args: { ms: number }) => sleep(args.ms));
