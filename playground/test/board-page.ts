/** The playground in one browser context, as a person uses it: by labels and roles. */
import type { Browser, Locator, Page } from "playwright-core";

export class BoardPage {
  /** Names of the functions that this page has asked for, in order. */
  readonly calls: string[] = [];
  /** How often the document was loaded. */
  loads = 0;
  /** What the browser's console was told that isn't for its own developers' eyes only: warnings and errors. */
  readonly complaints: string[] = [];
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith("/rpc/")) this.calls.push(pathname.slice("/rpc/".length));
      // What went stale together is fetched together.
      else if (pathname === "/rpc") {
        const queries = request.postDataJSON() as { readonly fn: string }[];
        this.calls.push(...queries.map(({ fn }) => fn));
      }
    });
    page.on("console", (message) => {
      if (["warning", "error"].includes(message.type())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("load", () => {
      this.loads += 1;
    });
  }

  /** A context of its own: nothing is shared with another page but the server. Opened when signals reach it. */
  static async open(browser: Browser, url: string): Promise<BoardPage> {
    const context = await browser.newContext();
    const board = new BoardPage(await context.newPage());
    await board.page.goto(url);
    await board.status("Live");
    await board.page.waitForLoadState("networkidle");
    return board;
  }

  async status(text: string): Promise<void> {
    await this.page.getByRole("status").filter({ hasText: text }).waitFor();
  }

  title(title: string): Locator {
    return this.page.getByRole("textbox", { name: `Title of: ${title}`, exact: true });
  }

  done(title: string): Locator {
    return this.page.getByRole("checkbox", { name: `Done: ${title}`, exact: true });
  }

  /** The titles of all tasks, as they are now. */
  titles(): Promise<string[]> {
    const fields = this.page.getByRole("textbox", { name: /^Title of: / });
    return fields.evaluateAll((all) => all.map((field) => (field as HTMLInputElement).value));
  }

  async shows(title: string): Promise<void> {
    await this.title(title).waitFor();
  }

  async isDone(title: string): Promise<void> {
    await this.page.getByRole("checkbox", { name: `Done: ${title}`, exact: true, checked: true }).waitFor();
  }

  async chose(label: string, option: string): Promise<void> {
    const field = this.page.getByRole("combobox", { name: label });
    await field.locator("option:checked", { hasText: option }).waitFor({ state: "attached" });
  }

  /** Presses Tab until the element has the focus, which must be visible. */
  async tabTo(element: Locator): Promise<void> {
    const isFocused = (): Promise<boolean> => element.evaluate((node) => node === document.activeElement);
    for (let presses = 0; !(await isFocused()); presses += 1) {
      if (presses === 100) throw new Error(`Tab never reaches ${String(element)}.`);
      await this.page.keyboard.press("Tab");
    }
    const outline = await element.evaluate((node) => getComputedStyle(node).outlineStyle);
    if (outline === "none") throw new Error(`Nothing shows that ${String(element)} has the focus.`);
  }

  async showsNo(title: string): Promise<void> {
    await this.title(title).waitFor({ state: "detached" });
  }

  async add(title: string): Promise<void> {
    await this.page.getByLabel("Title", { exact: true }).fill(title);
    const answered = this.page.waitForResponse(/\/rpc\/addTask$/);
    await this.page.getByRole("button", { name: "Add", exact: true }).click();
    await this.shows(title);
    // It is shown before the pod knows it.
    await answered;
  }

  /** The lines of the feed, as they are now: `added Sow the tomatoes`. */
  feed(): Promise<string[]> {
    const lines = this.page.getByRole("region", { name: "Activity" }).getByRole("listitem");
    return lines.evaluateAll((all) =>
      all.map((line) => Array.from(line.querySelectorAll("span"), (part) => part.textContent).join(" ")),
    );
  }

  async check(title: string): Promise<void> {
    await this.done(title).click();
    await this.isDone(title);
  }

  async rename(title: string, next: string): Promise<void> {
    await this.title(title).fill(next);
    await this.title(title).press("Enter");
    await this.shows(next);
  }

  async delete(title: string): Promise<void> {
    await this.page.getByRole("button", { name: `Delete: ${title}`, exact: true }).click();
    await this.showsNo(title);
  }

  /** Waits until nothing has been asked for a while, and tells what was asked since `count` calls. */
  async callsSince(count: number): Promise<readonly string[]> {
    let before = -1;
    while (before !== this.calls.length) {
      before = this.calls.length;
      await this.page.waitForTimeout(400);
    }
    return this.calls.slice(count).sort();
  }

  async close(): Promise<void> {
    await this.page.context().close();
    if (this.loads !== 1)
      throw new Error(`The page was loaded ${this.loads} times: what it showed may be no signal's doing.`);
  }
}
