/** What the four screens show, and what they expect their writes to do to it. No framework. */
import type { Arguments, OptimisticScreen, Result, Status } from "@edgepod/core";
import type { Functions } from "./client.ts";

export type Task = Result<Functions["getTasks"]>[number];
export type Person = Result<Functions["getPeople"]>[number];
export type Line = Result<Functions["getActivity"]>[number];

type Screen = OptimisticScreen<Functions>;
type Args<N extends keyof Functions> = NonNullable<Arguments<Functions[N]>[0]>;

/** Greater than any before: a new task is the last of the open ones. */
export function newTaskId(): number {
  return Date.now() * 1000 + Math.floor(Math.random() * 1000);
}

/** The new task where its list is shown. A search finds it when the pod says so. */
export function expectAdded(screen: Screen, { id, title, project, assignee }: Args<"addTask">, named: Named): void {
  const into = named.projects.find((one) => one.id === project);
  if (id === undefined || !into) return;
  const by = named.people.find((one) => one.id === assignee) ?? null;
  const task = { id, title, done: false, project: { id: into.id, name: into.name }, assignee: by };
  screen.update("getTasks", (tasks, args) => {
    const isShown = !args?.search && (args?.project == null || args.project === project);
    return isShown ? inOrder([...tasks, task]) : tasks;
  });
}

export function expectDone(screen: Screen, { id, done }: Args<"setDone">): void {
  screen.update("getTasks", (tasks) => inOrder(tasks.map((task) => (task.id === id ? { ...task, done } : task))));
}

export function expectUpdated(
  screen: Screen,
  { id, title, project, assignee }: Args<"updateTask">,
  named: Named,
): void {
  screen.update("getTasks", (tasks) =>
    tasks.map((task) =>
      task.id === id
        ? {
            ...task,
            title: title ?? task.title,
            project: named.projects.find((one) => one.id === project) ?? task.project,
            assignee:
              assignee === undefined ? task.assignee : (named.people.find((one) => one.id === assignee) ?? null),
          }
        : task,
    ),
  );
}

export function expectDeleted(screen: Screen, { id }: Args<"deleteTask">): void {
  screen.update("getTasks", (tasks) => tasks.filter((task) => task.id !== id));
}

export interface Named {
  readonly projects: readonly { readonly id: number; readonly name: string }[];
  readonly people: readonly Person[];
}

/** As the pod orders them: what is done comes last. */
function inOrder(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((a, b) => Number(a.done) - Number(b.done) || a.id - b.id);
}

/** Where the feed goes on: nowhere, after a page with fewer lines than the pod gives at once. */
export function nextLine(page: readonly Line[]): number | null {
  return page.length === 8 ? (page.at(-1)?.id ?? null) : null;
}

/** The id that an option's value stands for; null for "Nobody". */
export function toId(value: string): number | null {
  return value === "" ? null : Number(value);
}

/** Keeps the keyboard in the list when the row that it is on goes away. */
export function focusBeside(button: Element): void {
  const row = button.closest("li");
  const beside = row?.nextElementSibling ?? row?.previousElementSibling;
  const next = beside?.querySelector<HTMLElement>("input[type=text]") ?? document.getElementById("tasks-heading");
  next?.focus();
}

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  connecting: "Connecting …",
  connected: "Live",
  disconnected: "Offline: asking every 30 s",
};

const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** The time of day; of another day that day. */
export function clock(at: Date): string {
  return at.toDateString() === new Date().toDateString() ? time.format(at) : date.format(at);
}
