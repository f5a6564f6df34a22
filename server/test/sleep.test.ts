/** A pod with open sockets that has nothing to do falls asleep by itself, as it does in production: after ten idle seconds. */
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { connected, createApp, quiet, until } from "./support/app.ts";

/** The runtime's ten seconds, and some more on a busy machine. */
const IDLE_MS = 13_000;

it("nothing that a pod has done keeps it awake, and a heartbeat doesn't wake it", { timeout: 40_000 }, async () => {
  const [used, kept] = [createApp(), createApp()];
  const reader = used.visit();
  const writer = used.visit();
  const tasks = reader.look("getTasks");
  await connected(reader);
  await until(() => expect(tasks.data()).toEqual([]));

  // Whatever starts a timer: deadlines of transactions, the watch over who holds the pod, flushes, what is learned of texts.
  reader.look("getTasksSlowly", { before: 5, after: 5 });
  reader.look("getTaskOrThrow", { id: 99 });
  await Promise.all(["a", "b", "c"].map((title) => writer.client.mutate("addTask", { title })));
  await writer.client.mutate("addTaskAroundFailedTransaction", { title: "d" });
  await writer.client.mutate("addBoth", { title: "e", wait: 20 });
  await expect(writer.client.mutate("addTaskThenThrow", { title: "f" })).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(writer.client.mutate("addTaskThenThrowLater", { title: "g" })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  await used.post("/rpc", [{ fn: "getNotes" }, { fn: "getPeople" }]);
  await until(() => expect(tasks.data()).toHaveLength(7));
  // So that the test could fail: a timer is all that it takes.
  await runInDurableObject(kept.stub(), () => void setTimeout(() => undefined, 16_000));

  await new Promise((resolve) => void setTimeout(resolve, IDLE_MS));
  expect([await used.slept(), await kept.slept()]).toEqual([true, false]);

  const heard = reader.network.heard.length;
  reader.network.say("ping");
  await until(() => expect(reader.network.heard.slice(heard)).toEqual(["pong"]));
  expect(await used.slept()).toBe(true);

  await writer.client.mutate("addTask", { title: "wakes it" });
  await until(() => expect(tasks.data()).toHaveLength(8));
  expect(reader.network.heard.filter((text) => text.includes("hello"))).toHaveLength(1);
  await quiet();
  expect(await used.slept()).toBe(false);
});
