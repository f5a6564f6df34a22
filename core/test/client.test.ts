/** What the client does with time, failures and epochs. What it does with a real pod is tested in server/test. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClient, createInfiniteQueryObserver, createQueryObserver, dehydrate, hydrate } from "../src/index.ts";
import type { Client } from "../src/index.ts";
import { EdgePodError, createCallKey, firstKeyOf, madeAt, parseCallKey } from "../src/protocol/index.ts";
import { ScriptedTransport, answered } from "./scripted-transport.ts";

interface Functions {
  getTasks(ctx: { db: object; unsafeRawDb: object }): Promise<unknown>;
  addTask(ctx: { db: object; unsafeRawDb: object }): Promise<unknown>;
}

let network: ScriptedTransport;
let client: Client<Functions>;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  network = new ScriptedTransport();
  client = createClient<Functions>({ url: "https://pod.test", apiKey: "k", transport: network });
});

afterEach(() => {
  client.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Looks at the tasks until the test is over. */
function look() {
  const observer = createQueryObserver(client, "getTasks", undefined);
  observer.subscribe(() => undefined);
  return observer;
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

describe("an answer that was overtaken by signals", () => {
  it("is asked for again at once, but after three times only in a while, and then until it isn't behind any more", async () => {
    look();
    await settle();
    network.hello();
    await settle();
    let version = 1;
    network.answer = () => {
      version += 1;
      network.say({ type: "stale", tables: ["tasks"], version });
      return answered({ version: version - 1, reads: { tasks: version - 1 } }, version - 1);
    };
    network.count = 0;
    network.say({ type: "stale", tables: ["tasks"], version });
    network.say({ type: "stale", tables: ["tasks"], version: (version += 1) });
    await settle();
    expect(network.count).toBe(3);
    network.answer = () => answered({ version, reads: { tasks: version } }, "caught up");
    await settle(60_000);
    expect(network.count).toBe(4);
    expect(look().read().data).toBe("caught up");
  });
});

describe("a burst of signals", () => {
  it("makes one fetch, and one to follow", async () => {
    look();
    await settle();
    network.hello();
    await settle();
    network.count = 0;
    const { promise, resolve } = Promise.withResolvers<object>();
    network.answer = () => promise;
    for (let version = 2; version <= 100; version += 1) network.say({ type: "stale", tables: ["tasks"], version });
    await settle();
    expect(network.count).toBe(1);
    network.answer = () => answered({ version: 100 });
    resolve(answered({ version: 2 }));
    await settle();
    expect(network.count).toBe(2);
  });
});

describe("without a socket", () => {
  it("what is looked at is fetched every half minute, and no more once it is connected", async () => {
    look();
    await settle();
    network.cut();
    await settle(65_000);
    expect(network.count).toBe(3);
    network.hello();
    await settle(65_000);
    expect(network.count).toBe(3);
  });

  it("a query that failed for good is fetched as soon as somebody is there", async () => {
    network.answer = () => {
      throw new EdgePodError("NETWORK", "nobody there");
    };
    const observer = look();
    await settle(20_000);
    expect(observer.read().error).toMatchObject({ code: "NETWORK" });
    network.answer = () => answered({});
    network.hello();
    await settle();
    expect(observer.read()).toMatchObject({ data: "data", error: null });
  });
});

describe("a failed query", () => {
  it("is tried four times with growing pauses when nobody answered", async () => {
    network.answer = () => {
      throw new EdgePodError("NETWORK", "nobody there");
    };
    look();
    await settle(20_000);
    expect(network.count).toBe(4);
  });

  it("is tried again later when nobody answered although there is a socket: no signal would say that somebody will", async () => {
    network.answer = () => {
      throw new EdgePodError("NETWORK", "nobody there");
    };
    const observer = look();
    network.hello();
    await settle(8_000);
    expect(network.count).toBeGreaterThanOrEqual(4);
    network.answer = () => answered({});
    await settle(10_000);
    expect(observer.read()).toMatchObject({ data: "data", error: null });
  });

  it("isn't tried again when the pod has said no", async () => {
    network.answer = () => new EdgePodError("FORBIDDEN", "no").toFailure();
    const observer = look();
    await settle(20_000);
    expect(network.count).toBe(1);
    expect(observer.read().error).toMatchObject({ code: "FORBIDDEN", message: "no" });
  });

  it("that a signal called for is tried again later, for its screen is behind", async () => {
    look();
    await settle();
    network.hello();
    await settle();
    network.answer = () => new EdgePodError("INTERNAL", "a bad moment").toFailure();
    network.say({ type: "stale", tables: ["tasks"], version: 2 });
    await settle();
    network.answer = () => answered({ version: 2, reads: { tasks: 2 } }, "recovered");
    await settle(60_000);
    expect(look().read()).toMatchObject({ data: "recovered", error: null });
  });
});

describe("a token that can't be had", () => {
  it("fails the call with the reason, and nothing is sent", async () => {
    const getToken = () => Promise.reject(new Error("the provider is down"));
    const guarded = createClient<Functions>({ url: "https://pod.test", apiKey: "k", transport: network, getToken });
    const failure = await guarded.mutate("addTask").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "UNAUTHORIZED", message: "getToken failed: Error: the provider is down" });
    expect(network.count).toBe(0);
    guarded.close();
  });
});

describe("a login", () => {
  it("is noticed although the token of the moment before is still being asked for", async () => {
    client.close();
    let token: string | null = null;
    const getToken = async (): Promise<string | null> => {
      const now = token;
      await new Promise((resolve) => void setTimeout(resolve, 100));
      return now;
    };
    client = createClient<Functions>({ url: "https://pod.test", apiKey: "k", transport: network, getToken });
    const tokens: (string | null)[] = [];
    network.answer = (call) => {
      tokens.push(call.token);
      return answered({});
    };
    look();
    token = "ada";
    void client.refreshIdentity();
    void client.mutate("addTask");
    await settle(1000);
    expect(tokens.at(-1)).toBe("ada");
    expect(tokens.filter((sent) => sent === null)).toHaveLength(1);
  });
});

describe("a mutation", () => {
  /** The keys under which calls were sent. */
  const keys: (string | null)[] = [];
  const nobody = (): never => {
    throw new EdgePodError("NETWORK", "nobody there");
  };
  beforeEach(() => {
    keys.length = 0;
  });

  it("that nobody answered is sent again with the same key, four times at most", async () => {
    network.answer = ({ key }) => {
      keys.push(key);
      return nobody();
    };
    const failure = client.mutate("addTask").catch((error: unknown) => error);
    await settle(20_000);
    expect(await failure).toMatchObject({ code: "NETWORK" });
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
  });

  it("that the pod has refused isn't sent again, and another has another key", async () => {
    network.answer = ({ key }) => {
      keys.push(key);
      return new EdgePodError("CONFLICT", "no").toFailure();
    };
    await expect(client.mutate("addTask")).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(client.mutate("addTask")).rejects.toMatchObject({ code: "CONFLICT" });
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(2);
  });

  it("waits as long as the server asked", async () => {
    network.answer = (_, count) => {
      if (count === 1) throw new EdgePodError("OVERLOADED", "later", { retryAfterMs: 5000 });
      return answered({});
    };
    const result = client.mutate("addTask");
    await settle(4999);
    expect(network.count).toBe(1);
    await settle(2000);
    expect(await result).toBe("data");
  });

  it("from a clock that is wrong is sent again under a key of the pod's time, and so is every other from then on", async () => {
    const podTime = Date.now() - 90 * 24 * 3600 * 1000;
    network.answer = ({ key }) => {
      keys.push(key);
      if (madeAt(key ?? "") === podTime) return answered({});
      return new EdgePodError("IDEMPOTENCY_EXPIRED", "not now", { data: { now: podTime } }).toFailure();
    };
    expect(await client.mutate("addTask")).toBe("data");
    expect(keys).toHaveLength(2);
    expect(await client.mutate("addTask")).toBe("data");
    expect(keys).toHaveLength(3);
  });

  it("whose first answer was lost is not sent under another key, for it may have run", async () => {
    network.answer = ({ key }, count) => {
      keys.push(key);
      if (count === 1) nobody();
      return new EdgePodError("IDEMPOTENCY_EXPIRED", "too late", { data: { now: 0 } }).toFailure();
    };
    const failure = client.mutate("addTask").catch((error: unknown) => error);
    await settle(20_000);
    expect(await failure).toMatchObject({ code: "IDEMPOTENCY_EXPIRED" });
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(2);
  });

  it("isn't sent again in the name of somebody else, or after the client was closed", async () => {
    let token = "ada";
    const visitor = createClient<Functions>({
      url: "https://pod.test",
      apiKey: "k",
      transport: network,
      getToken: () => token,
    });
    network.answer = nobody;
    const ofAda = visitor.mutate("addTask").catch((error: unknown) => error);
    await settle();
    token = "grace";
    await settle(20_000);
    expect(await ofAda).toMatchObject({ code: "ABORTED" });
    expect(network.count).toBe(1);
    const ofGrace = visitor.mutate("addTask").catch((error: unknown) => error);
    await settle();
    visitor.close();
    await settle(20_000);
    expect(await ofGrace).toMatchObject({ code: "ABORTED" });
    expect(network.count).toBe(2);
  });
});

describe("a key", () => {
  it("is a UUID of version 7, says when it was made, and sorts by it", () => {
    const [early, late] = [createCallKey(Date.UTC(2026, 0, 1)), createCallKey(Date.UTC(2026, 0, 2))];
    expect(parseCallKey(`"${early.toUpperCase()}"`)).toBe(early);
    expect(madeAt(early)).toBe(Date.UTC(2026, 0, 1));
    expect(early < firstKeyOf(Date.UTC(2026, 0, 2)) && firstKeyOf(Date.UTC(2026, 0, 2)) < late).toBe(true);
    expect(createCallKey(0)).not.toBe(createCallKey(0));
  });

  it.each(["", "mine", "8e03978e-40d5-43dd-bc93-6894a57f9324"])("isn't %j", (text) => {
    expect(parseCallKey(text)).toBeNull();
  });
});

describe("another epoch", () => {
  it("makes every screen fetch once", async () => {
    const observer = look();
    await settle();
    network.hello();
    await settle();
    network.answer = () => answered({ epoch: "e2", version: 1 }, "of the next life");
    network.count = 0;
    network.hello("e2");
    await settle();
    expect(network.count).toBe(1);
    expect(observer.read().data).toBe("of the next life");
  });

  it("gives a query that the last code knew nothing of another try, over the socket that has outlived it", async () => {
    network.answer = () => new EdgePodError("UNKNOWN_FUNCTION", "what?").toFailure();
    const observer = look();
    network.hello();
    await settle();
    expect(observer.read().error).toMatchObject({ code: "UNKNOWN_FUNCTION" });
    network.answer = () => answered({ epoch: "e2" });
    network.hello("e2");
    await settle();
    expect(observer.read()).toMatchObject({ data: "data", error: null });
  });

  it("isn't brought back by an answer that was asked for before", async () => {
    const { promise, resolve } = Promise.withResolvers<object>();
    network.answer = () => promise;
    const observer = look();
    await settle();
    network.hello("e2");
    network.answer = () => answered({ epoch: "e2" }, "of this life");
    resolve(answered({ epoch: "e1", version: 99 }, "of the last life"));
    await settle();
    expect(observer.read().data).toBe("of this life");
    expect(network.count).toBe(2);
  });
});

describe("a socket that nobody is at", () => {
  it("is given up after two silent beats", async () => {
    look();
    await settle();
    network.hello();
    await settle(20_000);
    expect(network.said).toContain("ping");
    expect(network.reconnects).toBe(0);
    await settle(20_000);
    expect(network.reconnects).toBe(1);
    expect(client.status).toBe("disconnected");
  });
});

describe("a socket that opens and is never greeted", () => {
  it("is given up, for nobody would ever signal over it", async () => {
    look();
    network.open();
    await settle(5_000);
    expect(network.reconnects).toBe(1);
    network.open();
    network.hello();
    await settle(6_000);
    expect(network.reconnects).toBe(1);
  });
});

describe("a fetch that never ends", () => {
  it("is given up, and doesn't keep a connected screen behind", async () => {
    const screen = look();
    await settle();
    network.hello();
    await settle();
    network.answer = () => new Promise(() => undefined);
    network.say({ type: "stale", tables: ["tasks"], version: 2 });
    await settle();
    network.answer = () => answered({ version: 2, reads: { tasks: 2 } }, "new");
    await settle(60_000);
    expect(screen.read().data).toBe("new");
  });
});

describe("a list that nobody has looked at yet", () => {
  it("says already what looking will begin", () => {
    const list = createInfiniteQueryObserver(client, "getTasks", () => undefined, { getNextCursor: () => null });
    expect(list.read()).toMatchObject({ pages: undefined, isLoading: true, isFetching: true });
  });
});

describe("a page that comes back", () => {
  it("says what it holds and asks for a sign of life, but keeps a socket that gives one", async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
    vi.stubGlobal("window", page);
    const returning = createClient<Functions>({ url: "https://pod.test", apiKey: "k", transport: network });
    createQueryObserver(returning, "getTasks", undefined).subscribe(() => undefined);
    await settle();
    network.hello();
    await settle();
    network.said.length = 0;
    for (const event of ["pageshow", "visibilitychange"]) page.dispatchEvent(new Event(event));
    await settle();
    expect(network.said).toContainEqual(expect.stringContaining('"add":{"tasks":1}'));
    expect(network.said).toContain("ping");
    network.say("pong");
    await settle(10_000);
    expect(network.reconnects).toBe(0);
    page.dispatchEvent(new Event("visibilitychange"));
    await settle(10_000);
    expect(network.reconnects).toBe(1);
    returning.close();
  });
});

describe("an answer that a server has fetched", () => {
  /** What a server's client knew that fetched `data` at this version. */
  async function dehydrated(version: number, data: unknown) {
    network.answer = () => answered({ version, reads: { tasks: version } }, data);
    const server = createClient<Functions>({ url: "https://pod.test", apiKey: "k", transport: network });
    await server.prefetch("getTasks");
    const state = dehydrate(server);
    server.close();
    return state;
  }

  it("isn't fetched again by a page that opens a minute later, but watched", async () => {
    const state = await dehydrated(1, "rendered");
    await settle(60_000);
    hydrate(client, state);
    const screen = look();
    expect(screen.read()).toMatchObject({ data: "rendered", isFetching: false });
    await settle();
    network.hello();
    await settle();
    expect(network.said).toContainEqual(expect.stringContaining('"add":{"tasks":1}'));
    expect(network.count).toBe(1);
  });

  it("doesn't replace one that was fetched since", async () => {
    const state = await dehydrated(1, "rendered");
    await settle(10);
    network.answer = () => answered({ version: 2, reads: { tasks: 2 } }, "fetched");
    const screen = look();
    await settle(10);
    await settle(10);
    hydrate(client, state);
    expect(screen.read().data).toBe("fetched");
  });
});

describe("an answer that was put into the cache by hand", () => {
  it("is fetched when a newer one of the same table shows that it is old", async () => {
    network.answer = () => answered({ version: 10, reads: { notes: 10 } }, "fetched");
    look();
    await settle();
    network.hello();
    await settle();
    const put = (key: readonly unknown[], value: object) => client.queryClient.setQueryData(key, value);
    put(["edgepod", "getNotes", 1], { data: "new", epoch: "e1", version: 10, reads: { notes: 10 } });
    const options = client.queryOptions("getTasks");
    put(options.queryKey, { data: "old", epoch: "e1", version: 5, reads: { notes: 5 } });
    await settle(60_000);
    expect(look().read().data).toBe("fetched");
  });

  it("keeps its read set, and is covered like any other", async () => {
    const options = client.queryOptions("getTasks");
    look();
    await settle();
    network.hello();
    await settle();
    client.queryClient.setQueryData(
      options.queryKey,
      (cached: object | undefined) => cached && { ...cached, data: "mine" },
    );
    expect(look().read().data).toBe("mine");
    network.answer = () => answered({ version: 2, reads: { tasks: 2 } }, "theirs");
    network.say({ type: "stale", tables: ["tasks"], version: 2 });
    await settle();
    expect(look().read().data).toBe("theirs");
  });
});
