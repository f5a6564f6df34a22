import type { OptimisticScreen } from "@edgepod/core";
import { expect } from "vitest";
import type { Functions } from "../contract.ts";
import type { Scenarios } from "../suite.ts";

const getTasks = { use: "query", fn: "getTasks" } as const;
const addTask = {
  use: "mutation",
  fn: "addTask",
  options: {
    optimistic: ({ update }: OptimisticScreen<Functions>, { title }: { title: string }) => {
      update("getTasks", (tasks) => [...tasks, { id: -1, title }]);
    },
  },
} as const;
const titles = (data: unknown): string[] => (data as { title: string }[]).map(({ title }) => title);

export const optimistic: Scenarios = {
  "optimistic-shows-at-once": {
    shows: "shows at once what a mutation is expected to do, and goes over to what it did without a step back",
    run: async ({ pod, mount, until }) => {
      const seen: string[][] = [];
      const page = await mount(getTasks, addTask);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      const answer = pod.hold();
      void page.shown()[1].trigger({ title: "Weed" });
      await until(() => expect(titles(page.shown()[0].data)).toEqual(["Sow", "Water", "Weed"]));
      answer();
      await until(() => {
        seen.push(titles(page.shown()[0].data));
        expect(page.shown()[0].data).toContainEqual({ id: 3, title: "Weed" });
      });
      expect(new Set(seen.map((all) => all.join()))).toEqual(new Set(["Sow,Water,Weed"]));
    },
  },
  "optimistic-two-one-fails": {
    shows: "takes away what a failed mutation was expected to do, and leaves what another is",
    run: async ({ pod, mount, until }) => {
      const page = await mount(getTasks, addTask);
      await until(() => expect(page.shown()[0].data).toHaveLength(2));
      const answer = pod.hold();
      const failing = page.shown()[1].trigger({ title: "" });
      void page.shown()[1].trigger({ title: "Weed" });
      await until(() => expect(titles(page.shown()[0].data)).toEqual(["Sow", "Water", "", "Weed"]));
      answer();
      await expect(failing).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
      await until(() => expect(titles(page.shown()[0].data)).toEqual(["Sow", "Water", "Weed"]));
    },
  },
};
