import { expect } from "vitest";
import type { Mutation } from "../contract.ts";
import type { Scenarios } from "../suite.ts";
import { addTask, getTasks, mutation, titles } from "../uses.ts";

/** Callbacks that write down how they were called. */
function telling(told: unknown[], who = ""): NonNullable<Mutation["options"]> {
  const tell =
    (what: string) =>
    (...parameters: readonly unknown[]): void => {
      told.push([who + what, ...parameters.map((each) => (each instanceof Error ? each.message : each))]);
    };
  return { onSuccess: tell("success"), onError: tell("error"), onSettled: tell("settled") };
}

export const mutations: Scenarios = {
  "mutation-idle": {
    shows: "runs nothing before it is triggered",
    run: async ({ pod, mount, settle }) => {
      const page = await mount(addTask);
      await settle();
      expect(page.shown()[0]).toMatchObject({ data: undefined, error: null, isMutating: false });
      expect(pod.calls).toEqual([]);
    },
  },
  "mutation-runs": {
    shows: "says that it is running, then shows and resolves with what it gave back",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(addTask);
      const answer = pod.hold();
      const running = page.shown()[0].trigger({ title: "Weed" });
      await settle();
      expect(page.shown()[0].isMutating).toBe(true);
      answer();
      await expect(running).resolves.toEqual({ id: 3, title: "Weed" });
      await until(() => expect(page.shown()[0]).toMatchObject({ isMutating: false, error: null }));
      expect(page.shown()[0].data).toEqual({ id: 3, title: "Weed" });
      expect(pod.calls).toEqual(['addTask {"title":"Weed"}']);
    },
  },
  "mutation-fails": {
    shows: "shows why it failed, and rejects",
    run: async ({ mount, until }) => {
      const page = await mount(addTask);
      const failure = { code: "INVALID_ARGUMENTS", message: "A task needs a title." };
      await expect(page.shown()[0].trigger({ title: "" })).rejects.toMatchObject(failure);
      await until(() => expect(page.shown()[0].error).toMatchObject(failure));
      expect(page.shown()[0]).toMatchObject({ data: undefined, isMutating: false });
    },
  },
  "mutation-reset": {
    shows: "forgets its error when it is reset",
    run: async ({ mount, settle, until }) => {
      const page = await mount(addTask);
      page
        .shown()[0]
        .trigger({ title: "" })
        .catch(() => undefined);
      await until(() => expect(page.shown()[0].error).not.toBeNull());
      await settle(() => page.shown()[0].reset());
      expect(page.shown()[0]).toMatchObject({ data: undefined, error: null, isMutating: false });
    },
  },
  "mutation-after-failure": {
    shows: "forgets its error when it is triggered again",
    run: async ({ mount, until }) => {
      const page = await mount(addTask);
      page
        .shown()[0]
        .trigger({ title: "" })
        .catch(() => undefined);
      await until(() => expect(page.shown()[0].error).not.toBeNull());
      void page.shown()[0].trigger({ title: "Weed" });
      await until(() => expect(page.shown()[0]).toMatchObject({ data: { id: 3, title: "Weed" }, error: null }));
    },
  },
  "mutation-unhandled": {
    shows: "leaves no rejection unhandled where nobody awaits it",
    run: async ({ mount, until, settle }) => {
      const unhandled: unknown[] = [];
      const listen = (reason: unknown): void => void unhandled.push(reason);
      process.on("unhandledRejection", listen);
      const page = await mount(addTask);
      void page.shown()[0].trigger({ title: "" });
      await until(() => expect(page.shown()[0].error).not.toBeNull());
      await settle();
      process.off("unhandledRejection", listen);
      expect(unhandled).toEqual([]);
    },
  },
  "mutation-callbacks-success": {
    shows: "calls onSuccess with the data and the arguments, then onSettled with the arguments",
    run: async ({ mount }) => {
      const told: unknown[] = [];
      const page = await mount(mutation("addTask", telling(told)));
      await page.shown()[0].trigger({ title: "Weed" });
      expect(told).toEqual([
        ["success", { id: 3, title: "Weed" }, { title: "Weed" }],
        ["settled", { title: "Weed" }],
      ]);
    },
  },
  "mutation-callbacks-error": {
    shows: "calls onError with the error and the arguments, then onSettled with the arguments",
    run: async ({ mount }) => {
      const told: unknown[] = [];
      const page = await mount(mutation("addTask", telling(told)));
      await expect(page.shown()[0].trigger({ title: "" })).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
      expect(told).toEqual([
        ["error", "A task needs a title.", { title: "" }],
        ["settled", { title: "" }],
      ]);
    },
  },
  "mutation-callbacks-change": {
    shows: "calls the callbacks of the latest rendering",
    run: async ({ mount, settle }) => {
      const told: unknown[] = [];
      const page = await mount(mutation("addTask", telling(told, "first ")));
      await page.change(mutation("addTask", telling(told, "second ")));
      await settle();
      await page.shown()[0].trigger({ title: "Weed" });
      expect(told.map((each) => (each as unknown[])[0])).toEqual(["second success", "second settled"]);
    },
  },
  "mutation-callbacks-after-unmount": {
    shows: "calls the callbacks of a mutation whose component is unmounted meanwhile",
    run: async ({ pod, tasks, mount, settle, until }) => {
      const told: unknown[] = [];
      const answer = pod.hold();
      const page = await mount(mutation("addTask", telling(told)));
      void page.shown()[0].trigger({ title: "Weed" });
      await settle();
      await page.unmount();
      answer();
      await until(() => expect(told).toHaveLength(2));
      expect(titles(tasks)).toBe("Sow, Water, Weed");
    },
  },
  "mutation-refetches-once": {
    shows: "refetches what it wrote once, though its own signal comes too",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTasks, addTask);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await page.shown()[1].trigger({ title: "Weed" });
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Weed"));
      await settle();
      expect(pod.calls).toEqual(["getTasks", 'addTask {"title":"Weed"}', "getTasks"]);
    },
  },
  "mutation-refetches-only-its-tables": {
    shows: "refetches nothing that read other tables",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(getTasks, mutation("addNote"));
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await page.shown()[1].trigger({ text: "Rain" });
      await settle();
      expect(pod.calls).toEqual(["getTasks", 'addNote {"text":"Rain"}']);
    },
  },
  "mutation-refetches-without-socket": {
    shows: "refetches what it wrote though no socket is open",
    run: async ({ pod, mount, until }) => {
      pod.shut();
      const page = await mount(getTasks, addTask);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      await page.shown()[1].trigger({ title: "Weed" });
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Weed"));
    },
  },
  "mutation-latest-counts": {
    shows: "shows the state of the latest of two triggers, in whichever order they are answered",
    run: async ({ pod, mount, settle, until }) => {
      const page = await mount(addTask);
      const first = pod.hold();
      const one = page.shown()[0].trigger({ title: "Weed" });
      await settle();
      const second = pod.hold();
      void page.shown()[0].trigger({ title: "Prune" });
      await settle();
      second();
      await until(() => expect(page.shown()[0].data).toEqual({ id: 3, title: "Prune" }));
      first();
      await expect(one).resolves.toEqual({ id: 4, title: "Weed" });
      await settle();
      expect(page.shown()[0]).toMatchObject({ data: { id: 3, title: "Prune" }, isMutating: false });
    },
  },
  "mutation-lost-answer": {
    shows: "runs once though its answer is lost, and shows what it gave back",
    run: async ({ pod, tasks, mount, until }) => {
      const page = await mount(getTasks, addTask);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      pod.lose("answer");
      await expect(page.shown()[1].trigger({ title: "Weed" })).resolves.toEqual({ id: 3, title: "Weed" });
      await until(() => expect(titles(page.shown()[0].data)).toBe("Sow, Water, Weed"));
      expect(titles(tasks)).toBe("Sow, Water, Weed");
    },
  },
  "mutation-trigger-stays": {
    shows: "keeps the identity of trigger and reset from rendering to rendering",
    run: async ({ mount, until }) => {
      const page = await mount(addTask);
      const { trigger, reset } = page.shown()[0];
      await trigger({ title: "Weed" });
      await until(() => expect(page.shown()[0].data).toBeDefined());
      expect(page.shown()[0].trigger).toBe(trigger);
      expect(page.shown()[0].reset).toBe(reset);
    },
  },
  "mutation-event-is-no-argument": {
    shows: "doesn't take the event of a click for arguments",
    run: async ({ pod, mount, settle }) => {
      const page = await mount(mutation("addTask", { onSuccess: () => undefined }));
      void page.shown()[0].trigger(new Event("click"));
      await settle();
      expect(pod.calls).toEqual(["addTask"]);
    },
  },
};
