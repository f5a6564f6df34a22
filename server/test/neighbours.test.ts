/** Other builds than one's own: of the gateway that asks, of the pod that answers, and of the pod that a socket was opened by. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createGateway } from "../src/index.ts";
import { INTERNAL_PROTOCOL, UPGRADE_HEADER } from "../src/pod/internal.ts";
import { connected, createApp, quiet, until } from "./support/app.ts";
import { API_KEY } from "./worker.ts";

type App = ReturnType<typeof createApp>;
type Said = Record<string, unknown>;

/** Changes what a gateway says, into what one of another build would say. */
type Translate = (said: Said) => Said;

/** A gateway of another build before the app's pod. */
function gatewayOf(app: App, translate: Translate, answer: Translate = (said) => said) {
  const gateway = createGateway<unknown>({
    keys: () => [API_KEY],
    namespace: () => ({
      getByName: () => {
        const pod: object = app.stub();
        const stub = pod as { rpc(request: Said): Promise<Said>; fetch(request: Request): Promise<Response> };
        return {
          rpc: async (request: Said) => answer(await stub.rpc(translate(request))),
          fetch: (request: Request) => {
            const headers = new Headers(request.headers);
            headers.set(
              UPGRADE_HEADER,
              JSON.stringify(translate(JSON.parse(headers.get(UPGRADE_HEADER) ?? "") as Said)),
            );
            return stub.fetch(new Request(request, { headers }));
          },
        };
      },
    }),
  });
  const call = (fn: string, args: unknown, intent: string) =>
    gateway.fetch(
      new Request(`https://${app.pod}/rpc/${fn}`, {
        method: "POST",
        headers: { "x-edgepod-key": API_KEY, "x-edgepod-intent": intent },
        body: JSON.stringify({ args }),
      }),
      {},
    );
  const open = () =>
    gateway.fetch(
      new Request(`https://${app.pod}/ws`, {
        headers: { upgrade: "websocket", "sec-websocket-protocol": `edgepod.v1, edgepod.key.${API_KEY}` },
      }),
      {},
    );
  return { call, open };
}

const numbered =
  (distance: number): Translate =>
  (said) => ({ ...said, protocol: INTERNAL_PROTOCOL + distance });

/** The oldest that there was: it knew nothing of keys. */
const older: Translate = ({ key: _key, ...said }) => numbered(-1)(said);
const newer: Translate = (said) => ({ ...numbered(1)(said), region: "weur", trace: { id: 1 } });

describe("a gateway of the neighbouring build", () => {
  it.each([
    ["older", older],
    ["newer", newer],
  ])("that is %s is served: calls, repeats and sockets", async (_, translate) => {
    const app = createApp();
    const { call, open } = gatewayOf(app, translate);
    const written = await call("addTask", { title: "Across" }, "mutation");
    expect([written.status, await written.json()]).toMatchObject([200, { data: { id: 1 } }]);
    const read = await call("getTasks", {}, "query");
    expect(await read.json()).toMatchObject({ data: [{ id: 1, title: "Across" }] });
    const socket = (await open()).webSocket;
    const heard: string[] = [];
    socket?.addEventListener("message", ({ data }: MessageEvent) => void heard.push(String(data)));
    socket?.accept();
    await until(() => expect(heard.join()).toContain('"type":"hello"'));
    socket?.close();
  });

  it.each([-2, 2, Number.NaN])("but not one that is %i numbers away: it is told to try again", async (distance) => {
    const app = createApp();
    const { call, open } = gatewayOf(app, numbered(distance));
    for (const response of [await call("addTask", { title: "No" }, "mutation"), await call("getTasks", {}, "query")]) {
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("5");
      expect(await response.json()).toMatchObject({ error: { code: "PROTOCOL_MISMATCH" } });
    }
    const refused = await open();
    expect([refused.status, refused.webSocket]).toEqual([503, null]);
    expect(await refused.json()).toMatchObject({ error: { code: "PROTOCOL_MISMATCH" } });
    const nothing = await app.post("/rpc/getTasks", {}, { "x-edgepod-intent": "query" });
    expect(await nothing.json()).toMatchObject({ data: [] });
  });

  it("isn't one that says nothing which can be read", async () => {
    const stub = createApp().stub();
    for (const header of ["no JSON", "null", "{}"]) {
      const response = await stub.fetch("https://pod.test/ws", {
        headers: { upgrade: "websocket", [UPGRADE_HEADER]: header },
      });
      expect([header, response.status]).toEqual([header, 503]);
    }
  });
});

describe("a pod of the neighbouring build", () => {
  it("may say more than the gateway knows, or less than it hopes for", async () => {
    const app = createApp();
    const { call } = gatewayOf(
      app,
      (said) => said,
      ({ retryAfterMs: _ms, ...said }) => ({ ...said, served: "elsewhere" }),
    );
    const failed = await call("getTaskOrThrow", { id: 1 }, "query");
    expect([failed.status, failed.headers.get("retry-after")]).toEqual([404, null]);
    expect(await failed.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
  });
});

describe("a socket of another build's format", () => {
  const session = "00000000-0000-4000-8000-000000000000";
  it.each([
    ["older", [0, session, "", null, 1, new Uint8Array([6])]],
    ["newer", [2, session, "", null, 1, { tables: [1, 2] }]],
    ["of a type that isn't known", { format: "v2" }],
    ["a text", "tasks,notes"],
    ["broken", [1, session, "", null, "one", new Uint8Array(4)]],
    ["nothing", null],
  ])("that is %s ends, and its client comes back and is right", async (_, attachment) => {
    const app = createApp();
    const reader = app.visit();
    const [tasks, notes] = [reader.look("getTasks"), reader.look("getNotes")];
    await connected(reader);
    await until(() => expect([tasks.data(), notes.data()]).toEqual([[], []]));
    await quiet();
    await runInDurableObject(env.POD.getByName(app.pod), (_pod, state) => {
      for (const socket of state.getWebSockets()) socket.serializeAttachment(attachment);
    });
    await app.sleep();
    // A frame is the first to come, where the client has one to send.
    if (attachment === null) reader.look("getPeople").forget();
    const { error } = await (await app.post("/rpc/addTask", { args: { title: "Heard" } })).json<{ error?: unknown }>();
    expect(error).toBeUndefined();
    await until(() => expect(tasks.data()).toMatchObject([{ title: "Heard" }]));
    await app.post("/rpc/addNote", { args: { text: "Again" } });
    await until(() => expect(notes.data()).toMatchObject([{ text: "Again" }]));
    expect(reader.network.heard.filter((text) => text.includes("hello"))).toHaveLength(2);
  });
});
