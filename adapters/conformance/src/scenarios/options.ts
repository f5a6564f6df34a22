import { skip } from "@edgepod/core";
import { expect } from "vitest";
import type { Scenarios } from "../suite.ts";
import { getTask, getTasks, query, titles } from "../uses.ts";

const PLACEHOLDER = { id: 0, title: "…" };
const select = (tasks: never): string | undefined => titles(tasks);

export const options: Scenarios = {
  "enabled-false": {
    shows: "fetches nothing while it isn't enabled, and says that it isn't loading",
    run: async ({ pod, mount, settle }) => {
      const page = await mount(query("getTasks", undefined, { enabled: false }));
      await settle();
      expect(page.shown()[0]).toMatchObject({ data: undefined, isLoading: false, isFetching: false });
      pod.write("tasks");
      await settle();
      expect(pod.calls).toEqual([]);
    },
  },
  "enabled-later": {
    shows: "fetches once it is enabled",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(query("getTasks", undefined, { enabled: false }));
      await settle();
      await page.change(query("getTasks", undefined, { enabled: true }));
      expect(page.shown()[0].isLoading).toBe(true);
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water"));
      expect(pod.calls).toEqual(["getTasks"]);
    },
  },
  "enabled-no-longer": {
    shows: "keeps what it shows and refetches no more when it is no longer enabled",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(query("getTasks"));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      await page.change(query("getTasks", undefined, { enabled: false }));
      tasks.pop();
      await settle(() => pod.write("tasks"));
      expect(titles(page.shown()[0].data)).toBe("Sow, Water");
      expect(pod.calls).toEqual(["getTasks"]);
    },
  },
  "enabled-shows-cached": {
    shows: "shows what is cached though it isn't enabled",
    run: async ({ mount, until }) => {
      const asking = await mount(getTasks);
      await until(() => expect(asking.shown()[0].data).toBeDefined());
      const page = await mount(query("getTasks", undefined, { enabled: false }));
      expect(titles(page.shown()[0].data)).toBe("Sow, Water");
    },
  },
  "skip-then-arguments": {
    shows: "asks nothing while its arguments are skipped, and asks when there are some",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(query("getTask", skip));
      await settle();
      expect(page.shown()[0]).toMatchObject({ data: undefined, isLoading: false, isFetching: false });
      expect(pod.calls).toEqual([]);
      await page.change(getTask(2));
      await until(() => expect(page.shown()[0].data).toEqual({ id: 2, title: "Water" }));
      expect(pod.calls).toEqual(['getTask {"id":2}']);
    },
  },
  "arguments-then-skip": {
    shows: "shows nothing of the last arguments when they are skipped, and asks for them no more",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTask(1));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      await page.change(query("getTask", skip));
      expect(page.shown()[0]).toMatchObject({ data: undefined, isLoading: false });
      await settle(() => pod.write("tasks"));
      expect(pod.calls).toEqual(['getTask {"id":1}']);
    },
  },
  "skip-until-known": {
    shows: "asks a query only when another one in the same component has said what with",
    run: async ({ pod, mount, until }) => {
      const found = query("findTasks", { text: "Wat" });
      const page = await mount(found, query("getTask", skip));
      await until(() => expect(page.shown()[0].data).toHaveLength(1));
      const [task] = page.shown()[0].data as { id: number }[];
      await page.change(found, getTask(task?.id ?? 0));
      await until(() => expect(page.shown()[1].data).toEqual({ id: 2, title: "Water" }));
      expect(pod.calls).toEqual(['findTasks {"text":"Wat"}', 'getTask {"id":2}']);
    },
  },
  "placeholder-value": {
    shows: "shows a placeholder until there is an answer, and says that it is one",
    run: async ({ pod, mount, until }) => {
      const answer = pod.hold();
      const page = await mount(getTask(1, { placeholderData: PLACEHOLDER }));
      expect(page.shown()[0]).toMatchObject({ isPlaceholderData: true, isLoading: false, isFetching: true });
      expect(page.shown()[0].data).toEqual(PLACEHOLDER);
      answer();
      await until(() => expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" }));
      expect(page.shown()[0].isPlaceholderData).toBe(false);
    },
  },
  "placeholder-function": {
    shows: "shows what a placeholder function gives until there is an answer",
    run: async ({ pod, mount, until }) => {
      const answer = pod.hold();
      const page = await mount(getTask(1, { placeholderData: () => PLACEHOLDER }));
      expect(page.shown()[0].data).toEqual(PLACEHOLDER);
      answer();
      await until(() => expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" }));
    },
  },
  "placeholder-is-not-shared": {
    shows: "doesn't show one component's placeholder in another one",
    run: async ({ pod, mount }) => {
      pod.hold();
      await mount(getTask(1, { placeholderData: PLACEHOLDER }));
      const other = await mount(getTask(1));
      expect(other.shown()[0]).toMatchObject({ data: undefined, isLoading: true });
    },
  },
  "initial-data": {
    shows: "shows initial data at once, not as a placeholder, and fetches anew",
    run: async ({ pod, mount, until }) => {
      const page = await mount(getTask(1, { initialData: { id: 1, title: "Dig" } }));
      expect(page.seen()[0]?.[0]).toMatchObject({ isPlaceholderData: false, isLoading: false, isFetching: true });
      expect(page.seen()[0]?.[0].data).toEqual({ id: 1, title: "Dig" });
      await until(() => expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" }));
      expect(pod.calls).toEqual(['getTask {"id":1}']);
    },
  },
  "keep-previous-data": {
    shows: "shows the last arguments' answer until there is a new one, and says that it stands in for it",
    run: async ({ pod, mount, until }) => {
      const page = await mount(getTask(1, { keepPreviousData: true }));
      await until(() => expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" }));
      expect(page.shown()[0].isPlaceholderData).toBe(false);
      const answer = pod.hold();
      await page.change(getTask(2, { keepPreviousData: true }));
      expect(page.shown()[0]).toMatchObject({ isPlaceholderData: true, isLoading: false, isFetching: true });
      expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" });
      answer();
      await until(() => expect(page.shown()[0].data).toEqual({ id: 2, title: "Water" }));
      expect(page.shown()[0].isPlaceholderData).toBe(false);
    },
  },
  "keep-previous-data-twice": {
    shows: "keeps the last answer while the arguments change twice before there is a new one",
    run: async ({ pod, tasks, mount, until, settle }) => {
      tasks.push({ id: 3, title: "Harvest" });
      const page = await mount(getTask(1, { keepPreviousData: true }));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      const answer = pod.hold();
      await page.change(getTask(2, { keepPreviousData: true }));
      await settle();
      await page.change(getTask(3, { keepPreviousData: true }));
      expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" });
      answer();
      await until(() => expect(page.shown()[0].data).toEqual({ id: 3, title: "Harvest" }));
      const sinceFirst = page.seen().filter(([{ isLoading }]) => !isLoading);
      expect(sinceFirst.map(([{ data }]) => data)).not.toContain(undefined);
    },
  },
  "keep-previous-not-over-answer": {
    shows: "shows a cached answer at once rather than the last arguments' one",
    run: async ({ mount, until }) => {
      const page = await mount(getTask(1, { keepPreviousData: true }));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      await page.change(getTask(2, { keepPreviousData: true }));
      await until(() => expect(page.shown()[0].data).toEqual({ id: 2, title: "Water" }));
      await page.change(getTask(1, { keepPreviousData: true }));
      expect(page.shown()[0]).toMatchObject({ data: { id: 1, title: "Sow" }, isPlaceholderData: false });
    },
  },
  select: {
    shows: "shows what is selected of the answer",
    run: async ({ tasks, pod, mount, until }) => {
      const page = await mount(query("getTasks", undefined, { select }));
      await until(() => expect(page.shown()[0].data).toBe("Sow, Water"));
      tasks.pop();
      pod.write("tasks");
      await until(() => expect(page.shown()[0].data).toBe("Sow"));
    },
  },
  "select-changes": {
    shows: "selects anew when the selection changes, and fetches nothing for it",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(query("getTasks", undefined, { select }));
      await until(() => expect(page.shown()[0].data).toBe("Sow, Water"));
      const count = (tasks: never): number => (tasks as unknown[]).length;
      await page.change(query("getTasks", undefined, { select: count }));
      await settle();
      expect(page.shown()[0].data).toBe(2);
      expect(pod.calls).toEqual(["getTasks"]);
    },
  },
  "select-equal": {
    shows: "keeps the identity of a selection that comes out equal",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const ids = (all: never): { ids: number[] } => ({ ids: (all as { id: number }[]).map(({ id }) => id) });
      const page = await mount(query("getTasks", undefined, { select: ids }));
      await until(() => expect(page.shown()[0].data).toEqual({ ids: [1, 2] }));
      const { data } = page.shown()[0];
      tasks[0] = { id: 1, title: "Dig" };
      await settle(() => pod.write("tasks"));
      await until(() => expect(pod.calls).toHaveLength(2));
      await until(() => expect(page.shown()[0].isFetching).toBe(false));
      expect(page.shown()[0].data).toBe(data);
    },
  },
  "select-each-its-own": {
    shows: "selects for each component what it needs of one answer",
    run: async ({ pod, mount, until }) => {
      const whole = await mount(getTasks);
      const part = await mount(query("getTasks", undefined, { select }));
      await until(() => expect(part.shown()[0].data).toBe("Sow, Water"));
      expect(whole.shown()[0].data).toHaveLength(2);
      expect(pod.calls).toEqual(["getTasks"]);
    },
  },
};
