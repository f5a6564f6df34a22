/** A pod with two tasks and a note, a client of it, and time to wait for them. */
import { flushSync } from "svelte";
import { onTestFinished } from "vitest";
import { EdgePodError, createClient } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import { FakePod } from "@edgepod/conformance";
import type * as functions from "./functions.ts";
import type { Task } from "./functions.ts";

export interface World {
  readonly pod: FakePod;
  readonly client: Client<typeof functions>;
  /** What the database holds. Who changes it says so by `pod.write`. */
  readonly tasks: Task[];
  /** How many observers the client's queries have. */
  readonly observers: () => number;
}

export function setUp(): World {
  const tasks: Task[] = [
    { id: 1, title: "Sow" },
    { id: 2, title: "Water" },
  ];
  const pod = new FakePod({
    getTasks: () => ({ data: [...tasks], reads: ["tasks"] }),
    getTask: ({ id }: { id: number }) => {
      const task = tasks.find((each) => each.id === id);
      if (!task) throw new EdgePodError("NOT_FOUND", `No task ${id}.`);
      return { data: task, reads: ["tasks"] };
    },
    findTasks: (args?: { text: string }) => ({
      data: tasks.filter(({ title }) => title.includes(args?.text ?? "")),
      reads: ["tasks"],
    }),
    getPage: ({ text, after }: { text: string; after: number | null }) => ({
      data: tasks.filter(({ id, title }) => id > (after ?? 0) && title.includes(text)).slice(0, 1),
      reads: ["tasks"],
    }),
    addTask: ({ title }: { title: string }) => {
      if (title === "") throw new EdgePodError("INVALID_ARGUMENTS", "A task needs a title.");
      tasks.push({ id: tasks.length + 1, title });
      return { data: tasks.at(-1), writes: ["tasks"] };
    },
    clearTasks: () => ({ data: tasks.splice(0).length, writes: ["tasks"] }),
  });
  const client = createClient<typeof functions>({ url: "https://pod.test", apiKey: "ep_pk_test", transport: pod });
  onTestFinished(() => {
    client.close();
  });
  const observers = (): number =>
    client.queryClient
      .getQueryCache()
      .getAll()
      .reduce((sum, query) => sum + query.getObserversCount(), 0);
  return { pod, client, tasks, observers };
}

/** Lets everything happen that is about to. */
export async function settle(): Promise<void> {
  flushSync();
  await new Promise((resolve) => setTimeout(resolve, 10));
  flushSync();
}

/** Waits until `check` no longer throws: for two seconds at most. */
export async function until(check: () => void): Promise<void> {
  const end = Date.now() + 2000;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one look after another
    await settle();
    try {
      check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
