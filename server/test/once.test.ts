/** A call that writes runs once, however often it is sent. */
import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createCallKey, createGateway } from "../src/index.ts";
import type { Pod } from "../src/index.ts";
import { failures } from "./app/functions.ts";
import { connected, createApp, quiet, until } from "./support/app.ts";
import { API_KEY } from "./worker.ts";

type App = ReturnType<typeof createApp>;

const HOUR = 3600 * 1000;

interface Answered {
  readonly data: unknown;
  readonly meta: { readonly version: number; readonly writes: Record<string, number> };
  readonly warnings: readonly { readonly code: string }[];
  readonly error?: { readonly code: string; readonly message: string; readonly data: unknown };
}

interface Call {
  readonly key?: string;
  readonly user?: string;
  readonly intent?: string;
}

async function ask(app: App, fn: string, args: unknown, { key, user, intent }: Call = {}) {
  const response = await app.post(
    `/rpc/${fn}`,
    { args },
    {
      ...(key !== undefined && { "idempotency-key": key }),
      ...(user !== undefined && { authorization: `Bearer ${user}` }),
      ...(intent !== undefined && { "x-edgepod-intent": intent }),
    },
  );
  return response.json<Answered>();
}

async function titlesIn(app: App): Promise<unknown> {
  const { data } = await ask(app, "getTasks", {}, { intent: "query" });
  return (data as { title: string }[]).map(({ title }) => title);
}

/** Rows of the pod's own tables, which no function can reach. */
function rows(app: App, sql: string, ...params: unknown[]) {
  return runInDurableObject(app.stub(), (_pod, state) => state.storage.sql.exec(sql, ...params).toArray());
}

const keyNow = () => createCallKey(Date.now());

describe("a mutation sent twice with one key", () => {
  it("is run once, and the repeat has the first one's answer, also after the pod has slept or died", async () => {
    const app = createApp();
    const call = { key: keyNow() };
    const first = await ask(app, "addTask", { title: "One" }, call);
    const second = await ask(app, "addTask", { title: "One" }, call);
    await app.sleep();
    const third = await ask(app, "addTask", { title: "One" }, call);
    await abortAllDurableObjects();
    const fourth = await ask(app, "addTask", { title: "One" }, { key: `"${call.key.toUpperCase()}"` });
    expect(first.data).toEqual({ id: 1 });
    for (const repeat of [second, third, fourth]) {
      expect(repeat.data).toEqual(first.data);
      expect(repeat.meta).toMatchObject({ version: first.meta.version, writes: first.meta.writes });
    }
    expect(await titlesIn(app)).toEqual(["One"]);
  });

  it("moves no version and tells nobody when it is repeated", async () => {
    const app = createApp();
    const reader = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    const call = { key: keyNow() };
    await ask(app, "addTask", { title: "One" }, call);
    await until(() => expect(tasks.data()).toMatchObject([{ title: "One" }]));
    await quiet();
    const heard = reader.network.heard.length;
    const { meta } = await ask(app, "addTask", { title: "One" }, call);
    await ask(app, "changeNothing", {}, { key: keyNow() });
    await quiet();
    expect(reader.network.heard).toHaveLength(heard);
    expect((await ask(app, "getTasks", {}, { intent: "query" })).meta.version).toBe(meta.version);
  });

  it("at the same time is run once", async () => {
    const app = createApp();
    const call = { key: keyNow() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(app, "addTask", { title: "One" }, call)));
    expect(answers.map(({ data }) => data)).toEqual(Array.from({ length: 5 }, () => ({ id: 1 })));
    expect(await titlesIn(app)).toEqual(["One"]);
  });

  it.each([
    ["other arguments", "addTask", { title: "Two" }, "ada"],
    ["another function", "addTaskAtLast", { title: "One" }, "ada"],
    ["somebody else's name", "addTask", { title: "One" }, "grace"],
    ["nobody's name", "addTask", { title: "One" }, undefined],
  ])("but with %s is refused", async (_, fn, args, user) => {
    const app = createApp();
    const key = keyNow();
    await ask(app, "addTask", { title: "One" }, { key, user: "ada" });
    const { error } = await ask(app, fn, args, user === undefined ? { key } : { key, user });
    expect(error).toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
    expect(await titlesIn(app)).toEqual(["One"]);
  });

  it("is the same call when only the order of its arguments' members differs", async () => {
    const app = createApp();
    const call = { key: keyNow() };
    await ask(app, "addTaskAndAnswer", { title: "One", size: 1 }, call);
    expect((await ask(app, "addTaskAndAnswer", { size: 1, title: "One" }, call)).data).toBe("x");
  });

  it("that threw is run again, for it has left nothing behind", async () => {
    const app = createApp();
    const call = { key: keyNow() };
    failures.left = 1;
    expect((await ask(app, "addTaskAtLast", { title: "One" }, call)).error).toMatchObject({ code: "CONFLICT" });
    expect(await rows(app, "SELECT * FROM _edgepod_calls")).toEqual([]);
    expect((await ask(app, "addTaskAtLast", { title: "One" }, call)).error).toBeUndefined();
    expect((await ask(app, "addTaskAtLast", { title: "One" }, call)).error).toBeUndefined();
    expect(await titlesIn(app)).toEqual(["One"]);
  });

  it("whose answer is too large to be kept says so, and what it wrote", async () => {
    const app = createApp();
    const [fits, large, wide] = [keyNow(), keyNow(), keyNow()];
    const sent = [
      [fits, { title: "fits", size: 65_000 }],
      [large, { title: "large", size: 66_000 }],
      [wide, { title: "wide", size: 30_000, fill: "€" }],
    ] as const;
    for (const [key, args] of sent) await ask(app, "addTaskAndAnswer", args, { key });
    const again = async (index: 0 | 1 | 2) => {
      const [key, args] = sent[index];
      return ask(app, "addTaskAndAnswer", args, { key });
    };
    expect(await again(0)).toMatchObject({ data: "x".repeat(65_000), warnings: [] });
    for (const index of [1, 2] as const) {
      const answer = await again(index);
      expect(answer).toMatchObject({ meta: { writes: { tasks: 5 } }, warnings: [{ code: "ANSWER_NOT_KEPT" }] });
      expect(answer).not.toHaveProperty("data");
    }
    expect(await titlesIn(app)).toEqual(["fits", "large", "wide"]);
  });
});

describe("a key", () => {
  it("that isn't a UUID of version 7 is refused", async () => {
    const { error } = await ask(createApp(), "addTask", { title: "One" }, { key: "mine" });
    expect(error).toMatchObject({ code: "BAD_REQUEST" });
  });

  it.each([
    ["more than a day ago", -25 * HOUR, "IDEMPOTENCY_EXPIRED"],
    ["in the future", HOUR, "IDEMPOTENCY_EXPIRED"],
    ["almost a day ago", -23 * HOUR, undefined],
    ["by a clock that is a little ahead", 3000, undefined],
  ])("made %s is run or refused, and told the pod's time", async (_, ago, code) => {
    const app = createApp();
    const { error } = await ask(app, "addTask", { title: "One" }, { key: createCallKey(Date.now() + ago) });
    const now: unknown = expect.closeTo(Date.now(), -4);
    expect(error && { code: error.code, data: error.data }).toEqual(code && { code, data: { now } });
    expect(await titlesIn(app)).toEqual(error ? [] : ["One"]);
  });

  it("is forgotten after a day, and then refused", async () => {
    const app = createApp();
    const old = createCallKey(Date.now() - 25 * HOUR);
    await ask(app, "addTask", { title: "One" });
    await rows(
      app,
      "INSERT INTO _edgepod_calls SELECT ?, binding, state, version, tables, text FROM _edgepod_calls",
      old,
    );
    for (let call = 0; call < 16; call += 1) await ask(app, "addNote", { text: "Another" });
    expect(await rows(app, "SELECT 1 FROM _edgepod_calls WHERE key = ?", old)).toEqual([]);
    expect(await rows(app, "SELECT count(*) AS kept FROM _edgepod_calls")).toEqual([{ kept: 17 }]);
    const { error } = await ask(app, "addTask", { title: "One" }, { key: old });
    expect(error).toMatchObject({ code: "IDEMPOTENCY_EXPIRED" });
  });

  it("is forgotten when 10,000 newer ones have come, and then refused, also after the pod has slept", async () => {
    const app = createApp();
    const first = createCallKey(Date.now() - HOUR);
    await ask(app, "addTask", { title: "One" }, { key: first });
    const earlier = createCallKey(Date.now() - HOUR / 2);
    await rows(
      app,
      `WITH RECURSIVE numbers(n) AS (SELECT 10000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20050)
       INSERT INTO _edgepod_calls SELECT substr(?, 1, 31) || n, '', 'begun', NULL, NULL, NULL FROM numbers`,
      earlier,
    );
    await app.sleep();
    for (let call = 0; call < 40; call += 1) await ask(app, "addNote", { text: "Another" });
    const [kept] = await rows(app, "SELECT count(*) AS n FROM _edgepod_calls");
    expect(kept?.["n"]).toBeLessThanOrEqual(10_016);
    await app.sleep();
    const { error } = await ask(app, "addTask", { title: "One" }, { key: first });
    expect(error).toMatchObject({ code: "IDEMPOTENCY_EXPIRED" });
    expect(await titlesIn(app)).toEqual(["One"]);
  });
});

describe("an action sent twice with one key", () => {
  it("is run once, and the repeat has its answer, whatever it is made of", async () => {
    const app = createApp();
    const call = { key: keyNow() };
    const first = await ask(app, "addTaskAndDate", { title: "One" }, call);
    const second = await ask(app, "addTaskAndDate", { title: "One" }, call);
    expect(second).toMatchObject({ data: { at: "1970-01-01T00:00:00.000Z" }, types: expect.anything() as object });
    expect(second.meta.writes).toEqual(first.meta.writes);
    expect(await titlesIn(app)).toEqual(["One"]);
  });

  it("while the first still runs waits for its answer", async () => {
    const app = createApp();
    const call = { key: keyNow() };
    const first = ask(app, "addTaskAndWait", { title: "One", ms: 100 }, call);
    await until(async () => expect(await titlesIn(app)).toEqual(["One"]));
    const second = await ask(app, "addTaskAndWait", { title: "One", ms: 100 }, call);
    expect([(await first).data, second.data]).toEqual(["done", "done"]);
    expect(await titlesIn(app)).toEqual(["One"]);
  });

  it("isn't run again when the pod died in the middle: what came of it isn't known", async () => {
    const app = createApp();
    const call = { key: keyNow() };
    const first = ask(app, "addTaskAndWait", { title: "One", ms: 10_000 }, call).catch(() => null);
    await until(async () => expect(await titlesIn(app)).toEqual(["One"]));
    await abortAllDurableObjects();
    const second = await ask(app, "addTaskAndWait", { title: "One", ms: 10_000 }, call);
    expect(second.error).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect((await first)?.error?.code ?? "OUTCOME_UNKNOWN").toMatch(/OUTCOME_UNKNOWN|UNAVAILABLE/);
    expect(await titlesIn(app)).toEqual(["One"]);
  });

  it("that threw isn't run again, and fails in the same way", async () => {
    const app = createApp();
    const [own, crash] = [{ key: keyNow() }, { key: keyNow() }];
    const first = await ask(app, "addTaskThenThrowLater", { title: "One" }, own);
    expect(await ask(app, "addTaskThenThrowLater", { title: "One" }, own)).toEqual(first);
    await ask(app, "addTaskThenCrashLater", { title: "Two" }, crash);
    const { error } = await ask(app, "addTaskThenCrashLater", { title: "Two" }, crash);
    expect(error).toMatchObject({ code: "INTERNAL" });
    expect(error?.message).not.toContain("secret");
    expect(await titlesIn(app)).toEqual(["One", "Two"]);
  });

  it("with arguments that its schema refuses has not been begun", async () => {
    const app = createApp();
    const { error } = await ask(app, "addArkTask", { title: "" }, { key: keyNow() });
    expect(error?.code).toBe("INVALID_ARGUMENTS");
    expect(await rows(app, "SELECT * FROM _edgepod_calls")).toEqual([]);
  });
});

describe("the client", () => {
  it("repeats a call whose answer was lost, and gets the answer of the one that ran", async () => {
    const app = createApp();
    const visitor = app.visit();
    visitor.network.loseAnswerOf("addTask");
    expect(await visitor.client.mutate("addTask", { title: "One" })).toEqual({ id: 1 });
    visitor.network.loseAnswerOf("addTaskAndDate");
    expect(await visitor.client.mutate("addTaskAndDate", { title: "Two" })).toEqual({
      at: new Date(0),
      nothing: undefined,
    });
    expect(visitor.network.calls).toEqual(["addTask", "addTask", "addTaskAndDate", "addTaskAndDate"]);
    expect(await titlesIn(app)).toEqual(["One", "Two"]);
  });

  it("shows what a lost call wrote although its answer was too large to be kept", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const app = createApp();
    const visitor = app.visit();
    const openSocket = visitor.network.holdSocket();
    const tasks = visitor.look("getTasks");
    await until(() => expect(tasks.data()).toEqual([]));
    visitor.network.loseAnswerOf("addTaskAndAnswer");
    expect(await visitor.client.mutate("addTaskAndAnswer", { title: "Large", size: 70_000 })).toBeUndefined();
    await until(() => expect(tasks.data()).toMatchObject([{ title: "Large" }]));
    openSocket();
  });
});

describe("pod.call", () => {
  it("runs once for each key, and is answered like a call over HTTP", async () => {
    const app = createApp();
    const call = { fn: "addTaskAndDate", args: { title: "One" }, key: keyNow() };
    const pod: Pod = app.stub();
    const first = await pod.call(call);
    const second = await pod.call(call);
    expect(second.data).toEqual({ at: new Date(0), nothing: undefined });
    expect(second.data).toEqual(first.data);
    expect(await ask(app, call.fn, call.args, { key: call.key })).toMatchObject({
      data: { at: "1970-01-01T00:00:00.000Z" },
    });
    expect(await titlesIn(app)).toEqual(["One"]);
  });
});

describe("the gateway", () => {
  /** A gateway whose runtime fails after the pod has been asked, as when it is restarted; and whom it asked. */
  function failing(app: App, failuresLeft: number, error: object) {
    const stubs: object[] = [];
    let left = failuresLeft;
    const gateway = createGateway<unknown>({
      keys: () => [API_KEY],
      namespace: () => ({
        getByName: () => {
          const pod: object = env.POD.getByName(app.pod);
          const stub = pod as { rpc(request: object): Promise<object> };
          const wrapped = {
            rpc: async (request: object) => {
              const answer = await stub.rpc(request);
              left -= 1;
              if (left >= 0) throw Object.assign(new Error("The pod was reset."), error);
              return answer;
            },
          };
          stubs.push(wrapped);
          return wrapped;
        },
      }),
    });
    const post = async (fn: string, args: unknown, intent: string) => {
      const headers = { "x-edgepod-key": API_KEY, "x-edgepod-intent": intent };
      const body = JSON.stringify({ args });
      const response = await gateway.fetch(
        new Request(`https://${app.pod}/rpc/${fn}`, { method: "POST", headers, body }),
        {},
      );
      return response.json<Answered>();
    };
    return { post, stubs };
  }

  it("gives a call without a key one of its own, and asks a second time under it", async () => {
    const app = createApp();
    const { post, stubs } = failing(app, 1, { retryable: true });
    expect((await post("addTask", { title: "One" }, "mutation")).data).toEqual({ id: 1 });
    expect(new Set(stubs).size).toBe(2);
    expect(await titlesIn(app)).toEqual(["One"]);
  });

  it("asks no more than twice for a call that may write, and four times for a query", async () => {
    const app = createApp();
    const writing = failing(app, 9, { retryable: true });
    expect((await writing.post("addTask", { title: "One" }, "mutation")).error?.code).toBe("UNAVAILABLE");
    const reading = failing(app, 3, { retryable: true });
    expect((await reading.post("getTasks", {}, "query")).data).toMatchObject([{ title: "One" }]);
    expect([writing.stubs.length, reading.stubs.length]).toEqual([2, 4]);
  });

  it.each([{}, { retryable: true, overloaded: true }])(
    "doesn't ask again after a failure that is %j",
    async (error) => {
      const { post, stubs } = failing(createApp(), 1, error);
      expect((await post("getTasks", {}, "query")).error?.code).toMatch(/UNAVAILABLE|OVERLOADED/);
      expect(stubs).toHaveLength(1);
    },
  );
});

describe("a call that keeps the pod to itself for long", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([
    ["holdInMutation", 1100, 1],
    ["holdInTransactions", 1100, 1],
    ["holdInOneTurn", 1100, 1],
    ["holdInMutation", 100, 0],
    ["waitOutside", 1100, 0],
  ])("is named in the log once: %s for %i ms is told of %i times", async (fn, ms, times) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await ask(createApp(), fn, { ms }, fn === "holdInOneTurn" ? { intent: "query" } : {});
    const told = warn.mock.calls
      .map(([text]) => String(text))
      .filter((text) => text.includes(`\\"${fn}\\" kept the pod`));
    expect(told).toHaveLength(times);
  });
});
