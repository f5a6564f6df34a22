import { expect } from "vitest";
import type { Scenarios } from "../suite.ts";

const getTasks = { use: "query", fn: "getTasks" } as const;
const getTask = (id: number) => ({ use: "query", fn: "getTask", args: { id } }) as const;
const titles = (data: unknown): string[] => (data as { title: string }[]).map(({ title }) => title);

export const queries: Scenarios = {
  "loads-then-shows": {
    shows: "says that it is loading, then shows the data",
    run: async ({ pod, mount, until }) => {
      const answer = pod.hold();
      const page = await mount(getTasks);
      expect(page.shown()[0]).toMatchObject({ data: undefined, error: null, isLoading: true, isFetching: true });
      answer();
      await until(() => expect(titles(page.shown()[0].data)).toEqual(["Sow", "Water"]));
      expect(page.shown()[0]).toMatchObject({ error: null, isLoading: false, isFetching: false });
    },
  },
  "refetches-when-stale": {
    shows: "fetches again when a table that it read is written, and not when another is",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      tasks.push({ id: 3, title: "Harvest" });
      pod.write("tasks");
      await until(() => expect(titles(page.shown()[0].data)).toEqual(["Sow", "Water", "Harvest"]));
      pod.write("notes");
      await settle();
      expect(pod.calls).toEqual(["getTasks", "getTasks"]);
    },
  },
  "arguments-change": {
    shows: "shows the new query's state, never the old one's data, when its arguments change",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTask(1));
      await until(() => expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" }));
      const answer = pod.hold();
      await page.change(getTask(2));
      expect(page.shown()[0]).toMatchObject({ data: undefined, isLoading: true });
      answer();
      await until(() => expect(page.shown()[0].data).toEqual({ id: 2, title: "Water" }));
      // Back again: still watched, so still fresh.
      await page.change(getTask(1));
      expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" });
      await settle();
      expect(pod.calls).toEqual(['getTask {"id":1}', 'getTask {"id":2}']);
    },
  },
};
