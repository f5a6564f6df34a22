/** The gateway's doors: who may come in, and what a stranger learns. */
import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "./support/app.ts";

const QUERY = { "x-edgepod-intent": "query" };

async function failureOf(response: Response): Promise<unknown> {
  const { error } = await response.json<{ error: { code: string; message: string } }>();
  return { status: response.status, code: error.code, message: error.message };
}

describe("a call", () => {
  it("without a valid publishable key is refused", async () => {
    const response = await createApp().post("/rpc/getTasks", {}, { "x-edgepod-key": "ep_pk_other" });
    expect(await failureOf(response)).toMatchObject({ status: 401, code: "INVALID_KEY" });
  });

  it("with a token that authenticate rejects is refused, without its reason", async () => {
    const response = await createApp().post("/rpc/getTasks", {}, { authorization: "Bearer not/valid" });
    expect(await failureOf(response)).toEqual({
      status: 401,
      code: "UNAUTHORIZED",
      message: "The token is not valid.",
    });
  });

  it("of a function that doesn't exist says which one is near", async () => {
    const response = await createApp().post("/rpc/getTask5", {});
    expect(await failureOf(response)).toEqual({
      status: 404,
      code: "UNKNOWN_FUNCTION",
      message: 'Unknown function "getTask5". Did you mean "getTasks"?',
    });
  });

  it.each(["constructor", "__proto__", "toString", "notAFunction", "lateStatement", "%E0%A4%A"])(
    "of %s reaches nothing",
    async (name) => {
      const response = await createApp().post(`/rpc/${name}`, {});
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    },
  );

  it("that fails with anything but an EdgePodError tells a stranger nothing but a reference", async () => {
    const response = await createApp().post("/rpc/addTaskThenCrash", { args: { title: "x" } });
    const failure = await failureOf(response);
    expect(failure).toMatchObject({ status: 500, code: "INTERNAL" });
    expect(JSON.stringify(failure)).not.toMatch(/secret|password|SELECT/);
    expect(JSON.stringify(failure)).toMatch(/reference [0-9a-f]{8}/);
  });

  it("that may be tried again says when", async () => {
    const response = await createApp().post("/rpc/getTaskOrThrow", { args: { id: 1 } }, QUERY);
    expect(response.headers.get("retry-after")).toBe("3");
  });

  it("by GET is refused, so that no link and no image can call anything", async () => {
    const app = createApp();
    const response = await exports.default.fetch(`https://${app.pod}/rpc/addTask`);
    expect(await failureOf(response)).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
  });

  it("with a body that isn't a call is refused", async () => {
    const app = createApp();
    expect(await failureOf(await app.post("/rpc/getTasks", [1]))).toMatchObject({ status: 400, code: "BAD_REQUEST" });
    expect(await failureOf(await app.post("/rpc/getTasks", { args: 1, types: 2 }))).toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  it("with too large a body is refused", async () => {
    const response = await createApp().post("/rpc/echo", { args: "x".repeat(1_000_001) });
    expect(await failureOf(response)).toMatchObject({ status: 413, code: "PAYLOAD_TOO_LARGE" });
  });

  it("is found under any path that the gateway is mounted at", async () => {
    const response = await createApp().post("/api/v1/rpc/getNothing", {}, QUERY);
    expect(await response.json()).toMatchObject({ data: "nothing" });
  });

  it("elsewhere is told where the doors are", async () => {
    expect(await failureOf(await createApp().post("/", {}))).toMatchObject({ status: 404, code: "NOT_FOUND" });
  });
});

describe("a batch", () => {
  it("answers each query in order, and one that fails doesn't fail the rest", async () => {
    const app = createApp();
    await app.post("/rpc/addTask", { args: { title: "One" } });
    const response = await app.post("/rpc", [
      { fn: "getTasks" },
      { fn: "addTask", args: { title: "Two" } },
      { fn: "getTask", args: { id: 1 } },
    ]);
    expect(await response.json()).toMatchObject([
      { data: [{ title: "One" }], meta: { version: 3 } },
      { error: { code: "QUERY_WROTE" } },
      { data: { title: "One" }, meta: { version: 3 } },
    ]);
  });

  it("is of one version, although one of its queries waits while somebody writes", async () => {
    const app = createApp();
    const batch = app.post("/rpc", [{ fn: "getTasks" }, { fn: "getNotesSlowly", args: { before: 60 } }]);
    await new Promise((resolve) => void setTimeout(resolve, 20));
    await app.post("/rpc/addTask", { args: { title: "Meanwhile" } });
    const answers = await (await batch).json<{ data: unknown; meta: { version: number } }[]>();
    expect(answers[0]?.data).toMatchObject([{ title: "Meanwhile" }]);
    expect(answers.map(({ meta }) => meta.version)).toEqual([3, 3]);
  });

  it("of more than 32 calls is refused", async () => {
    const response = await createApp().post(
      "/rpc",
      Array.from({ length: 33 }, () => ({ fn: "getNothing" })),
    );
    expect(await failureOf(response)).toMatchObject({ status: 400, code: "BAD_REQUEST" });
  });
});

describe("a page of another origin", () => {
  it("may call, and is told so before it does", async () => {
    const app = createApp();
    const response = await exports.default.fetch(`https://${app.pod}/rpc/getTasks`, {
      method: "OPTIONS",
      headers: { origin: "https://app.example.com", "access-control-request-headers": "x-edgepod-key" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-headers")).toContain("x-edgepod-session");
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
  });
});

describe("a socket", () => {
  const open = (pod: string, protocols: string) =>
    exports.default.fetch(`https://${pod}/ws`, {
      headers: { upgrade: "websocket", "sec-websocket-protocol": protocols },
    });

  it("is opened with the key among its subprotocols, and only our own is chosen", async () => {
    const response = await open(createApp().pod, "edgepod.v1, edgepod.key.ep_pk_test");
    expect(response.status).toBe(101);
    expect(response.headers.get("sec-websocket-protocol")).toBe("edgepod.v1");
    response.webSocket?.accept();
    response.webSocket?.close();
  });

  it("without a key, or with a bad token, isn't opened", async () => {
    const { pod } = createApp();
    expect((await open(pod, "edgepod.v1")).status).toBe(401);
    expect((await open(pod, `edgepod.v1, edgepod.key.ep_pk_test, edgepod.token.${btoa("not/valid")}`)).status).toBe(
      401,
    );
  });

  it("can't say who it is by a header of its own", async () => {
    const app = createApp();
    const response = await exports.default.fetch(`https://${app.pod}/ws`, {
      headers: {
        upgrade: "websocket",
        "sec-websocket-protocol": "edgepod.v1, edgepod.key.ep_pk_test",
        "x-edgepod-upgrade": JSON.stringify({ protocol: 1, user: { sub: "ada" } }),
      },
    });
    const socket = response.webSocket;
    const hello = new Promise<string>((resolve) => {
      socket?.addEventListener("message", ({ data }) => {
        resolve(String(data));
      });
    });
    socket?.accept();
    const { session } = JSON.parse(await hello) as { session: string };
    const headers = { ...QUERY, authorization: "Bearer ada", "x-edgepod-session": session };
    const answer = await app.post("/rpc/getTasks", {}, headers);
    expect(await answer.json()).toMatchObject({ meta: { watched: null } });
    socket?.close();
  });

  it("that says something else than the protocol is closed", async () => {
    const response = await open(createApp().pod, "edgepod.v1, edgepod.key.ep_pk_test");
    const socket = response.webSocket;
    const closed = new Promise<number>((resolve) => {
      socket?.addEventListener("close", ({ code }) => {
        resolve(code);
      });
    });
    socket?.accept();
    socket?.send('{"type":"watch","n":-1}');
    expect(await closed).toBe(1008);
  });
});
