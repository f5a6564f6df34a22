import { expect } from "vitest";
import type { Scenarios } from "../suite.ts";
import { getNotes, getTask, getTasks, query, titles } from "../uses.ts";

export const signals: Scenarios = {
  "refetches-when-stale": {
    shows: "fetches again when a table that it read is written, and not when another is",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      tasks.push({ id: 3, title: "Harvest" });
      pod.write("tasks");
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Harvest"));
      pod.write("notes");
      await settle();
      expect(pod.calls).toEqual(["getTasks", "getTasks"]);
    },
  },
  "signal-in-first-fetch": {
    shows: "shows what was written while the first fetch was in flight, though its answer is from before",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const answer = pod.delay();
      const page = await mount(getTasks);
      await settle();
      tasks.push({ id: 3, title: "Harvest" });
      await settle(() => pod.write("tasks"));
      answer();
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Harvest"));
    },
  },
  "signal-before-first-socket": {
    shows: "shows what was written before the first socket was open",
    run: async ({ pod, tasks, mount, until }) => {
      pod.shut();
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      tasks.push({ id: 3, title: "Harvest" });
      pod.write("tasks");
      pod.open();
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Harvest"));
    },
  },
  "first-socket-refetches-nothing": {
    shows: "fetches nothing twice when the first socket opens after the first answer",
    run: async ({ pod, mount, settle, until }) => {
      pod.shut();
      const page = await mount(getTasks, getNotes);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await settle(() => pod.open());
      await settle();
      expect(pod.calls).toEqual(["getTasks", "getNotes"]);
    },
  },
  "overtaken-answer": {
    shows: "never goes back to an older answer that arrives after a newer one",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      const older = pod.delay();
      void page.shown()[0].refetch();
      await settle();
      const newer = pod.delay();
      tasks.push({ id: 3, title: "Harvest" });
      pod.write("tasks");
      void page.shown()[0].refetch();
      await settle();
      newer();
      await settle();
      older();
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Harvest"));
      await settle();
      const lists = page.seen().map(([{ data }]) => titles(data));
      expect(lists.lastIndexOf("Sow, Water")).toBeLessThan(lists.indexOf("Sow, Water, Harvest"));
    },
  },
  "one-signal-one-moment": {
    shows: "renders two queries that went stale by one write together, never one new beside one old",
    run: async ({ pod, tasks, mount, until }) => {
      const page = await mount(getTasks, getTask(1));
      await until(() => expect(page.shown()[1].data).toBeDefined());
      tasks[0] = { id: 1, title: "Dig" };
      pod.write("tasks");
      await until(() => expect(page.shown()[1].data).toEqual({ id: 1, title: "Dig" }));
      const pairs = page.seen().flatMap(([{ data: all }, { data: one }]) => {
        const first = (all as { title: string }[] | undefined)?.[0]?.title;
        return first === undefined || one === undefined ? [] : [`${first} ${(one as { title: string }).title}`];
      });
      expect(new Set(pairs)).toEqual(new Set(["Sow Sow", "Dig Dig"]));
    },
  },
  "one-signal-one-request": {
    shows: "asks for two queries that went stale by one write in one request",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTasks, getTask(1));
      await until(() => expect(page.shown()[1].data).toBeDefined());
      await settle(() => pod.write("tasks"));
      await until(() => expect(pod.calls).toHaveLength(3));
      expect(pod.calls[2]).toBe('getTasks + getTask {"id":1}');
    },
  },
  "burst-of-signals": {
    shows: "has at most one fetch in flight and one to follow in a burst of a hundred writes",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      const answer = pod.hold();
      for (let id = 3; id <= 102; id += 1) {
        tasks.push({ id, title: `Task ${id}` });
        pod.write("tasks");
      }
      await settle();
      expect(pod.calls).toHaveLength(2);
      answer();
      await until(() => expect(page.shown()[0].data).toHaveLength(102));
      await settle();
      expect(pod.calls.length).toBeLessThanOrEqual(3);
    },
  },
  "burst-while-answered": {
    shows: "fetches once more after a burst that came while the answer was on its way",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      const answer = pod.delay();
      await settle(() => pod.write("tasks"));
      for (let id = 3; id <= 22; id += 1) {
        tasks.push({ id, title: `Task ${id}` });
        pod.write("tasks");
      }
      answer();
      await until(() => expect(page.shown()[0].data).toHaveLength(22));
      await settle();
      expect(pod.calls).toHaveLength(3);
    },
  },
  "two-tables-one-each": {
    shows: "refetches of two queries in one component only the one whose table was written",
    run: async ({ pod, notes, mount, settle, until }) => {
      const page = await mount(getTasks, getNotes);
      await until(() => expect(page.shown()[1].data).toBeDefined());
      notes.push("Rain");
      pod.write("notes");
      await until(() => expect(page.shown()[1].data).toEqual(["Hello", "Rain"]));
      await settle();
      expect(pod.calls).toEqual(["getTasks", "getNotes", "getNotes"]);
    },
  },
  "all-arguments-refreshed": {
    shows: "refreshes every component whose query read the table, whatever its arguments",
    run: async ({ pod, tasks, mount, until }) => {
      const one = await mount(getTask(1));
      const found = await mount(query("findTasks", { text: "S" }));
      await until(() => expect(one.shown()[0].data).toBeDefined());
      await until(() => expect(found.shown()[0].data).toBeDefined());
      tasks[0] = { id: 1, title: "Stake" };
      pod.write("tasks");
      await until(() => expect(one.shown()[0].data).toEqual({ id: 1, title: "Stake" }));
      await until(() => expect(titles(found.shown()[0].data)).toBe("Stake"));
    },
  },
};
