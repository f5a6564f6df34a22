/** What a scenario happens in: a pod with tasks and notes, a client of it, and components on a page. */
import { EdgePodError, createClient } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import { onTestFinished } from "vitest";
import type { AdapterDriver, Functions, Mounted, Use } from "./contract.ts";
import { FakePod } from "./fake-pod.ts";
import type { Task } from "./functions.ts";

const PAGE_ROWS = 2;

export interface World {
  readonly pod: FakePod;
  readonly client: Client<Functions>;
  /** What the pod's database holds. Who changes it says so by `pod.write`. */
  readonly tasks: Task[];
  readonly notes: string[];
  readonly mount: <U extends readonly Use[]>(...uses: U) => Promise<Mounted<U>>;
  readonly settle: AdapterDriver["settle"];
  /** Somebody else is logged in from now on. */
  readonly logIn: (name: string) => Promise<void>;
  /** Waits until `check` no longer throws: for two seconds at most. */
  readonly until: (check: () => void) => Promise<void>;
}

export function createWorld(driver: AdapterDriver): World {
  const tasks: Task[] = [
    { id: 1, title: "Sow" },
    { id: 2, title: "Water" },
  ];
  const notes = ["Hello"];
  const pod = createPod(tasks, notes);
  let token = "Ada";
  const client = createClient<Functions>({
    url: "https://pod.test",
    apiKey: "ep_pk_test",
    transport: pod,
    getToken: () => token,
  });
  const logIn = async (name: string): Promise<void> => {
    token = name;
    await client.refreshIdentity();
  };
  onTestFinished(() => {
    client.close();
  });
  const mount = async <U extends readonly Use[]>(...uses: U): Promise<Mounted<U>> => {
    const mounted = await driver.mount<U>(client, ...uses);
    let isMounted = true;
    const unmount = async (): Promise<void> => {
      if (isMounted) await mounted.unmount();
      isMounted = false;
    };
    onTestFinished(unmount);
    return { ...mounted, unmount };
  };
  const until: World["until"] = async (check) => {
    const end = Date.now() + 2000;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one look after another
      await driver.settle();
      try {
        check();
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  };
  return { pod, client, tasks, notes, mount, settle: driver.settle, logIn, until };
}

function createPod(tasks: Task[], notes: string[]): FakePod {
  const find = (id: number): number => {
    const index = tasks.findIndex((task) => task.id === id);
    if (index === -1) throw notFound(id);
    return index;
  };
  return new FakePod({
    getTasks: () => ({ data: [...tasks], reads: ["tasks"] }),
    getTask: ({ id }: { id: number }) => {
      const task = tasks.find((each) => each.id === id);
      return task ? { data: task, reads: ["tasks"] } : { failure: notFound(id), reads: ["tasks"] };
    },
    findTasks: ({ text = "", ids, due }: { text?: string; ids?: readonly number[]; due?: { before: Date } }) => ({
      data: tasks.filter(
        (task) =>
          task.title.includes(text) &&
          (ids?.includes(task.id) ?? true) &&
          (!due || (task.due !== undefined && task.due.getTime() < due.before.getTime())),
      ),
      reads: ["tasks"],
    }),
    getName: (_: never, name: string | null) => ({ data: name, reads: ["people"] }),
    getPage: ({ after, text = "" }: { after: number | null; text?: string }) => {
      const all = tasks.filter(({ id, title }) => id > (after ?? 0) && title.includes(text));
      const rows = all.slice(0, PAGE_ROWS);
      const isLast = rows.length < PAGE_ROWS;
      return { data: { rows, next: isLast ? null : (rows.at(-1)?.id ?? null) }, reads: ["tasks"] };
    },
    getNotes: () => ({ data: [...notes], reads: ["notes"] }),
    addTask: (args?: { title: string }) => {
      const { title } = args ?? { title: "" };
      if (title === "") throw new EdgePodError("INVALID_ARGUMENTS", "A task needs a title.");
      const task = { id: (tasks.at(-1)?.id ?? 0) + 1, title };
      tasks.push(task);
      return { data: task, writes: ["tasks"] };
    },
    renameTask: ({ id, title }: { id: number; title: string }) => {
      tasks[find(id)] = { id, title };
      return { data: undefined, writes: ["tasks"] };
    },
    removeTask: ({ id }: { id: number }) => {
      tasks.splice(find(id), 1);
      return { data: undefined, writes: ["tasks"] };
    },
    addNote: ({ text }: { text: string }) => {
      notes.push(text);
      return { data: undefined, writes: ["notes"] };
    },
  });
}

function notFound(id: number): EdgePodError {
  return new EdgePodError("NOT_FOUND", `No task ${id}.`);
}
