/** What the client makes of a network and a page that come and go, at the seam of its transport. */
import { QueryClient } from "@tanstack/query-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClient } from "../src/client.ts";
import type { Client, ClientOptions } from "../src/client-types.ts";
import { createHttpTransport } from "../src/http-transport.ts";
import { createQueryObserver } from "../src/observers.ts";
import { ScriptedTransport, answered } from "./scripted-transport.ts";

// What decodes values is loaded when it is needed, and here it takes until a test says so.
const loading = vi.hoisted(() => Promise.withResolvers<void>());
vi.mock(import("../src/values.ts"), async (original) => {
  await loading.promise;
  return original();
});

interface Functions {
  getTasks(ctx: { db: object; unsafeRawDb: object }): Promise<unknown>;
  addTask(ctx: { db: object; unsafeRawDb: object }): Promise<unknown>;
}

let network: ScriptedTransport;
const open = new Set<Client<Functions>>();

beforeEach(() => {
  vi.useFakeTimers();
  network = new ScriptedTransport();
});

afterEach(() => {
  for (const client of open) client.close();
  open.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function create(options: Partial<ClientOptions> = {}): Client<Functions> {
  const client = createClient<Functions>({ url: "https://pod.test", apiKey: "k", transport: network, ...options });
  open.add(client);
  return client;
}

function look(client: Client<Functions>) {
  const observer = createQueryObserver(client, "getTasks", undefined);
  return { leave: observer.subscribe(() => undefined), data: () => observer.read().data };
}

const nothing = (): void => undefined;
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function connect(client: Client<Functions>): Promise<void> {
  look(client);
  await settle();
  network.hello();
  await settle();
}

describe("a screen that is left and shown again", () => {
  it("says nothing for as long as the cache keeps its answer, and one thing when the cache forgets it", async () => {
    // What query-core does in a browser; in Node it forgets nothing.
    const queryClient = new QueryClient({ defaultOptions: { queries: { gcTime: 5 * 60_000 } } });
    const client = create({ queryClient, heartbeatMs: 3600_000 });
    const { leave } = look(client);
    await settle();
    network.hello();
    await settle();
    leave();
    network.said.length = 0;
    for (let time = 0; time < 20; time += 1) {
      look(client).leave();
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await settle(1000);
    }
    const watches = () => network.said.filter((text) => text.startsWith("{"));
    expect(watches()).toEqual([]);
    await settle(6 * 60_000);
    expect(watches()).toEqual(['{"type":"watch","n":2,"add":{},"drop":["tasks"]}']);
  });
});

describe("a socket", () => {
  it("is found dead within two intervals, however long they are", async () => {
    const client = create({ heartbeatMs: 1000 });
    await connect(client);
    await settle(1000);
    network.say("pong");
    await settle(1999);
    expect(client.status).toBe("connected");
    await settle(1);
    expect([client.status, network.reconnects]).toEqual(["disconnected", 1]);
  });

  it("is asked at once after the machine has slept, and not given up for an answer that couldn't come", async () => {
    const client = create();
    await connect(client);
    await settle(20_000);
    expect(network.said.filter((text) => text === "ping")).toHaveLength(1);
    vi.setSystemTime(Date.now() + 8 * 3600_000);
    await settle(20_000);
    expect(network.said.filter((text) => text === "ping")).toHaveLength(2);
    expect(network.reconnects).toBe(0);
    await settle(5000);
    expect([client.status, network.reconnects]).toEqual(["disconnected", 1]);
  });

  it("is asked at once when the page goes offline, and kept where the pod answers all the same", async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
    vi.stubGlobal("window", page);
    const client = create();
    await connect(client);
    page.dispatchEvent(new Event("offline"));
    network.say("pong");
    await settle(6000);
    expect(client.status).toBe("connected");
    page.dispatchEvent(new Event("offline"));
    await settle(5000);
    expect(client.status).toBe("disconnected");
    page.dispatchEvent(new Event("online"));
    expect(network.reconnects).toBe(2);
    network.hello();
    expect(client.status).toBe("connected");
  });

  it("is given up when the page is left, for no browser keeps a page that has one, and comes back with the page", async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
    vi.stubGlobal("window", page);
    const client = create();
    await connect(client);
    page.dispatchEvent(new Event("pagehide"));
    expect([client.status, network.closes]).toEqual(["disconnected", 1]);
    page.dispatchEvent(new Event("pageshow"));
    expect(network.reconnects).toBe(1);
    network.said.length = 0;
    network.hello();
    await settle();
    expect(network.said).toEqual(['{"type":"watch","n":1,"add":{"tasks":1},"drop":[]}']);
    expect(network.count).toBe(1);
  });

  it("that opens isn't a connection until the pod has spoken, and none is left after the client was closed", async () => {
    const client = create();
    const statuses: string[] = [client.status];
    client.subscribe((event) => void (event.type === "status" && statuses.push(event.status)));
    look(client);
    network.open();
    await settle();
    expect(client.status).toBe("connecting");
    network.hello();
    network.cut();
    network.open();
    expect(client.status).toBe("disconnected");
    network.hello();
    client.close();
    expect(statuses).toEqual(["connecting", "connected", "disconnected", "connected", "disconnected"]);
  });
});

describe("an answer for the last identity", () => {
  let token: string | null;
  let client: Client<Functions>;
  const answers: ((body: object) => void)[] = [];
  beforeEach(() => {
    token = "ada";
    client = create({ getToken: () => token });
    answers.length = 0;
    network.answer = () => new Promise((resolve) => void answers.push(resolve));
  });

  it("that comes after a log-out is never shown, and whoever waits for it gets the next one's", async () => {
    const asked = client.query("getTasks");
    const screen = look(client);
    await settle();
    token = null;
    await client.refreshIdentity();
    answers[0]?.(answered({}, "of ada"));
    await settle();
    expect(screen.data()).toBeUndefined();
    answers[1]?.(answered({}, "of nobody"));
    await settle();
    expect([screen.data(), await asked]).toEqual(["of nobody", "of nobody"]);
  });

  it("isn't given to anybody when a log-out came while it was being decoded", async () => {
    const failure = client.mutate("addTask").catch((error: unknown) => error);
    await settle();
    answers[0]?.({ ...answered({}, "2026-01-01T00:00:00.000Z"), types: { values: ["Date"], v: 1 } });
    await settle();
    token = null;
    await client.refreshIdentity();
    loading.resolve();
    expect(await failure).toMatchObject({ code: "ABORTED" });
  });
});

describe("two clients in one page", () => {
  it("have a socket and a cache of their own, and one outlives the other", async () => {
    const other = new ScriptedTransport();
    other.answer = () => answered({}, "of the other");
    const [one, two] = [create(), create({ url: "https://other.test", transport: other })];
    const screens = [look(one), look(two)];
    await settle();
    network.hello();
    other.hello();
    expect(screens.map(({ data }) => data())).toEqual(["data", "of the other"]);
    one.close();
    other.answer = () => answered({ version: 2, reads: { tasks: 2 } }, "newer");
    other.say({ type: "stale", tables: ["tasks"], version: 2 });
    await settle();
    expect(screens[1]?.data()).toBe("newer");
    expect([network.count, other.count]).toEqual([1, 2]);
  });

  it("can't share a cache unless they are of one pod: an answer of one would be shown as the other's", () => {
    const queryClient = new QueryClient();
    create({ queryClient });
    create({ queryClient });
    expect(() => create({ queryClient, url: "https://other.test" })).toThrow(/Give each client its own/);
  });
});

describe("reconnecting", () => {
  it("takes longer from try to try, and each client its own time", async () => {
    const clients = Array.from({ length: 20 }, connectInVain);
    await settle(10_000);
    for (const { connection } of clients) connection.close();
    const pauses = clients.map(({ times }) => times.slice(1).map((time, at) => time - (times[at] ?? 0)));
    expect(new Set(pauses.map(([first]) => first)).size).toBeGreaterThan(15);
    for (const [first = 0, second = 0, third = 0] of pauses) {
      expect(first).toBeGreaterThanOrEqual(300);
      expect(second).toBeGreaterThan(first * 1.5);
      expect(third).toBeGreaterThan(second * 1.5);
    }
  });

  /** When a client whose pod is never there tries to connect, in milliseconds of the test's clock. */
  function connectInVain() {
    const times: number[] = [];
    class Nobody extends EventTarget {
      constructor() {
        super();
        times.push(Date.now());
        queueMicrotask(() => this.dispatchEvent(Object.assign(new Event("close"), { code: 1006 })));
      }
      close(): void {}
    }
    const socketClass: unknown = Nobody;
    const WebSocket = socketClass as typeof globalThis.WebSocket;
    const connection = createHttpTransport({ url: "https://pod.test", apiKey: "k", WebSocket }).connect({
      token: () => Promise.resolve(null),
      opened: nothing,
      received: nothing,
      closed: nothing,
    });
    return { connection, times };
  }
});
