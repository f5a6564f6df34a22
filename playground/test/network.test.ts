/** Trains, lids and back buttons: what a network and a browser do to a page, over the real server and real sockets. */
import { createClient, createQueryObserver } from "@edgepod/core";
import type { Status } from "@edgepod/core";
import { chromium } from "playwright-core";
import type { Browser, LaunchOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { TestContext } from "vitest";
import { ensureChromium } from "../../scripts/chromium.mjs";
import { BoardPage } from "./board-page.ts";
import { startDevServer, temporaryState } from "./dev-server.ts";
import type { DevServer } from "./dev-server.ts";
import { startProxy } from "./proxy.ts";

interface Functions {
  getNotes(ctx: { db: object; unsafeRawDb: object }): Promise<readonly { readonly text: string }[]>;
  addNote(ctx: { db: object; unsafeRawDb: object }, args: { text: string }): Promise<unknown>;
}

const API_KEY = "ep_pk_playground";
const executablePath = await ensureChromium();

let state: Awaited<ReturnType<typeof temporaryState>>;
let server: DevServer;

beforeAll(async () => {
  state = await temporaryState();
  server = await startDevServer({ state: state.path });
});

afterAll(async () => {
  await server?.stop();
  await state?.remove();
});

describe("a half-open socket", () => {
  it("is found dead by its heartbeat, and what was signalled meanwhile is shown", async () => {
    const proxy = await startProxy(server.port);
    const reader = createClient<Functions>({ url: proxy.url, apiKey: API_KEY, heartbeatMs: 300 });
    const writer = createClient<Functions>({ url: server.url, apiKey: API_KEY });
    onTestFinished(async () => {
      reader.close();
      writer.close();
      await proxy.close();
    });
    const statuses: Status[] = [];
    reader.subscribe((event) => void (event.type === "status" && statuses.push(event.status)));
    const notes = createQueryObserver(reader, "getNotes", undefined);
    notes.subscribe(() => undefined);
    const texts = () => notes.read().data?.map(({ text }) => text);
    await expect.poll(() => [reader.status, texts()?.length]).toEqual(["connected", expect.any(Number)]);
    // The heartbeat alone keeps it: nothing else is said.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(statuses).toEqual(["connected"]);
    proxy.swallow();
    await writer.mutate("addNote", { text: "Swallowed" });
    await expect.poll(texts, { timeout: 10_000 }).toContain("Swallowed");
    expect(statuses).toEqual(["connected", "disconnected", "connected"]);
    await writer.mutate("addNote", { text: "Heard" });
    await expect.poll(texts).toContain("Heard");
    expect(statuses).toHaveLength(3);
  });
});

describe.skipIf(executablePath === null)("a page", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
  });

  function launch(options: LaunchOptions = {}): Promise<Browser> {
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    return chromium.launch({ executablePath: executablePath ?? "", ...options, args });
  }

  async function open(test: TestContext, base = server.url): Promise<BoardPage> {
    const board = await BoardPage.open(browser, `${base}solid`);
    test.onTestFinished(() => board.close());
    return board;
  }

  it("whose socket died in its sleep finds that out when it is thawed, long before the next heartbeat would", async (test) => {
    const proxy = await startProxy(server.port);
    test.onTestFinished(() => proxy.close());
    const [here, there] = await Promise.all([open(test), open(test, proxy.url)]);
    proxy.swallow();
    await here.add("While asleep");
    // Chromium freezes only pages that are hidden, and a headless one never is: the event alone is real enough.
    await there.page.evaluate(() => document.dispatchEvent(new Event("resume")));
    await expect.poll(() => there.titles(), { timeout: 15_000 }).toContain("While asleep");
    await there.status("Live");
  });

  it("that was offline shows what it missed when it is online again", async (test) => {
    const [here, there] = await Promise.all([open(test), open(test)]);
    await there.page.context().setOffline(true);
    await there.status("Offline");
    await here.add("While offline");
    await there.page.context().setOffline(false);
    await there.status("Live");
    await expect.poll(() => there.titles(), { timeout: 15_000 }).toContain("While offline");
  });

  it("that comes back by the back button shows what it missed, out of the cache that keeps it alive", async (test) => {
    const keeping = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
    test.onTestFinished(() => keeping.close());
    const here = await open(test);
    const page = await (await keeping.newContext()).newPage();
    // The dev server's own socket would keep the page out of the cache. No app has it when it is deployed.
    await page.addInitScript(() => {
      const { WebSocket } = globalThis;
      globalThis.WebSocket = new Proxy(WebSocket, {
        construct: (target, [url, protocols]: [string, string | string[]]) =>
          protocols === "vite-hmr" ? new EventTarget() : new target(url, protocols),
      });
      addEventListener("pageshow", ({ persisted }) => Object.assign(globalThis, { wasKept: persisted }));
    });
    await page.goto(`${server.url}solid`);
    await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
    await page.goto("about:blank");
    await here.add("While away");
    await page.goBack({ waitUntil: "commit" });
    await expect.poll(() => page.evaluate("wasKept")).toBe(true);
    await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
    await page.getByRole("textbox", { name: "Title of: While away", exact: true }).waitFor();
  });
});
