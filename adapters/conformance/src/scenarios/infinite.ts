import type { OptimisticScreen } from "@edgepod/core";
import { expect } from "vitest";
import type { Functions, InfiniteQuery, Mounted } from "../contract.ts";
import type { Scenarios } from "../suite.ts";
import type { World } from "../world.ts";
import { mutation, pages, titlesOfPages } from "../uses.ts";

const shownBy = (page: Mounted<[InfiniteQuery]>): string | undefined => titlesOfPages(page.shown()[0].pages);

/** A list of five tasks, of which two pages are shown. */
async function open({ tasks, mount, until }: World): Promise<Mounted<[InfiniteQuery]>> {
  tasks.push({ id: 3, title: "Weed" }, { id: 4, title: "Prune" }, { id: 5, title: "Harvest" });
  const page = await mount(pages());
  await until(() => expect(shownBy(page)).toBe("Sow, Water"));
  await page.shown()[0].fetchNextPage();
  await until(() => expect(shownBy(page)).toBe("Sow, Water | Weed, Prune"));
  return page;
}

export const infinite: Scenarios = {
  "infinite-first-page": {
    shows: "says that it is loading, then shows the first page and that there is another",
    run: async ({ pod, mount, until }) => {
      const answer = pod.hold();
      const page = await mount(pages());
      expect(page.shown()[0]).toMatchObject({ pages: undefined, isLoading: true, hasNextPage: false });
      answer();
      await until(() => expect(shownBy(page)).toBe("Sow, Water"));
      expect(page.shown()[0]).toMatchObject({ isLoading: false, hasNextPage: true, error: null });
      expect(pod.calls).toEqual(['getPage {"after":null}']);
    },
  },
  "infinite-next-page": {
    shows: "adds the next page after the first, and says that it is on its way",
    run: async ({ pod, tasks, mount, settle, until }) => {
      tasks.push({ id: 3, title: "Weed" });
      const page = await mount(pages());
      await until(() => expect(shownBy(page)).toBe("Sow, Water"));
      const answer = pod.hold();
      const fetched = page.shown()[0].fetchNextPage();
      await settle();
      expect(page.shown()[0]).toMatchObject({ isFetchingNextPage: true, isLoading: false });
      answer();
      await fetched;
      await until(() => expect(shownBy(page)).toBe("Sow, Water | Weed"));
      expect(page.shown()[0]).toMatchObject({ isFetchingNextPage: false, hasNextPage: false });
      expect(pod.calls).toEqual(['getPage {"after":null}', 'getPage {"after":2}']);
    },
  },
  "infinite-row-added": {
    shows: "shows a row that was added at the end of the last page",
    run: async (world) => {
      const { pod, tasks, mount, until } = world;
      tasks.push({ id: 3, title: "Weed" });
      const page = await mount(pages());
      await until(() => expect(shownBy(page)).toBe("Sow, Water"));
      await page.shown()[0].fetchNextPage();
      await until(() => expect(shownBy(page)).toBe("Sow, Water | Weed"));
      tasks.push({ id: 4, title: "Prune" });
      pod.write("tasks");
      await until(() => expect(shownBy(page)).toBe("Sow, Water | Weed, Prune"));
      await until(() => expect(page.shown()[0].hasNextPage).toBe(true));
    },
  },
  "infinite-row-removed": {
    shows: "moves the rows up when one is removed, none of them missing and none twice",
    run: async (world) => {
      const page = await open(world);
      world.tasks.splice(0, 1);
      world.pod.write("tasks");
      await world.until(() => expect(shownBy(page)).toBe("Water, Weed | Prune, Harvest"));
    },
  },
  "infinite-row-before-cursor": {
    shows: "moves the rows down when one is added on the first page, none of them missing and none twice",
    run: async (world) => {
      const page = await open(world);
      world.tasks.splice(1, 0, { id: 1.5, title: "Dig" });
      world.pod.write("tasks");
      await world.until(() => expect(shownBy(page)).toBe("Sow, Dig | Water, Weed"));
      const ids = page.seen().map(([{ pages: all = [] }]) => titlesOfPages(all)?.split(/, | \| /) ?? []);
      expect(ids.every((each) => new Set(each).size === each.length)).toBe(true);
    },
  },
  "infinite-cursor-row-removed": {
    shows: "goes on after a page whose last row is removed",
    run: async (world) => {
      const page = await open(world);
      world.tasks.splice(1, 1);
      world.pod.write("tasks");
      await world.until(() => expect(shownBy(page)).toBe("Sow, Weed | Prune, Harvest"));
      world.tasks.push({ id: 6, title: "Mow" });
      await page.shown()[0].fetchNextPage();
      await world.until(() => expect(shownBy(page)).toBe("Sow, Weed | Prune, Harvest | Mow"));
    },
  },
  "infinite-shrinks": {
    shows: "shows fewer pages when fewer rows are left",
    run: async (world) => {
      const page = await open(world);
      world.tasks.length = 1;
      world.pod.write("tasks");
      await world.until(() => expect(shownBy(page)).toBe("Sow"));
      expect(page.shown()[0].hasNextPage).toBe(false);
    },
  },
  "infinite-refetch": {
    shows: "fetches every page anew when refetch is called",
    run: async (world) => {
      const page = await open(world);
      world.tasks[2] = { id: 3, title: "Mow" };
      await page.shown()[0].refetch();
      await world.until(() => expect(shownBy(page)).toBe("Sow, Water | Mow, Prune"));
      expect(world.pod.calls.slice(2)).toEqual(['getPage {"after":null}', 'getPage {"after":2}']);
    },
  },
  "infinite-arguments-change": {
    shows: "begins another list when its arguments change, and shows nothing of the first",
    run: async (world) => {
      const page = await open(world);
      const answer = world.pod.hold();
      await page.change(pages("W"));
      expect(page.shown()[0]).toMatchObject({ pages: undefined, isLoading: true });
      answer();
      await world.until(() => expect(shownBy(page)).toBe("Water, Weed"));
      await page.change(pages());
      expect(shownBy(page)).toBe("Sow, Water | Weed, Prune");
    },
  },
  "infinite-enabled-false": {
    shows: "fetches nothing while it isn't enabled, and begins once it is",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(pages(undefined, false));
      await settle();
      expect(page.shown()[0]).toMatchObject({ pages: undefined, isLoading: false });
      expect(pod.calls).toEqual([]);
      await page.change(pages(undefined, true));
      await until(() => expect(shownBy(page)).toBe("Sow, Water"));
    },
  },
  "infinite-error": {
    shows: "shows why the first page failed",
    run: async ({ mount, until }) => {
      const page = await mount({ ...pages(), fn: "getPages" });
      await until(() => expect(page.shown()[0].error).toMatchObject({ code: "UNKNOWN_FUNCTION" }));
      expect(page.shown()[0]).toMatchObject({ pages: undefined, isLoading: false, isFetching: false });
    },
  },
  "infinite-error-keeps-pages": {
    shows: "keeps its pages beside the error when one of them fails anew, and recovers by refetch",
    run: async (world) => {
      const page = await open(world);
      world.pod.failing = "getPage";
      world.pod.write("tasks");
      await world.until(() => expect(page.shown()[0].error).toMatchObject({ code: "INTERNAL" }));
      expect(shownBy(page)).toBe("Sow, Water | Weed, Prune");
      world.pod.failing = null;
      await page.shown()[0].refetch();
      await world.until(() => expect(page.shown()[0].error).toBeNull());
      expect(shownBy(page)).toBe("Sow, Water | Weed, Prune");
    },
  },
  "infinite-next-page-lost": {
    shows: "asks for the next page again when no answer came, and keeps the first meanwhile",
    run: async (world) => {
      const page = await open(world);
      world.pod.lose("request");
      await page.shown()[0].fetchNextPage();
      await world.until(() => expect(shownBy(page)).toBe("Sow, Water | Weed, Prune | Harvest"));
      expect(page.shown()[0].error).toBeNull();
    },
  },
  "infinite-optimistic": {
    shows: "shows on its page what a mutation is expected to do, without a step back",
    run: async ({ pod, mount, until }) => {
      const rename = mutation("renameTask", {
        optimistic: ({ update }: OptimisticScreen<Functions>, { id, title }: { id: number; title: string }) => {
          update("getPage", ({ rows, next }) => ({
            rows: rows.map((row) => (row.id === id ? { ...row, title } : row)),
            next,
          }));
        },
      });
      const page = await mount(pages(), rename);
      await until(() => expect(titlesOfPages(page.shown()[0].pages)).toBe("Sow, Water"));
      const answer = pod.hold();
      const running = page.shown()[1].trigger({ id: 2, title: "Mow" });
      await until(() => expect(titlesOfPages(page.shown()[0].pages)).toBe("Sow, Mow"));
      answer();
      await running;
      await until(() => expect(page.shown()[0].isFetching).toBe(false));
      const seen = page.seen().map(([{ pages: all }]) => titlesOfPages(all));
      expect(seen.slice(seen.indexOf("Sow, Mow"))).toEqual(seen.slice(seen.indexOf("Sow, Mow")).fill("Sow, Mow"));
    },
  },
};
