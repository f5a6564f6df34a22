/** Functions whose arguments are checked: by each of three validators, alone and inside of a middleware. */
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { action, createMiddleware, mutation, query } from "../../src/index.ts";
import type { Context, Next } from "../../src/index.ts";
import type * as schema from "./schema.ts";
import { notes, tasks } from "./schema.ts";

type Ctx = Context<typeof schema>;

export const zodTask = z.object({
  title: z.string().min(1, "A title is needed."),
  at: z.object({ line: z.coerce.number<string>() }).optional(),
});

export const addZodTask = mutation({ args: zodTask }, async ({ db }: Ctx, args) => {
  await db.insert(tasks).values({ title: args.title });
  return args;
});

export const addValibotTask = mutation(
  {
    args: v.object({ title: v.pipe(v.string(), v.trim(), v.minLength(1)), tags: v.optional(v.array(v.string()), []) }),
  },
  async ({ db }: Ctx, args) => {
    await db.insert(tasks).values({ title: args.title });
    return args;
  },
);

export const addArkTask = action(
  { args: type({ title: "string > 0", "n?": "string.integer.parse" }) },
  async ({ db }: Ctx, args) => {
    await db.insert(tasks).values({ title: args.title });
    return args;
  },
);

const UniqueTitle = z.string().refine(async (title) => {
  await new Promise((resolve) => void setTimeout(resolve, 5));
  return title !== "taken";
}, "It is taken.");

export const addTaskAfterAsking = mutation({ args: z.object({ title: UniqueTitle }) }, async ({ db }: Ctx, args) => {
  await db.insert(tasks).values(args);
});

/** Its arguments may be left out. */
export const countUpTo = query({ args: z.object({ last: z.int().default(3) }).optional() }, (_ctx: Ctx, args) => {
  return Array.from({ length: args?.last ?? 3 }, (_, index) => index + 1);
});

/** Writes down whom it let through, before the function runs. */
const noted = createMiddleware(async (ctx: Ctx, args, next: Next<Ctx & { readonly noted: string }>) => {
  await ctx.db.insert(notes).values({ text: JSON.stringify(args) });
  return next({ ...ctx, noted: "noted" });
});

/** A schema that would refuse what it has given out: it is asked once. */
export const addNotedTask = noted(
  mutation(
    { args: z.object({ n: z.string().transform(Number) }) },
    async (ctx: Ctx & { readonly noted: string }, { n }) => `${ctx.noted} ${n + 1}`,
  ),
);

/** A function of the server's that calls another, as ordinary code does. */
export const addTaskThroughAnother = mutation(async (ctx: Ctx, args: { title: string }) => addZodTask(ctx, args));

/** Pinned once more, around the middleware. */
export const addPinnedTask = mutation(noted(addZodTask));
