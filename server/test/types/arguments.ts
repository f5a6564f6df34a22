// What the compiler accepts and refuses of functions with schemas. Checked by `tsc -b`; never run.
import type { Arguments, Client, FunctionName, Result } from "@edgepod/core";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { createMiddleware, mutation, query } from "../../src/index.ts";
import type { Context, Next } from "../../src/index.ts";
import type * as functions from "../app/functions.ts";
import type * as schema from "../app/schema.ts";

type Functions = typeof functions;
type Ctx = Context<typeof schema>;

// The caller passes what the schema takes in; the function is given what it gives out.
expectTypeOf<Arguments<Functions["addArkTask"]>>().toEqualTypeOf<[args: { title: string; n?: string }]>();
expectTypeOf<Arguments<Functions["addValibotTask"]>>().toEqualTypeOf<
  [args: { title: string; tags?: string[] | undefined }]
>();
expectTypeOf<Arguments<Functions["addNotedTask"]>>().toEqualTypeOf<[args: { n: string }]>();
expectTypeOf<Arguments<Functions["countUpTo"]>>().toEqualTypeOf<[args?: { last?: number | undefined } | undefined]>();
expectTypeOf<Result<Functions["addNotedTask"]>>().toEqualTypeOf<string>();
expectTypeOf<Result<Functions["addValibotTask"]>>().toEqualTypeOf<{ title: string; tags: string[] }>();

// Kinds stay pinned, through a middleware as well.
type Queries = FunctionName<Functions, "query">;
expectTypeOf<"countUpTo">().toExtend<Queries>();
expectTypeOf<Extract<Queries, "addNotedTask" | "addZodTask" | "addArkTask">>().toEqualTypeOf<never>();
expectTypeOf<"addNotedTask" | "addZodTask" | "addPinnedTask">().toExtend<FunctionName<Functions, "mutation">>();
expectTypeOf<Functions["addArkTask"]["kind"]>().toEqualTypeOf<"action">();

export async function calls(client: Client<Functions>): Promise<void> {
  await client.query("countUpTo");
  await client.mutate("addNotedTask", { n: "1" });
  // @ts-expect-error its argument is missing
  await client.mutate("addNotedTask");
  // @ts-expect-error what the schema gives out isn't what it takes in
  await client.mutate("addNotedTask", { n: 1 });
  // @ts-expect-error no such member
  await client.mutate("addZodTask", { title: "One", done: true });
  // @ts-expect-error a title is needed
  await client.mutate("addZodTask", {});
  // @ts-expect-error a mutation isn't asked for as a query
  await client.query("addZodTask", { title: "One" });
  // @ts-expect-error a number
  await client.query("countUpTo", { last: "3" });
}

query({ args: z.object({ n: z.string().transform(Number) }) }, (_ctx: Ctx, args) => {
  expectTypeOf(args).toEqualTypeOf<{ n: number }>();
});
// @ts-expect-error the function wants what the schema doesn't give
query({ args: z.object({ n: z.string() }) }, (_ctx: Ctx, args: { n: number }) => args.n);
// @ts-expect-error not a schema
mutation({ args: { n: "string" } }, (_ctx: Ctx, args: unknown) => args);
// @ts-expect-error the function is missing
mutation({ args: z.object({}) });

const withName = createMiddleware(async (ctx: Ctx, _args, next: Next<Ctx & { readonly name: string }>) =>
  next({ ...ctx, name: "ada" }),
);
const named = withName(
  query({ args: z.string().optional() }, (ctx: Ctx & { readonly name: string }, prefix) => prefix + ctx.name),
);
expectTypeOf(named).parameters.toEqualTypeOf<[ctx: Ctx, args?: string | undefined]>();
expectTypeOf<(typeof named)["kind"]>().toEqualTypeOf<"query">();
// @ts-expect-error what the middleware adds isn't what it gives
withName(query({ args: z.string() }, (ctx: Ctx & { readonly name: number }, prefix) => prefix + String(ctx.name)));
