/** The steps that a run is made of, as plain data: what may be looked at, called and done. */
import type { Random } from "../corpus/random.ts";

export interface Call {
  readonly fn: string;
  readonly args?: unknown;
}

/** What clients look at. A step names one by its index. */
export const QUERIES: readonly Call[] = [
  { fn: "getPeople" },
  { fn: "getLists" },
  { fn: "getTasks", args: { id: 1 } },
  { fn: "getTasks", args: { id: 2 } },
  { fn: "getNotes" },
  { fn: "getJournal" },
  { fn: "getBoard" },
  { fn: "getBusyPeople" },
  { fn: "getFound" },
  { fn: "getByHidingName" },
  { fn: "getExtras" },
  { fn: "getTotals" },
  { fn: "getTaskOrThrow", args: { id: 1 } },
  { fn: "getTaskOrThrow", args: { id: 2 } },
  { fn: "getSlowly", args: { wait: 4 } },
  { fn: "getMine" },
];

/** What happens to one client. `fault` steps are marked by their names in `FAULTS`. */
type ClientStep =
  | { readonly do: "come" | "go" | "resume" }
  | { readonly do: "look" | "leave" | "forget"; readonly query: number; readonly eye: number }
  | { readonly do: "mutate"; readonly call: Call; readonly wait: boolean }
  | { readonly do: "hold answers" | "lose answer" | "lose request" | "block calls" | "free calls" }
  | { readonly do: "release answers"; readonly backwards: boolean }
  | { readonly do: "cut socket" | "hold socket" | "free socket" | "delay frames" | "free frames" | "deafen socket" }
  | { readonly do: "identity"; readonly token: string | null };

/** What happens to the pod. */
export interface PodStep {
  readonly do:
    | ("sleep pod" | "evict pod" | "abort pod" | "redeploy")
    | ("restore" | "export" | "import" | "delete all");
}

/** What happens in the run: to one of its clients, or to the pod. */
export type Step =
  | (ClientStep & { readonly client: number })
  | { readonly do: "call"; readonly call: Call }
  | { readonly do: "pause"; readonly ms: number }
  | { readonly do: "settle" }
  | PodStep;

/** The steps that take something away. */
const FAULTS: ReadonlySet<Step["do"]> = new Set([
  "go",
  "hold answers",
  "lose answer",
  "lose request",
  "block calls",
  "cut socket",
  "hold socket",
  "delay frames",
  "deafen socket",
  "identity",
  "sleep pod",
  "evict pod",
  "abort pod",
  "redeploy",
  "restore",
  "import",
  "delete all",
]);

export function isFault(step: Step): boolean {
  return FAULTS.has(step.do);
}

export const CLIENTS = 3;

/** Somebody begins to look at something. */
export function drawLook(random: Random, client: number): Step {
  return { do: "look", client, query: random.below(QUERIES.length), eye: random.below(2) };
}

/** Some call that writes, or fails to. */
export function drawCall(random: Random): Call {
  const id = 1 + random.below(3);
  const name = random.pick(["ada", "grace", "mary", "joan", "radia"]);
  const wait = random.below(8);
  const title = `task ${random.below(100)}`;
  const fn = random.pick(Object.keys(MUTATIONS));
  return MUTATIONS[fn] === "task"
    ? { fn, args: { id, title, list: 1 + random.below(2), person: 1 + random.below(3) } }
    : { fn, args: { id: fn === "invalidate" ? random.below(2) : id, name, wait } };
}

/** What clients call, and the arguments that it takes. */
const MUTATIONS: Readonly<Record<string, "task" | "name">> = {
  addTask: "task",
  replaceTask: "task",
  setPerson: "name",
  setList: "name",
  finishTask: "name",
  addNote: "name",
  noteEverything: "name",
  moveTasks: "name",
  deleteList: "name",
  deletePerson: "name",
  deleteTask: "name",
  writeAndWait: "name",
  writeAndThrow: "name",
  undoAPart: "name",
  writeSideBySide: "name",
  changeNothing: "name",
  createExtra: "name",
  dropExtra: "name",
  createExtraAndThrow: "name",
  redefineView: "name",
  invalidate: "name",
  act: "name",
  actAndThrow: "name",
  actInTransaction: "name",
  actAndUndo: "name",
};
