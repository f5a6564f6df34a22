/** A pod with two tasks and a note, clients of it, and a place to mount components. */
import { createApp } from "vue";
import type { App, Component } from "vue";
import { onTestFinished } from "vitest";
import { EdgePodError, createClient } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import { FakePod } from "@edgepod/conformance";
import { createEdgePod } from "@edgepod/vue";
import type * as functions from "./functions.ts";
import type { Task } from "./functions.ts";

export interface Garden {
  readonly pod: FakePod;
  readonly tasks: Task[];
  /** Another client of the same pod, as another browser or the server has one. */
  readonly connect: () => Client<typeof functions>;
}

export function createGarden(): Garden {
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
    findTasks: ({ text }: { text: string }) => ({
      data: tasks.filter(({ title }) => title.includes(text)),
      reads: ["tasks"],
    }),
    getPage: ({ text, after }: { text: string; after: number | null }) => ({
      data: tasks.filter(({ id, title }) => id > (after ?? 0) && title.includes(text)).slice(0, 1),
      reads: ["tasks"],
    }),
    getNotes: () => ({ data: ["Hello"], reads: ["notes"] }),
    addTask: ({ title }: { title: string }) => {
      if (title === "") throw new EdgePodError("INVALID_ARGUMENTS", "A task needs a title.");
      tasks.push({ id: tasks.length + 1, title });
      return { data: tasks.at(-1), writes: ["tasks"] };
    },
    clearTasks: () => ({ data: tasks.splice(0).length, writes: ["tasks"] }),
  });
  const connect = (): Client<typeof functions> => {
    const client = createClient<typeof functions>({ url: "https://pod.test", apiKey: "ep_pk_test", transport: pod });
    onTestFinished(() => {
      client.close();
    });
    return client;
  };
  return { pod, tasks, connect };
}

export interface Page {
  /** Everything that it shows. */
  readonly text: () => string;
  readonly click: (button: string) => void;
  readonly app: App;
}

export function mount(client: Client<typeof functions>, component: Component): Page {
  const container = document.body.appendChild(document.createElement("div"));
  const app = createApp(component).use(createEdgePod({ client }));
  onTestFinished(() => {
    app.unmount();
    container.remove();
  });
  app.mount(container);
  return {
    app,
    text: () => container.textContent,
    click: (button) => {
      [...container.querySelectorAll("button")].find(({ textContent }) => textContent === button)?.click();
    },
  };
}

/** Lets everything happen that is about to. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 10);
  });
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
