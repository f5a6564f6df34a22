/** What a call may do, what it leaves behind, and what it says about it. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Pod } from "../src/index.ts";
import { lateStatement } from "./app/functions.ts";
import { connected, createApp, quiet, until } from "./support/app.ts";

const QUERY = { "x-edgepod-intent": "query" };

interface Answered {
  readonly data: unknown;
  readonly meta: { readonly version: number; readonly reads: object; readonly writes: object };
  readonly error: { readonly code: string; readonly message: string };
}

/** Calls over HTTP, and gives the body. */
async function ask(app: ReturnType<typeof createApp>, fn: string, args?: unknown, headers?: Record<string, string>) {
  const response = await app.post(`/rpc/${fn}`, args === undefined ? {} : { args }, headers);
  return response.json<Answered>();
}

async function titlesIn(app: ReturnType<typeof createApp>): Promise<unknown> {
  const { data } = await ask(app, "getTasks", undefined, QUERY);
  return (data as { title: string }[]).map(({ title }) => title);
}

describe("two calls at once", () => {
  it("keep their reads apart, although both wait for a timer before they read", async () => {
    const app = createApp();
    const [tasks, notes] = await Promise.all([
      ask(app, "getTasksSlowly", { before: 30, after: 30 }, QUERY),
      ask(app, "getNotesSlowly", { before: 40 }, QUERY),
    ]);
    expect(Object.keys(tasks.meta.reads)).toEqual(["tasks"]);
    expect(Object.keys(notes.meta.reads)).toEqual(["notes"]);
  });

  it("keep their writes apart, although both wait for a timer before they write", async () => {
    const app = createApp();
    const [tasks, notes] = await Promise.all([
      ask(app, "addTaskWhenever", { title: "Slow", before: 40 }),
      ask(app, "addNoteWhenever", { text: "Slow", before: 30 }),
    ]);
    expect(Object.keys(tasks.meta.writes)).toEqual(["tasks"]);
    expect(Object.keys(notes.meta.writes)).toEqual(["notes"]);
  });

  it("are each answered as of one moment: a query that was overtaken while it waited is run again", async () => {
    const app = createApp();
    const slow = ask(app, "getTasksSlowly", { after: 100 }, QUERY);
    await new Promise((resolve) => void setTimeout(resolve, 30));
    await ask(app, "addTask", { title: "Overtakes" });
    const { data, meta } = await slow;
    expect(data).toEqual([{ title: "Overtakes" }]);
    expect(meta.version).toBe(3);
  });
});

describe("a mutation", () => {
  it("that throws after a write has stored nothing and signals nothing", async () => {
    const app = createApp();
    const reader = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    const { error } = await ask(app, "addTaskThenThrow", { title: "Never" });
    expect(error).toEqual({ code: "CONFLICT", message: "Not that one.", data: { title: "Never" } });
    await quiet();
    expect(await titlesIn(app)).toEqual([]);
    expect(reader.network.heard.join()).not.toContain("stale");
  });

  it("raises the version once, and names what it read and wrote", async () => {
    const app = createApp();
    const { meta } = await ask(app, "addTaskAfterReadingNotes", { title: "One" });
    expect(meta).toMatchObject({ version: 3, writes: { tasks: 3 } });
    expect(meta.reads).toMatchObject({ notes: 2 });
  });

  it("that changed no row is no commit", async () => {
    const app = createApp();
    const { meta } = await ask(app, "changeNothing");
    expect(meta).toMatchObject({ version: 2, writes: {} });
  });

  it("that catches a failure signals what a trigger had written before it", async () => {
    const app = createApp();
    await ask(app, "createFailingTrigger");
    const { data, meta } = await ask(app, "addNoteByFailingTrigger", { text: "half" });
    expect(data).toBe("went on");
    expect((await ask(app, "getNotes", undefined, QUERY)).data).toMatchObject([{ text: "half" }]);
    expect(Object.keys(meta.writes)).toContain("notes");
  });

  it("that takes too long is undone and says so", async () => {
    const app = createApp();
    const { error } = await ask(app, "addTaskForTooLong", { title: "Never" });
    expect(error).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(await titlesIn(app)).toEqual([]);
  }, 10_000);

  it("can't write any more when it is over", async () => {
    const app = createApp();
    await ask(app, "addTaskLate", { title: "Late" });
    await quiet();
    expect(lateStatement.failure).toMatchObject({ code: "CALL_ENDED" });
    expect(await titlesIn(app)).toEqual([]);
  });

  it("goes on after a transaction inside it that failed, without what that wrote", async () => {
    const app = createApp();
    const { meta } = await ask(app, "addTaskAroundFailedTransaction", { title: "Task" });
    expect(Object.keys(meta.writes)).toEqual(["tasks"]);
    expect(await titlesIn(app)).toEqual(["Task before", "Task after"]);
    expect((await ask(app, "getNotes", undefined, QUERY)).data).toEqual([]);
  });

  it.each([
    ["none fails", ["a", "b"], ["a", "b"]],
    ["the first fails", ["", "a"], []],
    ["the last fails", ["a", ""], []],
    ["one of several fails", ["a", "", "b"], []],
  ])("of several transactions at once is all or nothing when %s, and the pod goes on", async (_, given, stored) => {
    const app = createApp();
    await ask(app, "addEach", { titles: given });
    expect(await titlesIn(app)).toEqual(stored);
    expect((await ask(app, "addTask", { title: "after" })).error).toBeUndefined();
  });

  it("that throws while a transaction inside it is open is undone, and the pod goes on", async () => {
    const app = createApp();
    expect((await ask(app, "throwBesideTransaction")).error.code).toBe("CONFLICT");
    expect((await ask(app, "addTask", { title: "after" })).error).toBeUndefined();
    expect(await titlesIn(app)).toEqual(["after"]);
  });

  it("that returns while a transaction inside it is open waits for it, and counts what it wrote", async () => {
    const app = createApp();
    const { meta } = await ask(app, "returnBesideTransaction", { title: "Left behind" });
    expect(await titlesIn(app)).toEqual(["Left behind"]);
    expect(meta.writes).toEqual({ tasks: 3 });
  });

  it("that takes too long inside a transaction of its own is undone as well", async () => {
    const app = createApp();
    const { error } = await ask(app, "addTaskInTooLongATransaction", { title: "Never" });
    expect(error).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(await titlesIn(app)).toEqual([]);
  }, 10_000);

  it("knows what it wrote although the text that wrote it failed half-way", async () => {
    const app = createApp();
    const { data, meta } = await ask(app, "addTaskByHalfAText", { title: "Half" });
    expect(data).toBe("went on");
    expect(meta.writes).toEqual({ tasks: 3 });
    expect(await titlesIn(app)).toEqual(["Half"]);
  });

  it("may not be called as a query when it says what it is", async () => {
    const { error } = await ask(createApp(), "renameTask", { id: 1, title: "" }, QUERY);
    expect(error).toMatchObject({ code: "KIND_MISMATCH" });
  });
});

describe("a query", () => {
  it("that writes is refused, by the name of the table, and has written nothing", async () => {
    const app = createApp();
    const { error } = await ask(app, "addTask", { title: "Never" }, QUERY);
    expect(error).toMatchObject({ code: "QUERY_WROTE", message: expect.stringContaining('"tasks"') as string });
    expect(await titlesIn(app)).toEqual([]);
  });

  it("says what it read, and as of which version", async () => {
    const app = createApp();
    await ask(app, "addTask", { title: "One" });
    await ask(app, "addNote", { text: "Two" });
    const { meta } = await ask(app, "getBoard", undefined, QUERY);
    expect(meta).toMatchObject({ version: 4, reads: { tasks: 3, people: 2 }, writes: {}, watched: null });
  });

  it("through a view reads the tables behind it", async () => {
    const app = createApp();
    await ask(app, "createOpenTasksView");
    const { meta } = await ask(app, "getThroughView", undefined, QUERY);
    expect(meta.reads).toEqual({ tasks: 3 });
  });
});

describe("an action", () => {
  it("whose transaction throws after an await has stored nothing", async () => {
    const app = createApp();
    const { error } = await ask(app, "addInFailingTransaction", { title: "Never" });
    expect(error.code).toBe("CONFLICT");
    expect(await titlesIn(app)).toEqual([]);
  });

  it("keeps what it wrote when it throws later", async () => {
    const app = createApp();
    await ask(app, "addTaskThenThrowLater", { title: "Stays" });
    expect(await titlesIn(app)).toEqual(["Stays"]);
  });

  it("commits each of its statements on its own", async () => {
    const { meta } = await ask(createApp(), "addBoth", { title: "Both", wait: 0 });
    expect(meta).toMatchObject({ version: 4, writes: { tasks: 3, notes: 4 } });
  });

  it("can't write beside its own open transaction, which might undo it", async () => {
    const app = createApp();
    const { error } = await ask(app, "writeBesideTransaction", { title: "Task" });
    expect(error.code).toBe("TRANSACTION_OPEN");
    expect(await titlesIn(app)).toEqual(["Task inside"]);
  });

  it("can't invalidate beside its own open transaction either", async () => {
    const { error } = await ask(createApp(), "invalidateBesideTransaction");
    expect(error.code).toBe("TRANSACTION_OPEN");
  });
});

describe("ctx", () => {
  it("knows the user, the bindings and the request's headers", async () => {
    const app = createApp();
    const headers = { ...QUERY, authorization: "Bearer ada", "user-agent": "test" };
    const { data } = await ask(app, "getCaller", undefined, headers);
    expect(data).toEqual({ user: { sub: "ada" }, greeting: "hello", agent: "test" });
  });

  it("is enriched by a middleware, which may also refuse", async () => {
    const app = createApp();
    const refused = await ask(app, "getOwnName", { prefix: "Countess" }, QUERY);
    expect(refused.error).toMatchObject({ code: "UNAUTHORIZED", message: "Log in first." });
    const { data } = await ask(app, "getOwnName", { prefix: "Countess" }, { ...QUERY, authorization: "Bearer ada" });
    expect(data).toBe("Countess ada");
  });

  it("keeps raw SQL to unsafeRawDb", async () => {
    const { error } = await ask(createApp(), "useRawMethod");
    expect(error).toMatchObject({
      code: "RAW_STATEMENT",
      message: expect.stringContaining("ctx.unsafeRawDb.run") as string,
    });
  });
});

describe("values", () => {
  it.each([
    ["Date", new Date(0)],
    ["BigInt", 2n ** 60n],
    ["Uint8Array", new Uint8Array([1, 2])],
    ["Map", new Map<unknown, unknown>([["a", new Date(1)]])],
    ["Set", new Set(["a"])],
    ["Undefined", undefined],
  ])("that JSON can't carry arrive as what they are, both ways: %s", async (kind, value) => {
    const { client } = createApp().visit();
    expect(await client.query("kindOf", { value })).toBe(`[object ${kind}]`);
    const args = { value, among: ["plain", value, 1] };
    expect(await client.query("echo", args)).toStrictEqual(args);
  });

  it("that JSON can carry travel as plain JSON", async () => {
    const app = createApp();
    const { data } = await ask(app, "echo", { plain: [1, "two", null] }, QUERY);
    expect(data).toEqual({ plain: [1, "two", null] });
  });
});

describe("a statement that the pod knows", () => {
  it("was parsed once, in whichever call came first, also after the pod has slept", async () => {
    const app = createApp();
    const parses = () => runInDurableObject(app.stub(), (pod) => "parses" in pod && pod.parses);
    await ask(app, "getTasks", undefined, QUERY);
    await ask(app, "getTasks", undefined, QUERY);
    await ask(app, "getTasks", undefined, QUERY);
    const before = await parses();
    await new Promise((resolve) => void setTimeout(resolve, 1200));
    await app.sleep();
    await ask(app, "getTasks", undefined, QUERY);
    expect([before, await parses()]).toEqual([1, 0]);
  });
});

describe("pod.call", () => {
  it("is tracked and signalled like a call over HTTP", async () => {
    const app = createApp();
    const reader = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    const pod: Pod = app.stub();
    const result = await pod.call({ fn: "addTask", args: { title: "By an alarm" } });
    expect(result).toMatchObject({ data: { id: 1 }, meta: { writes: { tasks: 3 } } });
    await until(() => expect(tasks.data()).toMatchObject([{ title: "By an alarm" }]));
  });

  it("works from inside the object, as an alarm would call it", async () => {
    const app = createApp();
    const data = await runInDurableObject(app.stub(), async (pod) => {
      await pod.call({ fn: "addTask", args: { title: "Inside" } });
      return (await pod.call({ fn: "getTasks", intent: "query" })).data;
    });
    expect(data).toEqual([{ id: 1, title: "Inside" }]);
  });
});
