/** One screen, one moment: what went stale together is fetched in one request and shown at once. Over real sockets. */
import { describe, expect, it } from "vitest";
import { connected, createApp, quiet, until } from "./support/app.ts";
import type { Visitor } from "./support/app.ts";

/** A write of somebody else's. */
async function call(app: ReturnType<typeof createApp>, request: { fn: string; args?: unknown }): Promise<void> {
  const done: Promise<unknown> = app.stub().call(request);
  await done;
}

/** Everything that a screen would have rendered, by the latest data of each query, after every notification. */
function renderings(visitor: Visitor, looks: readonly { readonly data: () => unknown }[]): unknown[][] {
  const rendered: unknown[][] = [];
  visitor.client.queryClient.getQueryCache().subscribe(({ type }) => {
    if (type !== "updated") return;
    // A framework renders after the turn, not within it.
    setTimeout(() => {
      rendered.push(looks.map(({ data }) => (data() as unknown[] | undefined)?.length));
    }, 0);
  });
  return rendered;
}

async function lookAt(visitor: Visitor, ...queries: readonly (readonly [string, unknown?])[]) {
  const looks = queries.map(([fn, args]) => visitor.look(fn as "getTasks", args));
  await until(() => {
    expect(visitor.client.queryClient.isFetching()).toBe(0);
  });
  await connected(visitor);
  await quiet();
  visitor.network.requests.length = 0;
  return looks;
}

describe("queries that one signal makes stale", () => {
  it("are fetched in one request, and never shown apart", async () => {
    const app = createApp();
    const visitor = app.visit();
    const looks = await lookAt(visitor, ["getTasks"], ["getBoard"], ["getNotes"]);
    const rendered = renderings(visitor, looks);
    await call(app, { fn: "addTask", args: { title: "Sow" } });
    await until(() => {
      expect(looks.map(({ data }) => (data() as unknown[]).length)).toEqual([1, 1, 0]);
    });
    await quiet();
    expect(visitor.network.requests).toEqual([["getTasks", "getBoard"]]);
    expect(rendered.filter(([tasks, board]) => tasks !== board)).toEqual([]);
  });

  it("go by their own name when there is only one", async () => {
    const app = createApp();
    const visitor = app.visit();
    await lookAt(visitor, ["getTasks"], ["getNotes"]);
    await call(app, { fn: "addNote", args: { text: "Hello" } });
    await until(() => {
      expect(visitor.network.requests).toEqual([["getNotes"]]);
    });
  });

  it("are fetched in one request also when the signal is the client's own mutation", async () => {
    const app = createApp();
    const visitor = app.visit();
    await lookAt(visitor, ["getTasks"], ["getBoard"]);
    await visitor.client.mutate("addTask", { title: "Sow" });
    await quiet();
    expect(visitor.network.requests).toEqual([["addTask"], ["getTasks", "getBoard"]]);
  });

  it("leave out one that took the pod more than 50 ms the last time", async () => {
    const app = createApp();
    const visitor = app.visit();
    await lookAt(visitor, ["getTasks"], ["getBoard"], ["getTasksSlowly", { after: 80 }]);
    await call(app, { fn: "addTask", args: { title: "Sow" } });
    await until(() => {
      expect(visitor.network.requests).toHaveLength(2);
    });
    expect(visitor.network.requests).toContainEqual(["getTasks", "getBoard"]);
    expect(visitor.network.requests).toContainEqual(["getTasksSlowly"]);
  });

  it("don't fail with one of them", async () => {
    const app = createApp();
    const visitor = app.visit();
    await call(app, { fn: "addTask", args: { title: "Sow" } });
    const [tasks, one] = await lookAt(visitor, ["getTasks"], ["getTaskOrThrow", { id: 1 }]);
    await call(app, { fn: "renameTask", args: { id: 1, title: "Mow" } });
    await until(() => {
      expect(one?.data()).toMatchObject({ title: "Mow" });
    });
    await call(app, { fn: "removeTasks" });
    await until(() => {
      expect(tasks?.data()).toEqual([]);
      expect(one?.error()).toMatchObject({ code: "NOT_FOUND" });
    });
  });

  it("are of one version although somebody writes meanwhile, and although they are more than one batch", async () => {
    const app = createApp();
    const visitor = app.visit();
    const many = Array.from({ length: 40 }, (_, id) => ["getTask", { id }] as const);
    const looks = await lookAt(visitor, ["getTasks"], ...many);
    const release = visitor.network.holdAnswersOf("getTasks");
    await call(app, { fn: "addTask", args: { title: "Sow" } });
    await until(() => {
      expect(visitor.network.requests.map((names) => names.length)).toEqual([32, 9]);
    });
    await call(app, { fn: "addTask", args: { title: "Mow" } });
    await quiet();
    release();
    await until(() => {
      expect(looks[0]?.data()).toHaveLength(2);
    });
    await quiet();
    const versions = visitor.client.queryClient
      .getQueryCache()
      .getAll()
      .map(({ state }) => (state.data as { version: number }).version);
    expect(new Set(versions).size).toBe(1);
    expect(visitor.network.requests.map((names) => names.length)).toEqual([32, 9, 32, 9]);
  });
});

describe("a batch", () => {
  it("is of one moment also when one of its queries reads its second table late", async () => {
    const app = createApp();
    const answering = app.post("/rpc", [{ fn: "getNotes" }, { fn: "getTasksThenNotes", args: { between: 60 } }]);
    await new Promise((resolve) => void setTimeout(resolve, 20));
    await app.post("/rpc/addNote", { args: { text: "Meanwhile" } });
    const [notes, both] = await (await answering).json<{ data: unknown }[]>();
    expect(notes?.data).toHaveLength(1);
    expect(both?.data).toMatchObject({ notes: 1 });
  });

  it("leaves out an answer that there is no room for, and no smaller one behind it", async () => {
    const app = createApp();
    const response = await app.post("/rpc", [{ fn: "getBig" }, { fn: "getBig" }, { fn: "getNothing" }]);
    expect(await response.json()).toMatchObject([
      { meta: {} },
      { error: { code: "ANSWER_TOO_LARGE" } },
      { data: "nothing" },
    ]);
  });
});
