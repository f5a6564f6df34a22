// In components: the context, the template, and a page that a server has rendered.
import { flushSync, hydrate, mount, unmount } from "svelte";
import { describe, expect, inject, it, onTestFinished, vi } from "vitest";
import { useClient, useInfiniteQuery, useMutation, useQuery, useStatus } from "@edgepod/svelte";
import { dehydrate } from "@edgepod/core";
import Layout from "./page/Layout.svelte";
import Orphan from "./page/Orphan.svelte";
import Parent from "./page/Parent.svelte";
import { setUp, settle, until } from "./set-up.ts";
import type { World } from "./set-up.ts";

const server = inject("page");

/** Shows the page, over what a server has rendered if it has. Returns what it shows and what takes it away. */
function show({ client }: World, html = "", data = { edgepod: dehydrate(client) }) {
  const target = document.body.appendChild(document.createElement("main"));
  target.innerHTML = html;
  const begin = html === "" ? mount : hydrate;
  const page = begin(Layout, { target, props: { client, data } });
  flushSync();
  let isShown = true;
  const leave = async (): Promise<void> => {
    if (isShown) await unmount(page);
    isShown = false;
    target.remove();
  };
  onTestFinished(leave);
  const click = (label: string): void => {
    [...target.querySelectorAll("button")].find(({ textContent }) => textContent === label)?.click();
    flushSync();
  };
  const texts = () => [...target.querySelectorAll("h1, p")].map(({ textContent }) => textContent);
  return { target, texts, click, leave };
}

describe("a page", () => {
  it("shows what it asks for, and stays right", async () => {
    const world = setUp();
    const page = show(world);
    expect(page.texts()).toEqual(["connecting", "Loading", "Loading"]);
    await until(() => expect(page.texts()).toEqual(["connected", "Sow, Water", "Sow"]));
    page.click("Next");
    expect(page.texts()[2]).toBe("Loading");
    await until(() => expect(page.texts()[2]).toBe("Water"));
    world.tasks[1] = { id: 2, title: "Weed" };
    world.pod.write("tasks");
    await until(() => expect(page.texts()).toEqual(["connected", "Sow, Weed", "Weed"]));
  });

  it("doesn't take the event for an argument when `trigger` is the handler itself", async () => {
    const world = setUp();
    const warned = vi.spyOn(console, "warn");
    const page = show(world);
    await until(() => expect(page.texts()[1]).toBe("Sow, Water"));
    page.click("Clear");
    await until(() => expect(world.pod.calls).toContain("clearTasks"));
    expect(warned.mock.calls.filter(([text]) => String(text).includes("[svelte]"))).toEqual([]);
  });

  it("leaves nothing subscribed when it goes", async () => {
    const world = setUp();
    const page = show(world);
    await until(() => expect(page.texts()[1]).toBe("Sow, Water"));
    expect(world.observers()).toBe(2);
    await page.leave();
    await until(() => expect(world.observers()).toBe(0));
    world.pod.write("tasks");
    await settle();
    expect(world.pod.calls).toEqual(["getTasks", 'getTask {"id":1}']);
  });
});

describe("a page that a server has rendered", () => {
  it("has the data in its HTML, asked for once and watched by nobody", () => {
    expect(server.full).toContain("<p>Sow</p>");
    expect(server.calls).toEqual(["getTasks", 'getTask {"id":1}']);
    expect(server.observers).toBe(0);
    expect(server.status).toBe("connecting");
  });

  it("says that it is loading where the server fetched nothing", () => {
    expect(server.empty).toContain("<p>Loading</p>");
  });

  it("is shown at once in the browser, asks for nothing again, and stays right", async () => {
    // By this machine's clock the page is an hour old: a cache had it, or the clocks differ.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    const world = setUp();
    world.tasks.length = 1;
    const warned = vi.spyOn(console, "warn");
    const page = show(world, server.full, server.data);
    const [, first] = page.target.querySelectorAll("h1, p");
    expect(page.texts()).toEqual(["connecting", "Sow", "Sow"]);
    await until(() => expect(page.texts()).toEqual(["connected", "Sow", "Sow"]));
    expect(world.pod.calls).toEqual([]);
    expect(warned).not.toHaveBeenCalled();
    world.tasks[0] = { id: 1, title: "Weed" };
    world.pod.write("tasks");
    await until(() => expect(page.texts()).toEqual(["connected", "Weed", "Weed"]));
    // The server's own elements, not others in their place.
    expect(page.target.querySelectorAll("h1, p")[1]).toBe(first);
  });

  it("goes on loading in the browser where the server fetched nothing", async () => {
    const world = setUp();
    const warned = vi.spyOn(console, "warn");
    const page = show(world, server.empty);
    expect(page.texts()).toEqual(["connecting", "Loading", "Loading"]);
    await until(() => expect(page.texts()).toEqual(["connected", "Sow, Water", "Sow"]));
    expect(warned).not.toHaveBeenCalled();
  });
});

describe("context", () => {
  const hooks: [string, () => unknown][] = [
    ["useQuery", () => useQuery("getTasks")],
    ["useInfiniteQuery", () => useInfiniteQuery("getTasks", () => undefined, { getNextCursor: () => null })],
    ["useMutation", () => useMutation("addTask")],
    ["useStatus", () => useStatus()],
    ["useClient", () => useClient()],
  ];

  it("gives the client of the component above", () => {
    const { client } = setUp();
    let given: unknown;
    const use = () => (given = useClient());
    const page = mount(Parent, { target: document.body, props: { client, use } });
    onTestFinished(() => unmount(page));
    expect(given).toBe(client);
  });

  it.each(hooks)("without one %s says what is missing and the way out", (name, use) => {
    expect(() => mount(Orphan, { target: document.body, props: { use } })).toThrow(
      `${name} found no client. Call setEdgePodClient(createClient({ … })) in a component above`,
    );
  });
});
