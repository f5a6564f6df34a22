/** What is fetched and shown together, and what becomes of it when something goes wrong. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClient, createQueryObserver } from "../src/index.ts";
import type { Client, ConnectionEvents, Transport, TransportAnswer, TransportCall } from "../src/index.ts";
import { EdgePodError } from "../src/protocol/index.ts";

interface Context {
  readonly db: object;
  readonly unsafeRawDb: object;
}
interface Functions {
  getA(ctx: Context): Promise<unknown>;
  getB(ctx: Context): Promise<unknown>;
  getC(ctx: Context): Promise<unknown>;
}
type Name = keyof Functions;

/** A pod of one version and of tables of which each query reads those in `reads`. */
class FakePod implements Transport {
  readonly requests: string[] = [];
  readonly reads: Record<string, string[]> = { getA: ["t"], getB: ["t", "u"], getC: ["u"] };
  readonly ms: Record<string, number> = {};
  version = 1;
  respond: (call: TransportCall, answers: () => unknown) => unknown = (_, answers) => answers();
  events: ConnectionEvents | null = null;

  answer(fn: string, at = this.version): object {
    const reads = Object.fromEntries((this.reads[fn] ?? []).map((table) => [table, at]));
    const meta = { epoch: "e", version: at, reads, writes: {}, watched: null, ms: this.ms[fn] ?? 0 };
    return { data: `${fn} ${at}`, meta, warnings: [] };
  }

  async call(call: TransportCall): Promise<TransportAnswer> {
    const { fn, body } = call;
    const names = fn === null ? (JSON.parse(body) as { fn: string }[]).map((entry) => entry.fn) : [fn];
    this.requests.push(names.join(" + "));
    const answers = (): unknown => {
      const all = names.map((name) => this.answer(name));
      return fn === null ? all : all[0];
    };
    return { body: await this.respond(call, answers), retryAfterMs: null };
  }

  connect(events: ConnectionEvents) {
    this.events = events;
    void events.token();
    return { send: () => undefined, reconnect: () => undefined, close: () => undefined };
  }

  signal(...tables: string[]): void {
    this.version += 1;
    this.events?.received(JSON.stringify({ type: "stale", tables, version: this.version }));
  }
}

let pod: FakePod;
let client: Client<Functions>;
let token: string;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  pod = new FakePod();
  token = "ada";
  client = createClient<Functions>({ url: "https://pod.test", apiKey: "k", transport: pod, getToken: () => token });
});
afterEach(() => {
  client.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

/** What a page shows: of each query what was read when its own notification came. One entry for each task with any. */
async function show(...names: readonly Name[]) {
  const page: Record<string, unknown> = {};
  const pages: Record<string, unknown>[] = [];
  const observers = names.map((name) => {
    const observer = createQueryObserver(client, name, undefined);
    let isRendering = false;
    observer.subscribe(() => {
      page[name] = observer.read().data;
      if (isRendering) return;
      isRendering = true;
      queueMicrotask(() => {
        isRendering = false;
        pages.push({ ...page });
      });
    });
    return observer;
  });
  await settle();
  pod.events?.received(JSON.stringify({ type: "hello", session: "s", epoch: "e", version: 1 }));
  await settle();
  pod.requests.length = 0;
  pages.length = 0;
  return { page, pages, observers };
}

describe("queries that one signal makes stale", () => {
  it("go in one request, and every rendering shows both as of the same version", async () => {
    const { page, pages } = await show("getA", "getB");
    pod.signal("t");
    await settle();
    expect(pod.requests).toEqual(["getA + getB"]);
    expect(page).toEqual({ getA: "getA 2", getB: "getB 2" });
    expect(pages.filter(({ getA, getB }) => String(getA).slice(-1) !== String(getB).slice(-1))).toEqual([]);
  });

  it("don't wait for one that was slow the last time, until it is quick again", async () => {
    pod.ms["getB"] = 51;
    const { page } = await show("getA", "getB", "getC");
    pod.ms["getB"] = 50;
    pod.signal("t", "u");
    await settle();
    expect(pod.requests.toSorted()).toEqual(["getA + getC", "getB"]);
    pod.signal("t", "u");
    await settle();
    expect(pod.requests.slice(2)).toEqual(["getB + getA + getC"]);
    expect(page["getB"]).toBe("getB 3");
  });

  it("are asked again together when one of them was overtaken, three times at most", async () => {
    const { page } = await show("getA", "getC");
    pod.respond = (_, answers) => {
      const now = answers();
      if (pod.requests.length < 10) pod.signal("t");
      return now;
    };
    pod.signal("t", "u");
    await settle();
    expect(pod.requests).toEqual(["getA + getC", "getA + getC", "getA + getC"]);
    expect(page).toEqual({ getA: "getA 4", getC: "getC 4" });
  });

  it("are joined by one that the next signal makes stale with one of them", async () => {
    const { page, pages } = await show("getA", "getB", "getC");
    const { promise, resolve } = Promise.withResolvers<void>();
    pod.respond = async (_, answers) => {
      await promise;
      return answers();
    };
    pod.signal("t");
    await settle();
    pod.signal("u");
    await settle();
    expect(pod.requests).toEqual(["getA + getB"]);
    resolve();
    await settle();
    expect(pod.requests).toEqual(["getA + getB", "getC"]);
    expect(page).toEqual({ getA: "getA 3", getB: "getB 3", getC: "getC 3" });
    expect(pages.some(({ getB, getC }) => getB === "getB 3" && getC !== "getC 3")).toBe(false);
  });

  it("aren't asked again for a query that has left the cache meanwhile", async () => {
    const observer = createQueryObserver(client, "getA", undefined);
    const leave = observer.subscribe(() => undefined);
    await settle();
    pod.events?.opened();
    pod.events?.received(JSON.stringify({ type: "hello", session: "s", epoch: "e", version: 1 }));
    await settle();
    const { promise, resolve } = Promise.withResolvers<void>();
    pod.respond = async (_, answers) => {
      const early = answers();
      await promise;
      return early;
    };
    pod.requests.length = 0;
    pod.signal("t");
    await settle();
    pod.signal("t");
    leave();
    client.queryClient.removeQueries({ queryKey: client.queryOptions("getA").queryKey });
    resolve();
    await settle();
    expect(pod.requests).toEqual(["getA"]);
  });

  it("are repeated together when nobody answered, and nothing else waits longer than five seconds for them", async () => {
    const { page } = await show("getA", "getB", "getC");
    let isDown = true;
    pod.respond = ({ fn }, answers) => {
      if (isDown && fn === null) throw new EdgePodError("NETWORK", "nobody there");
      return answers();
    };
    pod.signal("t");
    await settle();
    isDown = false;
    await settle(600);
    expect(pod.requests.slice(0, 2)).toEqual(["getA + getB", "getA + getB"]);
    pod.respond = ({ fn }, answers) => (fn === null ? new Promise(() => undefined) : answers());
    pod.signal("t");
    await settle(10);
    pod.signal("v", "u");
    await settle(5000);
    expect(page["getC"]).toBe("getC 4");
  });
});

describe("one entry of a batch", () => {
  it("that fails doesn't fail the rest", async () => {
    const { page, observers } = await show("getA", "getB");
    pod.respond = () => [pod.answer("getA"), new EdgePodError("FORBIDDEN", "no").toFailure()];
    pod.signal("t");
    await settle();
    expect(page["getA"]).toBe("getA 2");
    expect(observers[1]?.read().error).toMatchObject({ code: "FORBIDDEN" });
  });

  it("that had no room is asked for alone, then and from then on", async () => {
    const { page } = await show("getA", "getB", "getC");
    pod.respond = ({ fn }, answers) => {
      if (fn !== null) return answers();
      return [pod.answer("getA"), new EdgePodError("ANSWER_TOO_LARGE", "alone").toFailure(), pod.answer("getC")];
    };
    pod.signal("t", "u");
    await settle();
    expect(pod.requests).toEqual(["getA + getB + getC", "getB"]);
    expect(page["getB"]).toBe("getB 2");
    pod.respond = (_, answers) => answers();
    pod.signal("t", "u");
    await settle();
    expect(pod.requests.slice(2).toSorted()).toEqual(["getA + getC", "getB"]);
  });

  it("that is of an older version than another is asked for again before anything is shown", async () => {
    const { pages } = await show("getA", "getB");
    let isFirst = true;
    pod.respond = (_, answers) => {
      const [a, b] = [pod.answer("getA", 2), pod.answer("getB", 3)];
      pod.version = 3;
      const first = isFirst;
      isFirst = false;
      return first ? [a, b] : answers();
    };
    pod.reads["getA"] = ["w"];
    pod.signal("t");
    await settle();
    expect(pod.requests).toEqual(["getA + getB", "getA"]);
    expect(pages.at(-1)).toEqual({ getA: "getA 3", getB: "getB 3" });
  });
});

describe("a batch as a whole", () => {
  it("that an older gateway doesn't know is asked for one by one", async () => {
    const { page } = await show("getA", "getB");
    pod.respond = ({ fn }, answers) => (fn === null ? new EdgePodError("NOT_FOUND", "what?").toFailure() : answers());
    pod.signal("t");
    await settle();
    expect(pod.requests).toEqual(["getA + getB", "getA", "getB"]);
    expect(page).toEqual({ getA: "getA 2", getB: "getB 2" });
  });

  it("that isn't allowed fails for each, without asking again", async () => {
    const { observers } = await show("getA", "getB");
    pod.respond = () => new EdgePodError("UNAUTHORIZED", "who?").toFailure();
    pod.signal("t");
    await settle();
    expect(pod.requests).toEqual(["getA + getB"]);
    expect(observers.map((observer) => observer.read().error?.code)).toEqual(["UNAUTHORIZED", "UNAUTHORIZED"]);
  });

  it("is given up when somebody else logs in, and its answer is never shown", async () => {
    const { page } = await show("getA", "getB");
    const { promise, resolve } = Promise.withResolvers<unknown>();
    pod.respond = ({ fn }, answers) => (fn === null ? promise : answers());
    pod.signal("t");
    await settle();
    token = "grace";
    await client.refreshIdentity();
    resolve([pod.answer("getA", 77), pod.answer("getB", 77)]);
    await settle();
    expect(page).toEqual({ getA: "getA 2", getB: "getB 2" });
  });
});

describe("a query that is fetched for the first time", () => {
  it("goes alone, for nobody knows how long it takes", async () => {
    for (const name of ["getA", "getB"] as const) {
      createQueryObserver(client, name, undefined).subscribe(() => undefined);
    }
    await settle();
    expect(pod.requests).toEqual(["getA", "getB"]);
  });
});
