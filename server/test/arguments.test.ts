/** Argument schemas: what reaches a function, and what its caller is told otherwise. */
import { describe, expect, it } from "vitest";
import { createApp } from "./support/app.ts";

const QUERY = { "x-edgepod-intent": "query" };

interface Answered {
  readonly data: unknown;
  readonly error?: { readonly code: string; readonly message: string; readonly data: unknown };
}

async function ask(app: ReturnType<typeof createApp>, fn: string, args?: unknown, headers?: Record<string, string>) {
  const response = await app.post(`/rpc/${fn}`, { args }, headers);
  return { status: response.status, ...(await response.json<Answered>()) };
}

async function rowsOf(app: ReturnType<typeof createApp>): Promise<unknown> {
  const [tasks, notes] = await Promise.all([ask(app, "getTasks", {}, QUERY), ask(app, "getNotes", {}, QUERY)]);
  return [tasks.data, notes.data];
}

describe.each([
  ["zod", "addZodTask", { title: "One", at: { line: "7" } }, { title: "One", at: { line: 7 } }],
  ["valibot", "addValibotTask", { title: " One " }, { title: "One", tags: [] }],
  ["arktype", "addArkTask", { title: "One", n: "7" }, { title: "One", n: 7 }],
])("arguments checked by %s", (_, fn, given, received) => {
  it("reach the function as the schema gives them out", async () => {
    expect((await ask(createApp(), fn, given)).data).toEqual(received);
  });

  it.each([["nothing"], [{}], [{ title: "" }], [{ title: 1 }]])(
    "that are %j are refused, and nothing runs",
    async (args) => {
      const app = createApp();
      const { status, error } = await ask(app, fn, args === "nothing" ? undefined : args);
      expect(status).toBe(400);
      expect(error).toMatchObject({ code: "INVALID_ARGUMENTS" });
      // Of arguments that are missing altogether, arktype says elsewhere than in Node that the first is.
      const anywhere: unknown = expect.any(Array);
      const path = typeof args === "object" ? ["title"] : anywhere;
      expect(error?.data).toEqual({ issues: [{ path, message: expect.any(String) as string }] });
      expect(await rowsOf(app)).toEqual([[], []]);
    },
  );
});

describe("arguments", () => {
  it("that are invalid in several places are told of each, by its path", async () => {
    const { error } = await ask(createApp(), "addZodTask", { title: "", at: { line: "x" } });
    expect(error?.data).toMatchObject({
      issues: [{ path: ["title"], message: "A title is needed." }, { path: ["at", "line"] }],
    });
    expect(error?.message).toContain("title: A title is needed.");
  });

  it("may be checked by something that has to wait", async () => {
    const app = createApp();
    expect((await ask(app, "addTaskAfterAsking", { title: "taken" })).error?.data).toEqual({
      issues: [{ path: ["title"], message: "It is taken." }],
    });
    expect((await ask(app, "addTaskAfterAsking", { title: "free" })).error).toBeUndefined();
    expect(await rowsOf(app)).toMatchObject([[{ title: "free" }], []]);
  });

  it("may be left out where the schema lets them", async () => {
    const { client } = createApp().visit();
    expect(await client.query("countUpTo")).toEqual([1, 2, 3]);
    expect(await client.query("countUpTo", { last: 2 })).toEqual([1, 2]);
    await expect(client.query("countUpTo", { last: 0.5 })).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
  });

  it("are checked before a middleware writes anything, and once", async () => {
    const app = createApp();
    expect((await ask(app, "addNotedTask", { n: 1 })).error?.code).toBe("INVALID_ARGUMENTS");
    expect(await rowsOf(app)).toEqual([[], []]);
    expect((await ask(app, "addNotedTask", { n: "1" })).data).toBe("noted 2");
    expect(await rowsOf(app)).toMatchObject([[], [{ text: '{"n":1}' }]]);
  });

  it("keep their schema when the function is pinned once more", async () => {
    const app = createApp();
    expect((await ask(app, "addPinnedTask", { title: "" })).error?.code).toBe("INVALID_ARGUMENTS");
    expect((await ask(app, "addPinnedTask", { title: "One" })).data).toEqual({ title: "One" });
    expect((await ask(app, "addPinnedTask", { title: "One" }, QUERY)).error?.code).toBe("KIND_MISMATCH");
  });

  it("are checked also when a function of the server's passes them", async () => {
    const app = createApp();
    expect((await ask(app, "addTaskThroughAnother", { title: "" })).error?.code).toBe("INVALID_ARGUMENTS");
    expect((await ask(app, "addTaskThroughAnother", { title: "One" })).data).toEqual({ title: "One" });
  });
});
