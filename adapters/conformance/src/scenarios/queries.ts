import { expect } from "vitest";
import type { Scenarios } from "../suite.ts";
import { getNotes, getTask, getTasks, inTurn, titles } from "../uses.ts";

export const queries: Scenarios = {
  "loads-then-shows": {
    shows: "says that it is loading, then shows the data",
    run: async ({ pod, mount, until }) => {
      const answer = pod.hold();
      const page = await mount(getTasks);
      expect(page.shown()[0]).toMatchObject({ data: undefined, error: null, isLoading: true, isFetching: true });
      answer();
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water"));
      expect(page.shown()[0]).toMatchObject({ error: null, isLoading: false, isFetching: false });
    },
  },
  "first-state-is-loading": {
    shows: "never says in between that it is neither loading nor has data",
    run: async ({ mount, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      const states = page.seen().map(([{ data, isLoading }]) => (data === undefined ? isLoading : "data"));
      expect(inTurn(states)).toEqual([true, "data"]);
    },
  },
  "shared-fetches-once": {
    shows: "fetches once what two components show",
    run: async ({ pod, mount, settle, until }) => {
      const first = await mount(getTasks);
      const second = await mount(getTasks);
      await until(() => expect(first.shown()[0].data).toHaveLength(2));
      expect(second.shown()[0].data).toHaveLength(2);
      await settle();
      expect(pod.calls).toEqual(["getTasks"]);
    },
  },
  "shared-in-one-component": {
    shows: "fetches once what one component uses twice",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTask(1), getTask(1));
      await until(() => expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" }));
      expect(page.shown()[1].data).toEqual({ id: 1, title: "Sow" });
      await settle();
      expect(pod.calls).toEqual(['getTask {"id":1}']);
    },
  },
  "shared-one-unmounts": {
    shows: "goes on refreshing a component when another one with the same query is unmounted",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const first = await mount(getTasks);
      const second = await mount(getTasks);
      await until(() => expect(second.shown()[0].data).toHaveLength(2));
      await first.unmount();
      await settle();
      tasks.push({ id: 3, title: "Harvest" });
      pod.write("tasks");
      await until(() => expect(titles(second.shown()[0].data)).toBe("Sow, Water, Harvest"));
    },
  },
  "remount-while-fresh": {
    shows: "shows a fresh answer at once when it is mounted again, and fetches nothing",
    run: async ({ pod, mount, settle, until }) => {
      const first = await mount(getTasks);
      await until(() => expect(first.shown()[0].data).toHaveLength(2));
      await first.unmount();
      const second = await mount(getTasks);
      expect(second.seen()[0]?.[0]).toMatchObject({ isLoading: false, isFetching: false });
      expect(titles(second.seen()[0]?.[0].data)).toBe("Sow, Water");
      await settle();
      expect(pod.calls).toEqual(["getTasks"]);
    },
  },
  "unread-waits-for-mount": {
    shows: "fetches what nobody shows only when it is mounted again, and shows the last answer until then",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const first = await mount(getTasks);
      await until(() => expect(first.shown()[0].data).toHaveLength(2));
      await first.unmount();
      tasks.pop();
      pod.write("tasks");
      await settle();
      expect(pod.calls).toEqual(["getTasks"]);
      const second = await mount(getTasks);
      expect(second.seen()[0]?.[0]).toMatchObject({ isLoading: false, isFetching: true });
      await until(() => expect(titles(second.shown()[0].data)).toBe("Sow"));
      expect(pod.calls).toEqual(["getTasks", "getTasks"]);
    },
  },
  "unmount-in-flight": {
    shows: "keeps the answer of a query that was unmounted while it was in flight",
    run: async ({ pod, mount, settle }) => {
      const answer = pod.hold();
      const first = await mount(getTasks);
      await settle();
      await first.unmount();
      answer();
      await settle();
      const second = await mount(getTasks);
      await settle();
      expect(titles(second.shown()[0].data)).toBe("Sow, Water");
      expect(pod.calls).toEqual(["getTasks"]);
    },
  },
  "same-data-keeps-identity": {
    shows: "keeps the identity of data that comes again unchanged",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      const { data } = page.shown()[0];
      await settle(() => pod.write("tasks"));
      await until(() => expect(pod.calls).toHaveLength(2));
      await until(() => expect(page.shown()[0].isFetching).toBe(false));
      expect(page.shown()[0].data).toBe(data);
    },
  },
  "others-render-nothing": {
    shows: "renders nothing again when another query's table is written",
    run: async ({ pod, notes, mount, settle, until }) => {
      const page = await mount(getTasks);
      const other = await mount(getNotes);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await settle();
      const before = page.seen().length;
      notes.push("Rain");
      pod.write("notes");
      await until(() => expect(other.shown()[0].data).toEqual(["Hello", "Rain"]));
      expect(page.seen()).toHaveLength(before);
    },
  },
  "refetch-by-hand": {
    shows: "fetches a fresh query again when refetch is called, and resolves with the answer there",
    run: async ({ pod, tasks, mount, until, settle }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      tasks.push({ id: 3, title: "Harvest" });
      const answer = pod.hold();
      const refetched = page.shown()[0].refetch();
      await settle();
      expect(page.shown()[0]).toMatchObject({ isLoading: false, isFetching: true });
      expect(titles(page.shown()[0].data)).toBe("Sow, Water");
      answer();
      await refetched;
      await settle();
      expect(titles(page.shown()[0].data)).toBe("Sow, Water, Harvest");
      expect(pod.calls).toHaveLength(2);
    },
  },
  "date-in-answer": {
    shows: "shows a Date as a Date",
    run: async ({ tasks, mount, until }) => {
      const due = new Date("2026-03-01T00:00:00Z");
      tasks.push({ id: 3, title: "Harvest", due });
      const page = await mount(getTask(3));
      await until(() => expect(page.shown()[0].data).toEqual({ id: 3, title: "Harvest", due }));
    },
  },
};
