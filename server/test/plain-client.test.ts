/** That docs/protocol.md is enough: a client written from it alone keeps its screens right. */
import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { PlainClient } from "./plain-client.ts";
import { createApp, quiet, until } from "./support/app.ts";

function plainClient(pod: string): PlainClient {
  return new PlainClient(
    {
      post: async (path, headers, body) =>
        (await exports.default.fetch(`https://${pod}${path}`, { method: "POST", headers, body })).text(),
      open: async (path, subprotocols, received) => {
        const headers = { upgrade: "websocket", "sec-websocket-protocol": subprotocols.join(", ") };
        const { webSocket } = await exports.default.fetch(`https://${pod}${path}`, { headers });
        if (!webSocket) throw new Error("no socket");
        webSocket.addEventListener("message", ({ data }) => {
          received(String(data));
        });
        webSocket.accept();
        return webSocket;
      },
    },
    "ep_pk_test",
  );
}

it("shows what somebody else writes, also when it fetched before it was connected", async () => {
  const app = createApp();
  const client = plainClient(app.pod);
  await client.watch("getTasks");
  await client.connect();
  await client.watch("getNotes");
  await app.visit().client.mutate("addTask", { title: "By another" });
  await until(() => expect(client.shown("getTasks")).toMatchObject([{ title: "By another" }]));
  await app.visit().client.mutate("addNote", { text: "Too" });
  await until(() => expect(client.shown("getNotes")).toMatchObject([{ text: "Too" }]));
});

it("shows its own writes, and what happened while the pod slept", async () => {
  const app = createApp();
  const client = plainClient(app.pod);
  await client.connect();
  await client.watch("getTasks");
  await client.mutate("addTask", { title: "Own" });
  await until(() => expect(client.shown("getTasks")).toMatchObject([{ title: "Own" }]));
  await quiet();
  await app.sleep();
  await app.visit().client.mutate("addTask", { title: "After the nap" });
  await until(() => expect(client.shown("getTasks")).toMatchObject([{ title: "Own" }, { title: "After the nap" }]));
});

it("says what went wrong", async () => {
  const client = plainClient(createApp().pod);
  await expect(client.mutate("addTaskThenThrow", { title: "x" })).rejects.toThrow("CONFLICT: Not that one.");
});
