import type { OptimisticScreen } from "@edgepod/core";
import { expect } from "vitest";
import type { Functions, Mounted, Mutation, Query } from "../contract.ts";
import type { Scenarios } from "../suite.ts";
import type { World } from "../world.ts";
import { getNotes, getTasks, inTurn, mutation, titles } from "../uses.ts";

const addTask = mutation("addTask", {
  optimistic: ({ update }: OptimisticScreen<Functions>, { title }: { title: string }) => {
    update("getTasks", (tasks) => [...tasks, { id: -1, title }]);
  },
});

const listOf = (page: Mounted<[Query, Mutation]>): string | undefined => titles(page.shown()[0].data);
const lists = (page: Mounted<[Query, Mutation]>): (string | undefined)[] =>
  inTurn(page.seen().map(([{ data }]) => titles(data)));

/** A page with the tasks, and a mutation that adds one. */
async function open({ mount, until }: World, add = addTask): Promise<Mounted<[Query, Mutation]>> {
  const page = await mount(getTasks, add);
  await until(() => expect(page.shown()[0].data).toBeDefined());
  return page;
}

export const optimistic: Scenarios = {
  "optimistic-shows-at-once": {
    shows: "shows at once what a mutation is expected to do, and goes over to what it did without a step back",
    run: async (world) => {
      const { pod, until } = world;
      const page = await open(world);
      const answer = pod.hold();
      void page.shown()[1].trigger({ title: "Weed" });
      await until(() => expect(listOf(page)).toBe("Sow, Water, Weed"));
      expect(page.shown()[0].data).toContainEqual({ id: -1, title: "Weed" });
      answer();
      await until(() => expect(page.shown()[0].data).toContainEqual({ id: 3, title: "Weed" }));
      expect(lists(page)).toEqual([undefined, "Sow, Water", "Sow, Water, Weed"]);
    },
  },
  "optimistic-slow-refetch": {
    shows: "shows what it expects until the answer that knows it is here, not only until the mutation's own",
    run: async (world) => {
      const { pod, settle, until } = world;
      const page = await open(world);
      const answer = pod.hold();
      const running = page.shown()[1].trigger({ title: "Weed" });
      await settle();
      const refetch = pod.hold();
      answer();
      await running;
      await settle();
      expect(page.shown()[0].data).toContainEqual({ id: -1, title: "Weed" });
      refetch();
      await until(() => expect(page.shown()[0].data).toContainEqual({ id: 3, title: "Weed" }));
      expect(lists(page)).toEqual([undefined, "Sow, Water", "Sow, Water, Weed"]);
    },
  },
  "optimistic-fails": {
    shows: "takes away what a failed mutation was expected to do",
    run: async (world) => {
      const { pod, until } = world;
      const page = await open(world);
      const answer = pod.hold();
      const failing = page.shown()[1].trigger({ title: "" });
      await until(() => expect(listOf(page)).toBe("Sow, Water, "));
      answer();
      await expect(failing).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
      await until(() => expect(listOf(page)).toBe("Sow, Water"));
      expect(pod.calls.filter((call) => call === "getTasks")).toHaveLength(1);
    },
  },
  "optimistic-two-one-fails": {
    shows: "takes away what a failed mutation was expected to do, and leaves what another is",
    run: async (world) => {
      const { pod, until } = world;
      const page = await open(world);
      const answer = pod.hold();
      const failing = page.shown()[1].trigger({ title: "" });
      void page.shown()[1].trigger({ title: "Weed" });
      await until(() => expect(listOf(page)).toBe("Sow, Water, , Weed"));
      answer();
      await expect(failing).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
      await until(() => expect(listOf(page)).toBe("Sow, Water, Weed"));
    },
  },
  "optimistic-two-second-fails": {
    shows: "keeps what the first of two was expected to do when the second fails",
    run: async (world) => {
      const { pod, settle, until } = world;
      const page = await open(world);
      const first = pod.hold();
      void page.shown()[1].trigger({ title: "Weed" });
      await settle();
      const second = pod.hold();
      const failing = page.shown()[1].trigger({ title: "" });
      await until(() => expect(listOf(page)).toBe("Sow, Water, Weed, "));
      second();
      await expect(failing).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
      await until(() => expect(listOf(page)).toBe("Sow, Water, Weed"));
      first();
      await until(() => expect(page.shown()[0].data).toContainEqual({ id: 3, title: "Weed" }));
    },
  },
  "optimistic-answers-reversed": {
    shows: "loses neither of two when the later one is answered first",
    run: async (world) => {
      const { pod, settle, until } = world;
      const page = await open(world);
      const first = pod.hold();
      const one = page.shown()[1].trigger({ title: "Weed" });
      await settle();
      const second = pod.hold();
      const two = page.shown()[1].trigger({ title: "Prune" });
      await settle();
      second();
      await two;
      await until(() => expect(page.shown()[0].data).toContainEqual({ id: 3, title: "Prune" }));
      expect(page.shown()[0].data).toContainEqual({ id: -1, title: "Weed" });
      first();
      await one;
      await until(() => expect(page.shown()[0].data).toContainEqual({ id: 4, title: "Weed" }));
      expect(listOf(page)).toBe("Sow, Water, Prune, Weed");
      const all = lists(page).slice(lists(page).indexOf("Sow, Water, Weed, Prune"));
      expect(all.every((list) => list?.includes("Weed") && list.includes("Prune"))).toBe(true);
    },
  },
  "optimistic-signal-first": {
    shows: "never shows a row twice, nor the old value, when the signal comes before the mutation's answer",
    run: async (world) => {
      const { pod, settle, until } = world;
      // By what the pod will call it: then an answer that knows it already is recognised.
      const once = mutation("addTask", {
        optimistic: ({ update }: OptimisticScreen<Functions>, { title }: { title: string }) => {
          update("getTasks", (tasks) =>
            tasks.some((task) => task.title === title) ? tasks : [...tasks, { id: -1, title }],
          );
        },
      });
      const page = await open(world, once);
      const answer = pod.delay();
      void page.shown()[1].trigger({ title: "Weed" });
      await settle();
      answer();
      await until(() => expect(page.shown()[0].data).toContainEqual({ id: 3, title: "Weed" }));
      await until(() => expect(page.shown()[1].isMutating).toBe(false));
      expect(lists(page)).toEqual([undefined, "Sow, Water", "Sow, Water, Weed"]);
    },
  },
  "optimistic-others-write": {
    shows: "lays what it expects over what somebody else has written meanwhile",
    run: async (world) => {
      const { pod, tasks, settle, until } = world;
      const page = await open(world);
      const answer = pod.hold();
      void page.shown()[1].trigger({ title: "Weed" });
      await settle();
      pod.hold()();
      tasks[0] = { id: 1, title: "Dig" };
      pod.write("tasks");
      await until(() => expect(listOf(page)).toBe("Dig, Water, Weed"));
      answer();
      await until(() => expect(page.shown()[0].data).toContainEqual({ id: 3, title: "Weed" }));
      expect(lists(page)).toEqual([undefined, "Sow, Water", "Sow, Water, Weed", "Dig, Water, Weed"]);
    },
  },
  "optimistic-unaffected-query": {
    shows: "takes away what it expected of a query that the mutation turned out not to touch",
    run: async ({ pod, mount, settle, until }) => {
      const add = mutation("addTask", {
        optimistic: ({ update }: OptimisticScreen<Functions>, { title }: { title: string }) => {
          update("getNotes", (notes) => [...notes, title]);
        },
      });
      const page = await mount(getNotes, add);
      await until(() => expect(page.shown()[0].data).toEqual(["Hello"]));
      const answer = pod.hold();
      const running = page.shown()[1].trigger({ title: "Weed" });
      await until(() => expect(page.shown()[0].data).toEqual(["Hello", "Weed"]));
      answer();
      await running;
      await settle();
      expect(page.shown()[0].data).toEqual(["Hello"]);
      expect(pod.calls).toEqual(["getNotes", 'addTask {"title":"Weed"}']);
    },
  },
  "optimistic-everywhere": {
    shows: "shows what is expected in every component that shows the query",
    run: async (world) => {
      const page = await open(world);
      const other = await world.mount(getTasks);
      world.pod.hold();
      void page.shown()[1].trigger({ title: "Weed" });
      await world.until(() => expect(titles(other.shown()[0].data)).toBe("Sow, Water, Weed"));
    },
  },
  "optimistic-never-cached": {
    shows: "leaves what is expected out of the cache",
    run: async (world) => {
      const page = await open(world);
      world.pod.hold();
      void page.shown()[1].trigger({ title: "Weed" });
      await world.until(() => expect(listOf(page)).toBe("Sow, Water, Weed"));
      expect(titles(await world.client.query("getTasks"))).toBe("Sow, Water");
    },
  },
};
