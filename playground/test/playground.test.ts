/** What a person sees: the real dev server, the real runtime, and browsers that share nothing but the server. */
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ensureChromium } from "../../scripts/chromium.mjs";
import { BoardPage } from "./board-page.ts";
import { startDevServer, temporaryState } from "./dev-server.ts";
import type { DevServer } from "./dev-server.ts";
import { startProxy } from "./proxy.ts";

/** How long an idle pod with open sockets stays in memory: ten seconds, and some more on a busy machine. */
const EVICTED_AFTER_MS = 12_000;

const executablePath = await ensureChromium();

describe.skipIf(executablePath === null)("the playground", () => {
  let browser: Browser;
  let state: Awaited<ReturnType<typeof temporaryState>>;
  let server: DevServer;

  beforeAll(async () => {
    state = await temporaryState();
    server = await startDevServer({ state: state.path, worker: "test/worker/wrangler.jsonc" });
    browser = await chromium.launch({
      executablePath: executablePath ?? "",
      // Chromium's sandbox refuses to run for root, which is who runs tests in a container.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await state?.remove();
  });

  async function open(path = "react", base = server.url): Promise<BoardPage> {
    const board = await BoardPage.open(browser, base + path);
    onTestFinished(() => board.close());
    return board;
  }

  it("prints one address", () => {
    expect(server.output().match(/https?:\/\/\S+/g)).toEqual([server.url]);
  });

  it("makes no request from a screen that reads none of the written tables", async () => {
    const [board, notes] = await Promise.all([open(), open("notes")]);
    expect(await notes.callsSince(0)).toEqual(["getNotes"]);
    await board.add("Sweep the floor");
    await board.delete("Sweep the floor");
    expect(await notes.callsSince(0)).toEqual(["getNotes"]);

    // And the other way round.
    const before = board.calls.length;
    await notes.page.getByLabel("Text").fill("The broom is new.");
    await notes.page.keyboard.press("Enter");
    await notes.page.getByText("The broom is new.").waitFor();
    expect(await board.callsSince(before)).toEqual([]);
  });

  it("says in its strip which tables were written and what was fetched because of it", async () => {
    const [here, there] = await Promise.all([open(), open()]);
    await here.add("Count the pots");
    const strip = there.page.getByRole("complementary", { name: "Signals" });
    await strip.getByText("Fetched getActivity, getProjectCounts, getTasks.").waitFor();
    expect(await strip.getByRole("listitem").first().textContent()).toMatch(/^activity\s*tasks\s*version \d+/);
    await here.page.getByText("written here").waitFor();
  });

  it("catches up after its socket was cut, and follows again", async () => {
    const proxy = await startProxy(server.port);
    onTestFinished(() => proxy.close());
    const [here, there] = await Promise.all([open(), open("vue", proxy.url)]);
    proxy.cut();
    await there.status("Offline");
    const before = there.calls.length;
    await here.add("Mend the fence");
    expect(await there.callsSince(before)).toEqual([]);

    proxy.mend();
    await there.status("Live");
    await there.shows("Mend the fence");
    expect(await there.callsSince(before)).toEqual(["getActivity", "getProjectCounts", "getTasks"]);
    await here.delete("Mend the fence");
    await there.showsNo("Mend the fence");
  });

  it("fetches nothing when its socket was cut and nothing happened meanwhile", async () => {
    const proxy = await startProxy(server.port);
    onTestFinished(() => proxy.close());
    const board = await open("svelte", proxy.url);
    const before = board.calls.length;
    proxy.cut();
    await board.status("Offline");
    proxy.mend();
    await board.status("Live");
    expect(await board.callsSince(before)).toEqual([]);
  });

  it("follows after the pod was evicted while its sockets slept", async () => {
    const [here, there] = await Promise.all([open(), open()]);
    const starts = async (): Promise<number> => Number(await (await fetch(`${server.url}starts`)).text());
    const before = await starts();
    await here.page.waitForTimeout(EVICTED_AFTER_MS);
    await here.add("Feed the cat");
    expect(await starts()).toBe(before + 1);
    await there.shows("Feed the cat");
    await there.status("Live");
    await there.delete("Feed the cat");
    await here.showsNo("Feed the cat");
  });

  it("keeps its data over a restart of the server", async () => {
    const before = await open();
    await before.add("Wind the clock");
    await server.stop();
    server = await startDevServer({ state: state.path, worker: "test/worker/wrangler.jsonc" });
    const after = await open();
    expect(await after.titles()).toContain("Wind the clock");
  });
});
