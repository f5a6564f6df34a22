import type { OptimisticScreen } from "@edgepod/core";
import { skip } from "@edgepod/core";
import { expect } from "vitest";
import type { Functions } from "../contract.ts";
import type { Scenarios } from "../suite.ts";
import { getTask, getTasks, mutation, pages, query, titles, titlesOfPages } from "../uses.ts";

const getName = query("getName");

export const identity: Scenarios = {
  "identity-old-data-goes": {
    shows: "shows nothing of the last user's data from the moment that another one is logged in",
    run: async ({ pod, mount, logIn, settle, until }) => {
      const page = await mount(getName);
      await until(() => expect(page.shown()[0].data).toBe("Ada"));
      const answer = pod.hold();
      await logIn("Grace");
      await settle();
      expect(page.shown()[0]).toMatchObject({ data: undefined, error: null, isLoading: true });
      answer();
      await until(() => expect(page.shown()[0].data).toBe("Grace"));
    },
  },
  "identity-late-answer": {
    shows: "drops an answer to the last user that arrives late",
    run: async ({ pod, mount, logIn, settle, until }) => {
      const answer = pod.delay();
      const page = await mount(getName);
      await settle();
      await logIn("Grace");
      await settle();
      answer();
      await until(() => expect(page.shown()[0].data).toBe("Grace"));
      expect(page.seen().map(([{ data }]) => data)).not.toContain("Ada");
      expect(page.seen().every(([{ error }]) => error === null)).toBe(true);
    },
  },
  "identity-unread-goes": {
    shows: "shows nothing of the last user's cached data to what is mounted later",
    run: async ({ pod, mount, logIn, until }) => {
      const first = await mount(getName);
      await until(() => expect(first.shown()[0].data).toBe("Ada"));
      await first.unmount();
      await logIn("Grace");
      const answer = pod.hold();
      const second = await mount(getName);
      expect(second.shown()[0]).toMatchObject({ data: undefined, isLoading: true });
      answer();
      await until(() => expect(second.shown()[0].data).toBe("Grace"));
    },
  },
  "identity-not-enabled-goes": {
    shows: "shows nothing of the last user's data where nothing is fetched either",
    run: async ({ mount, logIn, settle, until }) => {
      const page = await mount(getName);
      await until(() => expect(page.shown()[0].data).toBe("Ada"));
      await page.change(query("getName", undefined, { enabled: false }));
      expect(page.shown()[0].data).toBe("Ada");
      await logIn("Grace");
      await settle();
      expect(page.shown()[0].data).toBeUndefined();
    },
  },
  "identity-previous-data-goes": {
    shows: "keeps no previous data of the last user",
    run: async ({ pod, mount, logIn, settle, until }) => {
      const page = await mount(getTask(1, { keepPreviousData: true }));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      await page.change(getTask(2, { keepPreviousData: true }));
      await until(() => expect(page.shown()[0].data).toEqual({ id: 2, title: "Water" }));
      pod.hold();
      await logIn("Grace");
      await settle();
      expect(page.shown()[0]).toMatchObject({ data: undefined, isLoading: true, isPlaceholderData: false });
    },
  },
  "identity-previous-data-in-flight": {
    shows: "keeps no previous data of the last user though there is no new answer yet",
    run: async ({ pod, mount, logIn, settle, until }) => {
      const page = await mount(getTask(1, { keepPreviousData: true }));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      pod.hold();
      await page.change(getTask(2, { keepPreviousData: true }));
      await logIn("Grace");
      await settle();
      expect(page.shown()[0].data).toBeUndefined();
    },
  },
  "identity-previous-data-skipped": {
    shows: "keeps no previous data of the last user where the arguments are skipped",
    run: async ({ mount, logIn, settle, until }) => {
      const page = await mount(getTask(1, { keepPreviousData: true }));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      await page.change(query("getTask", skip, { keepPreviousData: true }));
      expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" });
      await logIn("Grace");
      await settle();
      expect(page.shown()[0]).toMatchObject({ data: undefined, isPlaceholderData: false });
    },
  },
  "identity-optimistic-goes": {
    shows: "drops what the last user's mutations were expected to do",
    run: async ({ pod, mount, logIn, settle, until }) => {
      const add = mutation("addTask", {
        optimistic: ({ update }: OptimisticScreen<Functions>, { title }: { title: string }) => {
          update("getTasks", (tasks) => [...tasks, { id: -1, title }]);
        },
      });
      const page = await mount(getTasks, add);
      await until(() => expect(page.shown()[0].data).toBeDefined());
      const answer = pod.hold();
      pod.lose("request");
      const running = page.shown()[1].trigger({ title: "Weed" });
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Weed"));
      await settle();
      pod.hold()();
      await logIn("Grace");
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water"));
      answer();
      await expect(running).rejects.toBeInstanceOf(Error);
      await settle();
      expect(pod.calls.filter((call) => call.startsWith("addTask"))).toHaveLength(1);
    },
  },
  "identity-mutation-goes": {
    shows: "shows nothing of what the last user's mutation gave back",
    run: async ({ mount, logIn, settle, until }) => {
      const page = await mount(getName, mutation("addTask"));
      await until(() => expect(page.shown()[0].data).toBe("Ada"));
      await page.shown()[1].trigger({ title: "Weed" });
      await until(() => expect(page.shown()[1].data).toEqual({ id: 3, title: "Weed" }));
      await logIn("Grace");
      await settle();
      expect(page.shown()[1]).toMatchObject({ data: undefined, error: null, isMutating: false });
      await logIn("Ada");
      await page.shown()[1].trigger({ title: "Prune" });
      await until(() => expect(page.shown()[1].data).toEqual({ id: 4, title: "Prune" }));
    },
  },
  "identity-infinite-goes": {
    shows: "begins a list anew for another user",
    run: async ({ pod, tasks, mount, logIn, settle, until }) => {
      const page = await mount(pages());
      await until(() => expect(titlesOfPages(page.shown()[0].pages)).toBe("Sow, Water"));
      tasks.splice(0, 2, { id: 7, title: "Mow" });
      const answer = pod.hold();
      await logIn("Grace");
      await settle();
      expect(page.shown()[0]).toMatchObject({ pages: undefined, isLoading: true });
      answer();
      await until(() => expect(titlesOfPages(page.shown()[0].pages)).toBe("Mow"));
    },
  },
  "identity-same-again": {
    shows: "keeps everything when the same user is still there",
    run: async ({ pod, mount, logIn, settle, until }) => {
      const page = await mount(getName);
      await until(() => expect(page.shown()[0].data).toBe("Ada"));
      const before = page.seen().length;
      await logIn("Ada");
      await settle();
      expect(page.seen()).toHaveLength(before);
      expect(pod.calls).toEqual(["getName"]);
    },
  },
  "identity-still-live": {
    shows: "goes on hearing of writes after somebody else has logged in",
    run: async ({ pod, tasks, mount, logIn, settle, until }) => {
      const page = await mount(getTasks);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await logIn("Grace");
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await settle();
      tasks.push({ id: 3, title: "Harvest" });
      pod.write("tasks");
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Harvest"));
    },
  },
};
