/** The promise: whoever is connected never keeps showing what the database no longer holds. */
import { createQueryObserver } from "@edgepod/core";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { connected, createApp, quiet, until } from "./support/app.ts";

const titles = (data: unknown): string[] => (data as { title: string }[]).map(({ title }) => title);

describe("a write of somebody else", () => {
  it("appears on every screen that reads the table, and nowhere else", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const tasks = reader.look("getTasks");
    const notes = reader.look("getNotes");
    await connected(reader);
    await until(() => expect([tasks.data(), notes.data()]).toEqual([[], []]));
    await writer.client.mutate("addTask", { title: "Sweep" });
    await until(() => expect(tasks.data()).toEqual([{ id: 1, title: "Sweep" }]));
    await quiet();
    expect(reader.network.count("getTasks")).toBe(2);
    expect(reader.network.count("getNotes")).toBe(1);
  });

  it("appears through a join, a relational query and a view", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    await writer.client.mutate("createOpenTasksView");
    const board = reader.look("getBoard");
    const view = reader.look("getThroughView");
    await connected(reader);
    await until(() => expect([board.data(), view.data()]).toEqual([[], []]));
    await writer.client.mutate("addTask", { title: "Sweep" });
    await until(() => {
      expect(titles(board.data())).toEqual(["Sweep"]);
      expect(titles(view.data())).toEqual(["Sweep"]);
    });
  });

  it("that arrives while the first fetch is in flight isn't lost", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    reader.look("getNotes");
    await connected(reader);
    await quiet();
    const letThrough = reader.network.holdAnswersOf("getTasks");
    const tasks = reader.look("getTasks");
    await until(() => expect(reader.network.calls).toContain("getTasks"));
    await quiet();
    await writer.client.mutate("addTask", { title: "Meanwhile" });
    await until(() => expect(reader.network.heard.join()).toContain('"tables":["tasks"]'));
    letThrough();
    await until(() => expect(titles(tasks.data())).toEqual(["Meanwhile"]));
  });

  it("in the very moment after a read is signalled, although the answer is still on its way", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    reader.look("getNotes");
    await connected(reader);
    await quiet();
    const tasks = reader.look("getTasks");
    await until(() => expect(tasks.data()).toEqual([]));
    await writer.client.mutate("addTask", { title: "At once" });
    await until(() => expect(titles(tasks.data())).toEqual(["At once"]));
  });

  it("between a request and its answer is found, when the socket opens between them too", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const openSocket = reader.network.holdSocket();
    const letThrough = reader.network.holdAnswersOf("getTasks");
    const tasks = reader.look("getTasks");
    await quiet();
    openSocket();
    await connected(reader);
    // Nothing is held yet, so nothing is watched yet: nobody can signal this.
    await writer.client.mutate("addTask", { title: "Unsignalled" });
    await quiet();
    letThrough();
    await until(() => expect(titles(tasks.data())).toEqual(["Unsignalled"]));
  });

  it("is heard although its table was pruned while a query of it was in flight", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const board = reader.look("getBoard");
    await connected(reader);
    await until(() => expect(board.data()).toEqual([]));
    await quiet();
    const letThrough = reader.network.holdAnswersOf("getTasks");
    const tasks = reader.look("getTasks");
    await quiet();
    board.forget();
    await until(() => expect(reader.network.said.at(-1)).toContain('"drop":["people","tasks"]'));
    letThrough();
    await until(() => expect(tasks.data()).toEqual([]));
    await quiet();
    await writer.client.mutate("addTask", { title: "After the prune" });
    await until(() => expect(titles(tasks.data())).toEqual(["After the prune"]));
  });

  it("is found when the screen was looked away from and its table pruned before", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    tasks.forget();
    await quiet();
    await writer.client.mutate("addTask", { title: "Unwatched" });
    await quiet();
    expect(reader.network.heard.join()).not.toContain("stale");
    const again = reader.look("getTasks");
    await until(() => expect(titles(again.data())).toEqual(["Unwatched"]));
  });

  it("reaches a second reader of the same query after the first has left", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const one = reader.look("getTasks");
    const two = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(two.data()).toEqual([]));
    one.leave();
    await quiet();
    await writer.client.mutate("addTask", { title: "Still here" });
    await until(() => expect(titles(two.data())).toEqual(["Still here"]));
  });

  it("in each of an action's two statements reaches a watcher, with a read and a wait between them", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const tasks = reader.look("getTasks");
    const notes = reader.look("getNotes");
    await connected(reader);
    await until(() => expect([tasks.data(), notes.data()]).toEqual([[], []]));
    await quiet();
    const done = writer.client.mutate("addBoth", { title: "Twice", wait: 200 });
    await until(() => expect(titles(tasks.data())).toEqual(["Twice"]));
    expect(notes.data()).toEqual([]);
    await done;
    await until(() => expect(notes.data()).toMatchObject([{ text: "Twice" }]));
  });

  it("of an action that throws later is signalled all the same", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    await expect(writer.client.mutate("addTaskThenThrowLater", { title: "Stays" })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    await until(() => expect(titles(tasks.data())).toEqual(["Stays"]));
  });

  it("calls back a query that failed for what it had read", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const task = reader.look("getTaskOrThrow", { id: 1 });
    await connected(reader);
    await until(() => expect(task.error()).toMatchObject({ code: "NOT_FOUND" }));
    await quiet();
    await writer.client.mutate("addTask", { title: "Now there" });
    await until(() => expect(task.data()).toMatchObject({ title: "Now there" }));
    expect(task.error()).toBeNull();
  });

  it("that no statement shows is signalled by ctx.invalidate", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    await quiet();
    await writer.client.mutate("saySomethingChanged", { tables: ["Tasks"] });
    await until(() => expect(reader.network.count("getTasks")).toBe(2));
    await expect(writer.client.mutate("saySomethingChanged", { tables: ["taks"] })).rejects.toMatchObject({
      code: "UNKNOWN_TABLE",
    });
  });
});

describe("a gap in the connection", () => {
  it("hides nothing: what changed meanwhile is fetched when the socket is back, and nothing else", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const tasks = reader.look("getTasks");
    const notes = reader.look("getNotes");
    await connected(reader);
    await until(() => expect([tasks.data(), notes.data()]).toEqual([[], []]));
    const openSocket = reader.network.holdSocket();
    reader.network.cutSocket();
    await until(() => expect(reader.client.status).toBe("disconnected"));
    await writer.client.mutate("addTask", { title: "Unheard" });
    openSocket();
    await until(() => expect(titles(tasks.data())).toEqual(["Unheard"]));
    await quiet();
    expect(reader.network.count("getTasks")).toBe(2);
    expect(reader.network.count("getNotes")).toBe(1);
  });

  it("makes a screen fetch when it is looked at before the socket is back", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    tasks.leave();
    const openSocket = reader.network.holdSocket();
    reader.network.cutSocket();
    await until(() => expect(reader.client.status).toBe("disconnected"));
    await writer.client.mutate("addTask", { title: "Unheard" });
    const again = reader.look("getTasks");
    await until(() => expect(titles(again.data())).toEqual(["Unheard"]));
    openSocket();
  });

  it("costs nothing when nothing changed", async () => {
    const app = createApp();
    const reader = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    reader.network.cutSocket();
    await until(() => expect(reader.network.heard.filter((text) => text.includes("hello"))).toHaveLength(2));
    await quiet();
    expect(reader.network.count("getTasks")).toBe(1);
  });
});

describe("a pod that falls asleep", () => {
  it("still knows who watches what", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    await quiet();
    await app.sleep();
    await writer.client.mutate("addTask", { title: "Good morning" });
    await until(() => expect(titles(tasks.data())).toEqual(["Good morning"]));
    expect(reader.network.heard.filter((text) => text.includes("hello"))).toHaveLength(1);
  });

  it("learns a new table of a session that slept with another, and forgets neither when it sleeps again", async () => {
    const app = createApp();
    const reader = app.visit();
    const writer = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    await quiet();
    await app.sleep();
    const notes = reader.look("getNotes");
    await until(() => expect(notes.data()).toEqual([]));
    await quiet();
    await app.sleep();
    await writer.client.mutate("addTask", { title: "Known" });
    await until(() => expect(titles(tasks.data())).toEqual(["Known"]));
    await writer.client.mutate("addNote", { text: "New" });
    await until(() => expect(notes.data()).toMatchObject([{ text: "New" }]));
  });
});

describe("a pod that dies", () => {
  it("between a commit and its signal loses nothing: its sockets die with it, and their clients ask", async () => {
    const app = createApp();
    const reader = app.visit();
    const tasks = reader.look("getTasks");
    const notes = reader.look("getNotes");
    await connected(reader);
    await until(() => expect([tasks.data(), notes.data()]).toEqual([[], []]));
    await quiet();
    await reader.client.mutate("addTask", { title: "Signalled" });
    await runInDurableObject(app.stub(), async (pod, state) => {
      // This commit waits for the flush that follows the first one's, or at least for the next turn.
      await pod.call({ fn: "addNote", args: { text: "Not yet" } });
      state.abort("between a commit and its signal");
    }).catch(() => undefined);
    await until(() => {
      expect(titles(tasks.data())).toEqual(["Signalled"]);
      expect(notes.data()).toMatchObject([{ text: "Not yet" }]);
    });
    const heard = reader.network.heard.map((text) => (text.includes("hello") ? "hello" : text));
    expect(heard.slice(0, heard.lastIndexOf("hello")).join()).not.toContain('"notes"');
    expect(heard.filter((text) => text === "hello")).toHaveLength(2);
  });
});

describe("other code under a living socket", () => {
  it("makes every screen fetch once, for what it shows came from the old code", async () => {
    const app = createApp();
    const reader = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    await quiet();
    await runInDurableObject(app.stub(), (_pod, state) => {
      state.storage.sql.exec("UPDATE _edgepod_epoch SET life = 'of another build', build = 'another'");
    });
    await app.sleep();
    await app.visit().client.mutate("addNote", { text: "wakes the pod" });
    await until(() => expect(reader.network.heard.filter((text) => text.includes("hello"))).toHaveLength(2));
    await until(() => expect(reader.network.count("getTasks")).toBe(2));
    await app.visit().client.mutate("addTask", { title: "After the deploy" });
    await until(() => expect(titles(tasks.data())).toEqual(["After the deploy"]));
    expect(reader.network.count("getTasks")).toBe(3);
  });
});

describe("a migration under a living socket", () => {
  it("makes every screen fetch, also where nothing else of the build has changed", async () => {
    const app = createApp();
    const reader = app.visit();
    const notes = reader.look("getNotes");
    await connected(reader);
    await reader.client.mutate("addNote", { text: "before" });
    await until(() => expect(notes.data()).toHaveLength(1));
    await quiet();
    // The next start finds its last migration missing, and makes the table anew.
    await runInDurableObject(app.stub(), (_pod, state) => {
      state.storage.sql.exec(`
        DROP TABLE notes; DROP TABLE items; DROP TABLE nodes; DROP TABLE wide;
        DELETE FROM _edgepod_migrations WHERE id = '0002_notes'`);
    });
    await app.sleep();
    await app.visit().client.query("getNothing");
    await until(() => expect(notes.data()).toEqual([]));
  });
});

describe("one's own mutation", () => {
  it("refetches each query that reads what it wrote exactly once", async () => {
    const app = createApp();
    const visitor = app.visit();
    const tasks = visitor.look("getTasks");
    const notes = visitor.look("getNotes");
    await connected(visitor);
    await until(() => expect([tasks.data(), notes.data()]).toEqual([[], []]));
    await quiet();
    await visitor.client.mutate("addTask", { title: "Mine" });
    await until(() => expect(titles(tasks.data())).toEqual(["Mine"]));
    await quiet();
    expect(visitor.network.heard.join()).toContain("stale");
    expect(visitor.network.calls).toEqual(["getTasks", "getNotes", "addTask", "getTasks"]);
  });

  it("refreshes at once, before any signal comes", async () => {
    const app = createApp();
    const visitor = app.visit();
    const openSocket = visitor.network.holdSocket();
    const tasks = visitor.look("getTasks");
    await until(() => expect(tasks.data()).toEqual([]));
    await visitor.client.mutate("addTask", { title: "Mine" });
    await until(() => expect(titles(tasks.data())).toEqual(["Mine"]));
    expect(visitor.network.heard).toEqual([]);
    openSocket();
  });

  it("shows although its answer was lost after the commit", async () => {
    const app = createApp();
    const visitor = app.visit();
    const tasks = visitor.look("getTasks");
    await connected(visitor);
    await until(() => expect(tasks.data()).toEqual([]));
    await quiet();
    visitor.network.loseAnswerOf("addTask");
    const answer = visitor.client.mutate("addTask", { title: "Committed" });
    await until(() => expect(titles(tasks.data())).toEqual(["Committed"]));
    expect(await answer).toEqual({ id: 1 });
  });

  it("doesn't refetch what it only read", async () => {
    const app = createApp();
    const visitor = app.visit();
    const notes = visitor.look("getNotes");
    await connected(visitor);
    await until(() => expect(notes.data()).toEqual([]));
    await quiet();
    await visitor.client.mutate("addTaskAfterReadingNotes", { title: "Elsewhere" });
    await quiet();
    expect(visitor.network.count("getNotes")).toBe(1);
  });
});

describe("loading a page", () => {
  it("fetches each query exactly once, whether its socket opens before or after", async () => {
    const app = createApp();
    const early = app.visit();
    early.look("getNothing");
    await connected(early);
    const late = app.visit();
    const openSocket = late.network.holdSocket();
    late.look("getNotes");
    await quiet();
    for (const visitor of [early, late]) {
      for (const fn of ["getTasks", "getTasks", "getNotes", "getBoard"] as const) visitor.look(fn);
    }
    await until(() => expect([early.network.count("getBoard"), late.network.count("getBoard")]).toEqual([1, 1]));
    await quiet();
    openSocket();
    await connected(late);
    await quiet();
    for (const { network } of [early, late]) {
      expect([network.count("getTasks"), network.count("getNotes"), network.count("getBoard")]).toEqual([1, 1, 1]);
    }
  });
});

describe("another identity", () => {
  it("never sees the last one's data, not even from an answer that comes late", async () => {
    const app = createApp();
    let token: string | null = "ada";
    const visitor = app.visit({ getToken: () => token });
    const caller = visitor.look("getCaller");
    await connected(visitor);
    await until(() => expect(caller.data()).toMatchObject({ user: { sub: "ada" } }));
    const letThrough = visitor.network.holdAnswersOf("getCaller");
    void visitor.client.queryClient.refetchQueries();
    await quiet();
    token = "grace";
    await visitor.client.refreshIdentity();
    expect(caller.data()).toBeUndefined();
    letThrough();
    await until(() => expect(caller.data()).toMatchObject({ user: { sub: "grace" } }));
    await connected(visitor);
  });

  it("empties also a screen that shows a query without fetching it", async () => {
    const app = createApp();
    let token: string | null = "ada";
    const visitor = app.visit({ getToken: () => token });
    const caller = visitor.look("getCaller");
    await connected(visitor);
    await until(() => expect(caller.data()).toMatchObject({ user: { sub: "ada" } }));
    const { read, subscribe } = createQueryObserver(visitor.client, "getCaller", undefined, { enabled: false });
    subscribe(() => undefined);
    caller.leave();
    expect(read().data).toMatchObject({ user: { sub: "ada" } });
    token = "grace";
    await visitor.client.refreshIdentity();
    expect(read().data).toBeUndefined();
  });

  it("can't have its reads registered for somebody else's session", async () => {
    const app = createApp();
    const ada = app.visit({ getToken: () => "ada" });
    ada.look("getNothing");
    await connected(ada);
    const hello = JSON.parse(ada.network.heard[0] ?? "") as { session: string };
    const headers = { "x-edgepod-intent": "query", "x-edgepod-session": hello.session };
    const stranger = await app.post("/rpc/getTasks", {}, headers);
    const own = await app.post("/rpc/getTasks", {}, { ...headers, authorization: "Bearer ada" });
    expect(await stranger.json()).toMatchObject({ meta: { watched: null } });
    expect(await own.json()).toMatchObject({ meta: { watched: { session: hello.session, n: 0 } } });
  });
});
