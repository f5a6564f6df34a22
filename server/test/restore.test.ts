/** Data that are replaced under living clients: by a dump, or by nothing. Everybody ends up right, and no call runs twice. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { createCallKey } from "../src/index.ts";
import { connected, createApp, quiet, until } from "./support/app.ts";
import { exportText, importText, streamOf } from "./support/dump.ts";

type App = ReturnType<typeof createApp>;

const titles = (data: unknown): string[] => (data as { title: string }[]).map(({ title }) => title);

interface Answered {
  readonly data: unknown;
  readonly meta: { readonly version: number; readonly epoch: string };
  readonly error?: { readonly code: string; readonly message: string };
}

async function ask(app: App, fn: string, args: unknown = {}, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await app.post(`/rpc/${fn}`, { args }, headers);
  return response.json<Answered>();
}

async function query(app: App, fn: string) {
  const answer = await ask(app, fn, {}, { "x-edgepod-intent": "query" });
  // How long it took is nobody's business here.
  const { ms: _, ...meta } = { ms: 0, ...answer.meta };
  return { ...answer, meta };
}

function inPod<T>(app: App, run: (state: DurableObjectState) => T | Promise<T>): Promise<T> {
  return runInDurableObject(app.stub(), (_pod, state) => run(state));
}

/** A pod with one task, and the dump of it. */
async function createDumped(): Promise<{ app: App; dump: string }> {
  const app = createApp();
  await ask(app, "addTask", { title: "Old" });
  return { app, dump: await exportText(app) };
}

describe("an import over living clients", () => {
  it("shows the older state on every connected screen, untouched, and they go on hearing of writes", async () => {
    const { app, dump } = await createDumped();
    const [one, two] = [app.visit(), app.visit()];
    const [tasks, board] = [one.look("getTasks"), two.look("getBoard")];
    await Promise.all([connected(one), connected(two)]);
    await ask(app, "addTask", { title: "New" });
    await until(() =>
      expect([titles(tasks.data()), titles(board.data())]).toEqual([
        ["Old", "New"],
        ["Old", "New"],
      ]),
    );
    expect(await importText(app, dump, { replace: true })).toMatchObject({ tables: 6, rows: 3 });
    await until(() => expect([titles(tasks.data()), titles(board.data())]).toEqual([["Old"], ["Old"]]));
    await ask(app, "addTask", { title: "After" });
    await until(() =>
      expect([titles(tasks.data()), titles(board.data())]).toEqual([
        ["Old", "After"],
        ["Old", "After"],
      ]),
    );
    expect(one.network.heard.filter((text) => text.includes("hello"))).toHaveLength(2);
  });

  it("is seen by a client that was offline, although the versions have become equal by accident", async () => {
    const { app, dump } = await createDumped();
    const reader = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await ask(app, "addTask", { title: "New" });
    await until(() => expect(titles(tasks.data())).toEqual(["Old", "New"]));
    const before = await query(app, "getTasks");
    const openSocket = reader.network.holdSocket();
    reader.network.cutSocket();
    await until(() => expect(reader.client.status).toBe("disconnected"));
    await importText(app, dump, { replace: true });
    await inPod(app, ({ storage }) => {
      storage.sql.exec("UPDATE _edgepod_versions SET pod = ?, everything = 0", before.meta.version);
    });
    await app.sleep();
    const after = await query(app, "getTasks");
    expect(after.meta.version).toBe(before.meta.version);
    expect(after.meta.epoch).not.toBe(before.meta.epoch);
    openSocket();
    await until(() => expect(titles(tasks.data())).toEqual(["Old"]));
  });

  it("reaches sockets that slept, also if the pod dies before it has greeted anybody", async () => {
    const { app, dump } = await createDumped();
    const reader = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await ask(app, "addTask", { title: "New" });
    await until(() => expect(titles(tasks.data())).toEqual(["Old", "New"]));
    await quiet();
    await app.sleep();
    await importText(app, dump, { replace: true });
    await until(() => expect(titles(tasks.data())).toEqual(["Old"]));
    await quiet();
    // What is in the storage when the import has committed and nothing after it has happened.
    await inPod(app, ({ storage }) => {
      storage.sql.exec("UPDATE _edgepod_epoch SET life = 'unheard of', build = ''; UPDATE tasks SET title = 'Unsaid'");
    });
    await app.sleep();
    await app.visit().client.query("getNothing");
    await until(() => expect(titles(tasks.data())).toEqual(["Unsaid"]));
  });

  it("fails an action that runs meanwhile, which leaves nothing behind, and asks a query again", async () => {
    const { app, dump } = await createDumped();
    const key = createCallKey(Date.now());
    const action = ask(app, "addBoth", { title: "Half", wait: 400 }, { "idempotency-key": key });
    const slow = ask(app, "getTasksSlowly", { before: 300, after: 100 }, { "x-edgepod-intent": "query" });
    await until(async () => expect(titles((await query(app, "getTasks")).data)).toEqual(["Old", "Half"]));
    await importText(app, dump, { replace: true });
    expect((await slow).data).toEqual([{ title: "Old" }]);
    expect((await action).error?.code).toBe("OUTCOME_UNKNOWN");
    const repeat = await ask(app, "addBoth", { title: "Half", wait: 400 }, { "idempotency-key": key });
    expect(repeat.error?.code).toBe("IDEMPOTENCY_EXPIRED");
    expect((await query(app, "getNotes")).data).toEqual([]);
  });

  it("waits for a mutation that runs meanwhile, and has the last word", async () => {
    const { app, dump } = await createDumped();
    const mutation = ask(app, "holdInMutation", { ms: 200 });
    const imported = importText(app, dump, { replace: true });
    await Promise.all([mutation, imported]);
    expect(titles((await query(app, "getTasks")).data)).toEqual(["Old"]);
  });
});

describe("a call from before an import", () => {
  it("neither runs again nor has an answer of the other life, whether the dump knows of it or not", async () => {
    const { app, dump } = await createDumped();
    const [kept, late, ahead] = [0, -2000, 3000].map((ms) => createCallKey(Date.now() + ms));
    const keyed = (target: App, key = "") => ask(target, "addTask", { title: "Once" }, { "idempotency-key": key });
    await keyed(app, kept);
    await keyed(app, ahead);
    const other = createApp();
    await importText(other, await exportText(app));
    await importText(app, dump, { replace: true });
    for (const key of [kept, late, ahead]) {
      expect((await keyed(app, key)).error?.code).toBe("IDEMPOTENCY_EXPIRED");
      expect((await keyed(other, key)).error?.code).toBe("IDEMPOTENCY_EXPIRED");
    }
    expect(titles((await query(app, "getTasks")).data)).toEqual(["Old"]);
    expect(titles((await query(other, "getTasks")).data)).toEqual(["Old", "Once", "Once"]);
    expect((await keyed(app, createCallKey(Date.now() + 4000))).error).toBeUndefined();
  });

  it("is sent anew by a client whose first try it was", async () => {
    const { app, dump } = await createDumped();
    const writer = app.visit();
    await importText(app, dump, { replace: true });
    await writer.client.mutate("addTask", { title: "New" });
    expect(titles((await query(app, "getTasks")).data)).toEqual(["Old", "New"]);
  });
});

describe("an import", () => {
  it("goes only into a pod in which nothing has been written, unless it is told otherwise", async () => {
    const { app, dump } = await createDumped();
    await expect(importText(app, dump)).rejects.toMatchObject({ code: "POD_NOT_EMPTY" });
    const other = createApp();
    await importText(other, dump);
    expect(titles((await query(other, "getTasks")).data)).toEqual(["Old"]);
  });

  it.each([
    ["empty", () => ""],
    ["cut off between two lines", (dump: string) => dump.split("\n").slice(0, -2).join("\n")],
    ["cut off in a line", (dump: string) => dump.slice(0, -30)],
    ["something else", () => '{"tasks":[]}\n'],
    ["of another format", (dump: string) => dump.replace('"format":1', '"format":2')],
    ["changed in a value", (dump: string) => dump.replace('"Old"', '"Odd"')],
    ["without a row", (dump: string) => dump.replace(/\[1,"Old".*\n/, "")],
    ["of two moments", (dump: string) => dump.replace('"changed":[]', '"changed":["tasks"]')],
    ["longer than its end", (dump: string) => dump + dump],
    ["about a table of ours", (dump: string) => dump.replace('"table":"tasks"', '"table":"_edgepod_calls"')],
    ["of invalid text", (dump: string) => dump.replace('"Old"', '"\u0001')],
  ])("of a dump that is %s is refused, and nothing is changed", async (_, breakIt) => {
    const { app, dump } = await createDumped();
    await ask(app, "addTask", { title: "New" });
    const before = await query(app, "getTasks");
    await expect(importText(app, breakIt(dump), { replace: true })).rejects.toMatchObject({ code: "BAD_DUMP" });
    expect(await query(app, "getTasks")).toEqual(before);
    expect(await inPod(app, ({ storage }) => [...storage.sql.exec("PRAGMA foreign_keys").raw()])).toEqual([[1]]);
  });

  it("that was cut off has changed nothing, and succeeds when it is repeated, also after the pod has slept", async () => {
    const { app, dump } = await createDumped();
    await ask(app, "addTask", { title: "New" });
    const before = await query(app, "getTasks");
    for (const sleeps of [true, false]) {
      const cut = runInDurableObject(app.stub(), (pod) =>
        pod.importData(streamOf(dump, { cut: true }), { replace: true }),
      );
      await expect(cut).rejects.toThrow("The sender is gone.");
      if (sleeps) await app.sleep();
      expect(await query(app, "getTasks")).toEqual(before);
    }
    await importText(app, dump, { replace: true });
    expect(titles((await query(app, "getTasks")).data)).toEqual(["Old"]);
    expect(
      await inPod(app, ({ storage }) => [...storage.sql.exec("SELECT count(*) FROM _edgepod_import").raw()]),
    ).toEqual([[0]]);
  });

  it("that has lost its sender is in nobody's way: the next one takes its place", async () => {
    const { app, dump } = await createDumped();
    await ask(app, "addTask", { title: "New" });
    await runInDurableObject(app.stub(), async (pod) => {
      const { readable, writable } = new IdentityTransformStream();
      const lost = pod.importData(readable, { replace: true });
      const writer = writable.getWriter();
      await writer.write(new TextEncoder().encode(dump.slice(0, 200)));
      await pod.importData(streamOf(dump), { replace: true });
      await Promise.all([
        writer.write(new TextEncoder().encode(dump.slice(200))).then(() => writer.close()),
        expect(lost).rejects.toMatchObject({ code: "CONFLICT" }),
      ]);
    });
    expect(titles((await query(app, "getTasks")).data)).toEqual(["Old"]);
  });

  it("of a history that isn't the code's is refused", async () => {
    const { app, dump } = await createDumped();
    await inPod(app, ({ storage }) => {
      storage.sql.exec("UPDATE _edgepod_migrations SET sql = sql || ' ' WHERE id = '0002_notes'");
    });
    const foreign = await exportText(app);
    const other = createApp();
    await expect(importText(other, foreign)).rejects.toMatchObject({ code: "MIGRATION_FAILED" });
    await importText(other, dump);
    expect(titles((await query(other, "getTasks")).data)).toEqual(["Old"]);
  });

  it("of a dump older than the code applies the migrations that it lacks", async () => {
    const { app } = await createDumped();
    await inPod(app, ({ storage }) => {
      storage.sql.exec(
        "DROP TABLE notes; DROP TABLE items; DROP TABLE nodes; DROP TABLE wide; DELETE FROM _edgepod_migrations WHERE id = '0002_notes'",
      );
    });
    const other = createApp();
    await importText(other, await exportText(app));
    await ask(other, "addNote", { text: "There" });
    expect((await query(other, "getNotes")).data).toMatchObject([{ text: "There" }]);
  });
});

describe("an export", () => {
  it("of several turns says what was written meanwhile, and is refused", async () => {
    const { app } = await createDumped();
    await inPod(app, ({ storage }) => {
      for (let row = 0; row < 40; row += 1)
        storage.sql.exec("INSERT INTO notes (text) VALUES (?)", "x".repeat(100_000));
    });
    const stream: ReadableStream<Uint8Array> = await app.stub().exportData();
    const reader = stream.getReader();
    const pieces: Uint8Array[] = [];
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (pieces.length === 0) await ask(app, "addTask", { title: "Meanwhile" });
      pieces.push(piece.value);
    }
    const text = await new Blob(pieces).text();
    expect(text).toContain('"changed":["tasks"]');
    await expect(importText(createApp(), text)).rejects.toMatchObject({ code: "BAD_DUMP" });
    const whole = createApp();
    await importText(whole, await exportText(app));
    expect((await query(whole, "getNotes")).data).toHaveLength(40);
  });
});

describe("deleteAll", () => {
  it("empties every screen, makes the tables again, and they hear of what is written then", async () => {
    const { app } = await createDumped();
    const reader = app.visit();
    const [tasks, notes] = [reader.look("getTasks"), reader.look("getNotes")];
    await connected(reader);
    await ask(app, "addNote", { text: "Gone" });
    await until(() => expect([titles(tasks.data()), notes.data()]).toMatchObject([["Old"], [{ text: "Gone" }]]));
    await inPod(app, ({ storage }) => storage.deleteAll());
    await until(() => expect([tasks.data(), notes.data()]).toEqual([[], []]));
    await ask(app, "addTask", { title: "Anew" });
    await until(() => expect(tasks.data()).toEqual([{ id: 1, title: "Anew" }]));
  });

  it("is seen by a client that was offline, when the versions have come to the same again", async () => {
    const { app } = await createDumped();
    const reader = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(titles(tasks.data())).toEqual(["Old"]));
    const before = await query(app, "getTasks");
    const openSocket = reader.network.holdSocket();
    reader.network.cutSocket();
    await until(() => expect(reader.client.status).toBe("disconnected"));
    await inPod(app, ({ storage }) => storage.deleteAll());
    await ask(app, "addTask", { title: "Anew" });
    expect((await query(app, "getTasks")).meta).toMatchObject({ version: before.meta.version });
    openSocket();
    await until(() => expect(titles(tasks.data())).toEqual(["Anew"]));
  });

  it("lets no call of before run again, nor go on", async () => {
    const { app } = await createDumped();
    const key = createCallKey(Date.now());
    const action = ask(app, "addBoth", { title: "Half", wait: 300 }, { "idempotency-key": key });
    await until(async () => expect(titles((await query(app, "getTasks")).data)).toEqual(["Old", "Half"]));
    await inPod(app, ({ storage }) => storage.deleteAll());
    expect((await action).error?.code).toBe("OUTCOME_UNKNOWN");
    const repeat = await ask(app, "addBoth", { title: "Half", wait: 300 }, { "idempotency-key": key });
    expect(repeat.error?.code).toBe("IDEMPOTENCY_EXPIRED");
    expect((await query(app, "getTasks")).data).toEqual([]);
  });

  it("also while the pod sleeps, or by nobody it knows: the sockets that outlived it are greeted", async () => {
    const { app } = await createDumped();
    const reader = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(titles(tasks.data())).toEqual(["Old"]));
    await quiet();
    await inPod(app, ({ storage }) => {
      const tables = [
        ...storage.sql.exec<{ name: string }>(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '~_cf~_%' ESCAPE '~'",
        ),
      ];
      storage.sql.exec("PRAGMA defer_foreign_keys = ON");
      for (const { name } of tables.toReversed()) storage.sql.exec(`DROP TABLE "${name}"`);
    });
    await app.sleep();
    await app.visit().client.query("getNothing");
    await until(() => expect(tasks.data()).toEqual([]));
  });
});
