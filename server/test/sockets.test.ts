/** Sessions and their sockets: several of one user, tab after tab, asleep, expired, and at whose other end nobody is. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { durableStorage } from "../src/pod/durable-storage.ts";
import { Sockets } from "../src/pod/sockets.ts";
import type { SocketHost } from "../src/pod/sockets.ts";
import { Versions } from "../src/reactivity/versions.ts";
import { connected, createApp, quiet, until } from "./support/app.ts";

const titles = (data: unknown): string[] => (data as { title: string }[]).map(({ title }) => title);

/** A token as an identity provider makes them, but for the signature. `exp` is in seconds since 1970. */
const token = (sub: string, exp: number): string => `e30.${btoa(JSON.stringify({ sub, exp }))}.`;

describe("several sockets of one user", () => {
  it("each hear of what they watch, and go on when one of them closes", async () => {
    const app = createApp();
    const [phone, laptop] = [app.visit({ getToken: () => "ada" }), app.visit({ getToken: () => "ada" })];
    const writer = app.visit({ getToken: () => "grace" });
    const tasks = [phone, laptop].map((visitor) => visitor.look("getTasks"));
    const notes = laptop.look("getNotes");
    await Promise.all([phone, laptop].map(connected));
    await until(() => expect([...tasks, notes].map((look) => look.data())).toEqual([[], [], []]));
    await writer.client.mutate("addTask", { title: "For both" });
    await until(() => expect(tasks.map((look) => titles(look.data()))).toEqual([["For both"], ["For both"]]));
    phone.client.close();
    await writer.client.mutate("addNote", { text: "For one" });
    await until(() => expect(notes.data()).toMatchObject([{ text: "For one" }]));
    await quiet();
    expect(phone.network.heard.join()).not.toContain("notes");
  });
});

describe("one tab after another", () => {
  it("leaves nothing behind: no socket, and nobody who is signalled", async () => {
    const app = createApp();
    for (let tab = 0; tab < 12; tab += 1) {
      const visitor = app.visit();
      visitor.look("getTasks");
      // oxlint-disable-next-line no-await-in-loop -- one tab after another
      await connected(visitor);
      visitor.client.close();
    }
    await quiet();
    await runInDurableObject(app.stub(), (_pod, state) => {
      expect(state.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN)).toEqual([]);
    });
  });
});

describe("a screen that goes away", () => {
  it("and is forgotten takes its table with it: a write to it sends this socket nothing", async () => {
    const app = createApp();
    const [reader, writer] = [app.visit(), app.visit()];
    const [tasks, notes] = [reader.look("getTasks"), reader.look("getNotes")];
    await connected(reader);
    await until(() => expect([tasks.data(), notes.data()]).toEqual([[], []]));
    tasks.forget();
    await quiet();
    await app.sleep();
    const before = reader.network.heard.length;
    await writer.client.mutate("addTask", { title: "Unwatched" });
    await writer.client.mutate("addNote", { text: "Watched" });
    await until(() => expect(notes.data()).toMatchObject([{ text: "Watched" }]));
    expect(reader.network.heard.slice(before).join()).not.toContain("tasks");
  });

  it("and comes back, again and again, says nothing over the socket", async () => {
    const app = createApp();
    const reader = app.visit();
    reader.look("getNotes");
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    await quiet();
    const before = [reader.network.said.length, reader.network.calls.length];
    for (let time = 0; time < 30; time += 1) reader.look("getTasks").leave();
    tasks.leave();
    reader.look("getTasks");
    await quiet();
    expect([reader.network.said.length, reader.network.calls.length]).toEqual(before);
  });
});

describe("a pod that wakes up", () => {
  it("reads the attachments of all its sockets once, when a write first needs them, and not for a query or a heartbeat", async () => {
    const app = createApp();
    const [reader, writer] = [app.visit(), app.visit()];
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    await quiet();
    await app.sleep();
    const passes = await runInDurableObject(app.stub(), (_pod, state) => {
      const getWebSockets = vi.spyOn(state, "getWebSockets");
      return () => getWebSockets.mock.calls.filter(([tag]) => tag === undefined).length;
    });
    reader.network.say("ping");
    await writer.client.query("getNotes");
    reader.look("getNotes");
    await until(() => expect(reader.network.count("getNotes")).toBe(1));
    await quiet();
    expect(passes()).toBe(0);
    for (const title of ["one", "two"]) {
      // oxlint-disable-next-line no-await-in-loop -- two flushes
      await writer.client.mutate("addTask", { title });
      // oxlint-disable-next-line no-await-in-loop
      await until(() => expect(titles(tasks.data())).toContain(title));
    }
    expect(passes()).toBe(1);
  });
});

describe("a token that ends", () => {
  it("ends its socket too: nothing is signalled over it, and its client comes back with another token", async () => {
    const app = createApp();
    let now = token("ada", Date.now() / 1000 + 0.6);
    const reader = app.visit({ getToken: () => now });
    const writer = app.visit();
    const tasks = reader.look("getTasks");
    await connected(reader);
    await until(() => expect(tasks.data()).toEqual([]));
    now = token("ada", Date.now() / 1000 + 3600);
    await new Promise((resolve) => void setTimeout(resolve, 700));
    await writer.client.mutate("addTask", { title: "Later" });
    await until(() => expect(reader.client.status).toBe("disconnected"));
    expect(reader.network.heard.filter((text) => text.includes("hello"))).toHaveLength(1);
    expect(reader.network.heard.join()).not.toContain('"stale"');
    await until(() => expect(titles(tasks.data())).toEqual(["Later"]));
    await connected(reader);
  });
});

describe("sessions and what they watch", () => {
  /** Sockets of a Durable Object that is no pod. */
  async function setUp(name: string, test: (bare: Bare) => void): Promise<void> {
    await runInDurableObject(env.BARE.getByName(name), (_bare, state) => {
      const versions = new Versions(durableStorage(state.storage));
      for (const table of ["tasks", "notes"]) versions.register(table);
      const ids: string[] = [];
      let silentFor: number | null = null;
      const host: SocketHost = {
        acceptWebSocket: (socket, tags = []) => {
          ids.push(...tags);
          state.acceptWebSocket(socket, tags);
        },
        getWebSockets: state.getWebSockets.bind(state),
        getTags: state.getTags.bind(state),
        setWebSocketAutoResponse: state.setWebSocketAutoResponse.bind(state),
        getWebSocketAutoResponseTimestamp: () => (silentFor === null ? null : new Date(Date.now() - silentFor)),
      };
      test({
        wake: () => new Sockets({ host, versions, epoch: () => "e" }),
        open: (sockets, ...tables) => {
          sockets.accept("", null).webSocket?.accept();
          const session = sockets.find(ids.at(-1) ?? "", "");
          if (!session) throw new Error("A socket has just been accepted.");
          sockets.watch(session, tables);
          return session.socket;
        },
        silence: (ms) => {
          silentFor = ms;
        },
      });
    });
  }

  it("are all gone when their sockets are", async () => {
    await setUp("all-gone", ({ wake, open }) => {
      const sockets = wake();
      const opened = Array.from({ length: 50 }, () => open(sockets, "tasks", "notes"));
      expect(sockets.everybody().everybody().size).toBe(50);
      for (const socket of opened) sockets.forget(socket);
      expect(sockets.everybody().everybody().size).toBe(0);
    });
  });

  it("end when they have been silent for ten minutes, but not one that has never asked for a sign of life", async () => {
    await setUp("silent", ({ wake, open, silence }) => {
      open(wake(), "tasks");
      expect(wake().everybody().everybody().size).toBe(1);
      silence(9 * 60_000);
      expect(wake().everybody().everybody().size).toBe(1);
      silence(11 * 60_000);
      expect(wake().everybody().everybody().size).toBe(0);
    });
  });
});

interface Bare {
  /** What a start of the pod would make of the sockets that are open. */
  readonly wake: () => Sockets;
  /** A socket whose session watches these tables. */
  readonly open: (sockets: Sockets, ...tables: string[]) => WebSocket;
  /** From now on it is so long ago that anybody asked for a sign of life. */
  readonly silence: (ms: number) => void;
}
