import { expect } from "vitest";
import type { Scenarios } from "../suite.ts";
import { getTask, query, titles } from "../uses.ts";

export const changingArguments: Scenarios = {
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
  "arguments-equal": {
    shows: "takes equal arguments, made anew, for the same query",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTask(1));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      await page.change(getTask(1));
      await settle();
      expect(page.shown()[0]).toMatchObject({ data: { id: 1, title: "Sow" }, isFetching: false });
      expect(pod.calls).toEqual(['getTask {"id":1}']);
    },
  },
  "arguments-key-order": {
    shows: "takes arguments whose members stand in another order for the same query",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(query("findTasks", { text: "S", ids: [1] }));
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow"));
      await page.change(query("findTasks", { ids: [1], text: "S" }));
      expect(titles(page.shown()[0].data)).toBe("Sow");
      await settle();
      expect(pod.calls).toHaveLength(1);
    },
  },
  "arguments-undefined-members": {
    shows: "takes a member that is undefined for one that isn't there",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(query("findTasks", { text: "S", ids: undefined }));
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow"));
      await page.change(query("findTasks", { text: "S" }));
      expect(titles(page.shown()[0].data)).toBe("Sow");
      await settle();
      expect(pod.calls).toHaveLength(1);
    },
  },
  "arguments-date-nested": {
    shows: "asks with a Date deep in the arguments as a Date, and takes another Date for another query",
    run: async ({ pod, tasks, mount, until }) => {
      tasks.push({ id: 3, title: "Harvest", due: new Date("2026-09-01T00:00:00Z") });
      const before = (day: string) => query("findTasks", { due: { before: new Date(day) } });
      const page = await mount(before("2026-10-01T00:00:00Z"));
      await until(() => expect(titles(page.shown()[0].data)).toBe("Harvest"));
      await page.change(before("2026-08-01T00:00:00Z"));
      await until(() => expect(titles(page.shown()[0].data)).toBe(""));
      await page.change(before("2026-10-01T00:00:00Z"));
      expect(titles(page.shown()[0].data)).toBe("Harvest");
      expect(pod.calls).toHaveLength(2);
    },
  },
  "arguments-date-refreshed": {
    shows: "refreshes a query whose arguments hold a Date when its table is written",
    run: async ({ pod, tasks, mount, until }) => {
      const page = await mount(query("findTasks", { due: { before: new Date("2026-10-01T00:00:00Z") } }));
      await until(() => expect(titles(page.shown()[0].data)).toBe(""));
      tasks.push({ id: 3, title: "Harvest", due: new Date("2026-09-01T00:00:00Z") });
      pod.write("tasks");
      await until(() => expect(titles(page.shown()[0].data)).toBe("Harvest"));
    },
  },
  "arguments-late-answer": {
    shows: "doesn't show the late answer to the arguments before",
    run: async ({ pod, mount, settle, until }) => {
      const first = pod.hold();
      const page = await mount(getTask(1));
      await settle();
      const second = pod.hold();
      await page.change(getTask(2));
      await settle();
      second();
      await until(() => expect(page.shown()[0].data).toEqual({ id: 2, title: "Water" }));
      first();
      await settle();
      expect(page.shown()[0].data).toEqual({ id: 2, title: "Water" });
      expect(page.seen().map(([{ data }]) => data)).not.toContainEqual({ id: 1, title: "Sow" });
    },
  },
  "arguments-back-in-flight": {
    shows: "fetches once though it goes to other arguments and back while the answer is on its way",
    run: async ({ pod, mount, settle, until }) => {
      const answer = pod.hold();
      const page = await mount(getTask(1));
      await settle();
      await page.change(getTask(2));
      await settle();
      await page.change(getTask(1));
      answer();
      await until(() => expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" }));
      await settle();
      expect(pod.calls).toEqual(['getTask {"id":1}', 'getTask {"id":2}']);
    },
  },
  "arguments-left-not-refetched": {
    shows: "refetches only the present arguments when the table is written, and the others when it is back at them",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(getTask(1));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      await page.change(getTask(2));
      await until(() => expect(page.shown()[0].data).toEqual({ id: 2, title: "Water" }));
      tasks[0] = { id: 1, title: "Dig" };
      pod.write("tasks");
      await until(() => expect(pod.calls).toHaveLength(3));
      await settle();
      await page.change(getTask(1));
      await until(() => expect(page.shown()[0].data).toEqual({ id: 1, title: "Dig" }));
      expect(pod.calls.slice(2)).toEqual(['getTask {"id":2}', 'getTask {"id":1}']);
    },
  },
  "arguments-each-component-its-own": {
    shows: "leaves another component at its arguments when one changes its own",
    run: async ({ mount, until }) => {
      const first = await mount(getTask(1));
      const second = await mount(getTask(1));
      await until(() => expect(second.shown()[0].data).toBeDefined());
      await first.change(getTask(2));
      await until(() => expect(first.shown()[0].data).toEqual({ id: 2, title: "Water" }));
      expect(second.shown()[0].data).toEqual({ id: 1, title: "Sow" });
    },
  },
};
