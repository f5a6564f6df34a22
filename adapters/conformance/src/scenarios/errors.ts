import { expect } from "vitest";
import type { Scenarios } from "../suite.ts";
import { getTask, getTasks, query, titles } from "../uses.ts";

export const errors: Scenarios = {
  "error-code-and-message": {
    shows: "shows a failure with its code and its message",
    run: async ({ mount, until }) => {
      const page = await mount(getTask(9));
      await until(() => expect(page.shown()[0].error).toMatchObject({ code: "NOT_FOUND", message: "No task 9." }));
      expect(page.shown()[0]).toMatchObject({ data: undefined, isLoading: false, isFetching: false });
    },
  },
  "error-not-retried": {
    shows: "doesn't ask again for a no that was meant",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTask(9));
      await until(() => expect(page.shown()[0].error).not.toBeNull());
      await settle();
      expect(pod.calls).toEqual(['getTask {"id":9}']);
    },
  },
  "error-recovers-by-signal": {
    shows: "recovers when a table is written that it had read when it failed",
    run: async ({ pod, tasks, mount, until }) => {
      const page = await mount(getTask(9));
      await until(() => expect(page.shown()[0].error).not.toBeNull());
      tasks.push({ id: 9, title: "Harvest" });
      pod.write("tasks");
      await until(() => expect(page.shown()[0].data).toEqual({ id: 9, title: "Harvest" }));
      expect(page.shown()[0].error).toBeNull();
    },
  },
  "error-recovers-by-refetch": {
    shows: "recovers by refetch",
    run: async ({ tasks, mount, until }) => {
      const page = await mount(getTask(9));
      await until(() => expect(page.shown()[0].error).not.toBeNull());
      tasks.push({ id: 9, title: "Harvest" });
      await page.shown()[0].refetch();
      await until(() => expect(page.shown()[0]).toMatchObject({ data: { id: 9, title: "Harvest" }, error: null }));
    },
  },
  "error-refetch-resolves": {
    shows: "resolves a refetch that fails, and shows why",
    run: async ({ tasks, mount, until }) => {
      const page = await mount(getTask(1));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      tasks.length = 0;
      await expect(page.shown()[0].refetch()).resolves.toBeUndefined();
      await until(() => expect(page.shown()[0].error).toMatchObject({ code: "NOT_FOUND", message: "No task 1." }));
    },
  },
  "error-keeps-data": {
    shows: "keeps the last answer beside the error when a refetch fails",
    run: async ({ pod, tasks, mount, until }) => {
      const page = await mount(getTask(1));
      await until(() => expect(page.shown()[0].data).toBeDefined());
      tasks.length = 0;
      pod.write("tasks");
      await until(() => expect(page.shown()[0].error).toMatchObject({ code: "NOT_FOUND" }));
      expect(page.shown()[0].data).toEqual({ id: 1, title: "Sow" });
    },
  },
  "error-not-of-other-arguments": {
    shows: "doesn't show the error of the arguments before",
    run: async ({ pod, mount, until }) => {
      const page = await mount(getTask(9));
      await until(() => expect(page.shown()[0].error).not.toBeNull());
      const answer = pod.hold();
      await page.change(getTask(1));
      expect(page.shown()[0]).toMatchObject({ error: null, isLoading: true });
      answer();
      await until(() => expect(page.shown()[0]).toMatchObject({ data: { id: 1, title: "Sow" }, error: null }));
    },
  },
  "error-one-of-two": {
    shows: "shows the answer of one query beside the failure of another one",
    run: async ({ mount, until }) => {
      const page = await mount(getTasks, getTask(9));
      await until(() => expect(page.shown()[1].error).toMatchObject({ code: "NOT_FOUND" }));
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water"));
      expect(page.shown()[0].error).toBeNull();
    },
  },
  "error-one-of-a-batch": {
    shows: "refreshes the one query though the other one, stale by the same write, fails",
    run: async ({ pod, tasks, mount, until }) => {
      const page = await mount(getTasks, getTask(2));
      await until(() => expect(page.shown()[1].data).toBeDefined());
      tasks.pop();
      pod.write("tasks");
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow"));
      await until(() => expect(page.shown()[1].error).toMatchObject({ code: "NOT_FOUND" }));
    },
  },
  "network-is-retried": {
    shows: "asks again when no answer came, and never shows the loss",
    run: async ({ pod, mount, until }) => {
      pod.lose("request");
      const page = await mount(getTasks);
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water"));
      expect(page.seen().every(([{ error }]) => error === null)).toBe(true);
      expect(pod.calls).toEqual(["getTasks", "getTasks"]);
    },
  },
  "unknown-function": {
    shows: "shows that there is no function of that name",
    run: async ({ mount, until }) => {
      const page = await mount(query("getTaks"));
      await until(() =>
        expect(page.shown()[0].error).toMatchObject({
          code: "UNKNOWN_FUNCTION",
          message: expect.stringContaining("getTaks") as string,
        }),
      );
    },
  },
  "error-with-placeholder": {
    shows: "shows why there is no answer though a placeholder stands in for it",
    run: async ({ mount, until }) => {
      const page = await mount(getTask(9, { placeholderData: { id: 9, title: "…" } }));
      await until(() => expect(page.shown()[0].error).toMatchObject({ code: "NOT_FOUND" }));
      expect(page.shown()[0]).toMatchObject({ isLoading: false, isFetching: false });
    },
  },
};
