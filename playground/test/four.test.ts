/** One board in four frameworks: what holds in one holds in each, and what is written in one is shown in all. */
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ensureChromium } from "../../scripts/chromium.mjs";
import { FRAMEWORKS } from "../client/shared/frameworks.ts";
import { BoardPage } from "./board-page.ts";
import { startDevServer, temporaryState } from "./dev-server.ts";
import type { DevServer } from "./dev-server.ts";

const PATHS = FRAMEWORKS.map(({ path }) => path);

const executablePath = await ensureChromium();

describe.skipIf(executablePath === null)("the board", () => {
  let browser: Browser;
  let state: Awaited<ReturnType<typeof temporaryState>>;
  let server: DevServer;
  /** One for each framework, which stay open: nobody reloads. */
  let boards: ReadonlyMap<string, BoardPage>;

  beforeAll(async () => {
    state = await temporaryState();
    server = await startDevServer({ state: state.path });
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: executablePath ?? "", args });
    boards = new Map(
      await Promise.all(PATHS.map(async (path) => [path, await BoardPage.open(browser, server.url + path)] as const)),
    );
  });

  afterAll(async () => {
    for (const board of boards?.values() ?? []) await board.close();
    await browser?.close();
    await server?.stop();
    await state?.remove();
  });

  function boardIn(path: string): BoardPage {
    const board = boards.get(path);
    if (!board) throw new Error(`No board was opened in ${path}.`);
    return board;
  }

  it("fetches each query exactly once when it is loaded, and once more when it is written, in each of them", async () => {
    const all = ["getActivity", "getPeople", "getProjectCounts", "getTasks"];
    const again = ["getActivity", "getProjectCounts", "getTasks"];
    for (const board of boards.values()) expect(board.calls.toSorted()).toEqual(all);
    const [here, ...others] = [...boards.values()];
    await here?.add("Count the requests");
    expect(await here?.callsSince(4)).toEqual(["addTask", ...again]);
    for (const other of others) expect(await other.callsSince(4)).toEqual(again);
  });

  it("shows in each framework what is written in the others, without focus or reload, and no console complains", async () => {
    for (const [path, here] of boards) {
      const others = [...boards.values()].filter((board) => board !== here);
      const title = `Written in ${path}`;
      await here.add(title);
      await Promise.all(others.map((there) => there.shows(title)));
      await here.check(title);
      await Promise.all(others.map((there) => there.isDone(title)));
      await here.rename(title, `${title} anew`);
      await Promise.all(others.map((there) => there.shows(`${title} anew`)));
      await here.delete(`${title} anew`);
      await Promise.all(others.map((there) => there.showsNo(`${title} anew`)));
    }
    for (const { complaints } of boards.values()) expect(complaints).toEqual([]);
  });

  it("stands four times on one page, each with a client of its own", async () => {
    const page = await (await browser.newContext({ viewport: { width: 1600, height: 900 } })).newPage();
    onTestFinished(() => page.context().close());
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(server.url);
    const frames = FRAMEWORKS.map(({ name }) => page.frameLocator(`iframe[title=${name}]`));
    for (const frame of frames) await frame.getByRole("status").filter({ hasText: "Live" }).waitFor();
    const [react, ...others] = frames;
    await react?.getByRole("checkbox", { name: "Done: Build a cold frame" }).click();
    for (const frame of others)
      await frame.getByRole("checkbox", { name: "Done: Build a cold frame", checked: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it.each(PATHS)(
    "shows in %s what a write will do before the pod has answered, and takes it back when it fails",
    async (path) => {
      const board = boardIn(path);
      const title = "Mend the roof vent";
      let answer = (): void => undefined;
      const isAsked = new Promise<void>((asked) => {
        void board.page.route("**/rpc/setDone", async (route) => {
          const answered = new Promise<void>((resolve) => (answer = resolve));
          asked();
          await answered;
          const error = { code: "INVALID_ARGUMENTS", message: "Not today." };
          await route.fulfill({ status: 400, json: { error } });
        });
      });
      await board.done(title).click();
      await isAsked;
      await board.isDone(title);
      expect((await board.titles()).indexOf(title)).toBeGreaterThan(0);
      answer();
      await board.page.getByText("Not today.").waitFor();
      await board.page.unroute("**/rpc/setDone");
      expect(await board.done(title).isChecked()).toBe(false);
      expect((await board.titles()).indexOf(title)).toBe(0);
    },
  );

  it.each(PATHS)("finds tasks in %s while one types, and shows what was there until then", async (path) => {
    const board = boardIn(path);
    await board.page.route("**/rpc/getTasks", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await route.continue();
    });
    const before = (await board.titles()).length;
    await board.page.getByRole("searchbox", { name: "Search tasks" }).pressSequentially("soil pot", { delay: 20 });
    expect(await board.titles()).toHaveLength(before);
    await expect.poll(() => board.titles()).toEqual(["Order potting soil"]);
    await board.page.getByRole("searchbox").fill("nothing like it");
    await board.page.getByText("Nothing found.").waitFor();
    await board.page.getByRole("searchbox").fill("");
    await board.page.unroute("**/rpc/getTasks");
    await board.shows("Order potting soil");
  });

  it.each(PATHS)("goes back through what happened in %s, page by page", async (path) => {
    const board = boardIn(path);
    await board.add(`The latest in ${path}`);
    await expect.poll(() => board.feed()).toContain(`added The latest in ${path}`);
    const first = await board.feed();
    expect(first).toHaveLength(8);
    await board.page.getByRole("button", { name: "Older" }).click();
    await expect.poll(async () => (await board.feed()).length).toBe(16);
    expect((await board.feed()).slice(0, 8)).toEqual(first);
  });

  it.each(PATHS)("can be used by keyboard alone in %s, with the focus always to be seen", async (path) => {
    const board = boardIn(path);
    const { keyboard } = board.page;
    const [title, next] = [`Hang the hammock in ${path}`, `Hang both hammocks in ${path}`];
    await board.tabTo(board.page.getByLabel("Title", { exact: true }));
    await keyboard.type(title);
    await keyboard.press("Tab");
    await keyboard.type("Web");
    await keyboard.press("Tab");
    await keyboard.type("Kath");
    await keyboard.press("Enter");
    await board.tabTo(board.page.getByRole("button", { name: "Add", exact: true }));
    await keyboard.press("Enter");
    await board.shows(title);
    await board.chose(`Project of: ${title}`, "Website");
    await board.chose(`Assignee of: ${title}`, "Katherine");

    await board.tabTo(board.done(title));
    await keyboard.press("Space");
    await board.isDone(title);
    // The row has moved to the end, and the keyboard with it.
    expect(await board.done(title).evaluate((box) => box === document.activeElement)).toBe(true);
    await board.tabTo(board.title(title));
    await keyboard.press("ControlOrMeta+a");
    await keyboard.type(next);
    await keyboard.press("Enter");
    await board.shows(next);
    await board.tabTo(board.page.getByRole("button", { name: `Delete: ${next}` }));
    await keyboard.press("Enter");
    await board.showsNo(next);
    expect(await board.page.evaluate(() => document.activeElement?.closest(".tasks") !== null)).toBe(true);
    for (const other of boards.values()) await expect.poll(() => other.titles()).toEqual(await board.titles());
  });

  it.each(PATHS)("lets a row glide to its new place in %s, unless one wants no motion", async (path) => {
    const { page } = boardIn(path);
    const glides = (): Promise<boolean> =>
      page.evaluate(async () => {
        const list = document.querySelector(".tasks");
        await Promise.allSettled(list?.getAnimations({ subtree: true }).map(({ finished }) => finished) ?? []);
        list?.querySelector<HTMLElement>("input[type=checkbox]")?.click();
        for (let frame = 0; frame < 20; frame += 1) {
          await new Promise(requestAnimationFrame);
          const effects = list?.getAnimations({ subtree: true }).map(({ effect }) => effect) ?? [];
          const frames = effects.flatMap((effect) => (effect instanceof KeyframeEffect ? effect.getKeyframes() : []));
          if (frames.some((one) => "transform" in one)) return true;
        }
        return false;
      });
    expect(await glides()).toBe(true);
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect(await glides()).toBe(false);
  });
});
