/** The core where there is no page: in Node, over its real transport, with a WebSocket and without one. */
import { createServer } from "node:http";
import type { Server } from "node:http";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createClient, createQueryObserver } from "../src/index.ts";
import type { Client } from "../src/index.ts";
import { answered } from "./scripted-transport.ts";

interface Functions {
  getTasks(ctx: { db: object; unsafeRawDb: object }): Promise<string[]>;
}

const DOM_GLOBALS = ["window", "document", "localStorage", "location", "addEventListener"];

let server: Server;
let client: Client<Functions> | undefined;
let url: string;

beforeEach(async () => {
  const listening = Promise.withResolvers<void>();
  server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(answered({}, ["Water the plants"])));
  });
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const address = server.address();
  url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
});

afterEach(() => {
  client?.close();
  server.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Everything that a screen does with the core. */
async function use(): Promise<string[]> {
  client = createClient<Functions>({ url, apiKey: "k" });
  const observed = createQueryObserver(client, "getTasks", undefined);
  const shown = Promise.withResolvers<string[]>();
  const stop = observed.subscribe(() => {
    const { data } = observed.read();
    if (data) shown.resolve(data);
  });
  try {
    return await shown.promise;
  } finally {
    stop();
  }
}

it("runs where there is no window", () => {
  expect(DOM_GLOBALS.filter((name) => name in globalThis)).toEqual([]);
});

it("queries and watches with a socket", async () => {
  const opened = Promise.withResolvers<{ url: string; protocols: unknown }>();
  class FakeSocket extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly readyState = FakeSocket.CONNECTING;
    constructor(socketUrl: string, protocols: unknown) {
      super();
      opened.resolve({ url: socketUrl, protocols });
    }
    close(): void {
      this.dispatchEvent(new Event("closing"));
    }
  }
  vi.stubGlobal("WebSocket", FakeSocket);
  expect(await use()).toEqual(["Water the plants"]);
  expect(await opened.promise).toEqual({
    url: `${url.replace("http", "ws")}/ws`,
    protocols: ["edgepod.v1", "edgepod.key.k"],
  });
  expect(client?.status).toBe("connecting");
});

it("queries where there is no WebSocket", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.stubGlobal("WebSocket", undefined);
  expect(await use()).toEqual(["Water the plants"]);
  await vi.waitFor(() => {
    expect(said).toHaveBeenCalledOnce();
  });
  expect(await client?.query("getTasks")).toEqual(["Water the plants"]);
});
