/** The steps that a run is made of, as plain data, and how they are drawn: the same seed draws the same steps. */
import { Random } from "../corpus/random.ts";

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

/** The steps of one run. */
export function drawSteps(seed: number): Step[] {
  const random = new Random(seed);
  const length = 10 + random.below(40);
  // Some runs see many faults and some none: what two faults hide from each other one alone may show.
  const faults = random.pick([0, 0.1, 0.25, 0.4]);
  const steps: Step[] = [];
  for (let client = 0; client < CLIENTS; client += 1) {
    steps.push({ do: "come", client });
    for (let looks = random.below(4); looks > 0; looks -= 1) steps.push(drawLook(random, client));
    if (random.chance(0.5)) steps.push(...drawScreen(random, client));
  }
  while (steps.length < length) steps.push(random.chance(faults) ? drawFault(random) : drawStep(random));
  return steps;
}

/** Several views of the same tables, as a dashboard has them: one write makes all of them stale. */
function drawScreen(random: Random, client: number): Step[] {
  const views = [2, 3, 6, 7, 8, 9, 11];
  return Array.from({ length: 2 + random.below(4) }, () => ({ do: "look", client, query: random.pick(views), eye: 0 }));
}

function drawLook(random: Random, client: number): Step {
  return { do: "look", client, query: random.below(QUERIES.length), eye: random.below(2) };
}

function drawStep(random: Random): Step {
  const client = random.below(CLIENTS);
  const at = random.below(100);
  if (at < 22) return drawLook(random, client);
  if (at < 30) return { ...drawLook(random, client), do: random.pick(["leave", "forget"]) } as Step;
  if (at < 68) return { do: "mutate", client, call: drawCall(random), wait: random.chance(0.4) };
  if (at < 73) return { do: "call", call: drawCall(random) };
  if (at < 84) return { do: "pause", ms: random.below(25) };
  if (at < 90) return { do: "settle" };
  if (at < 92) return { do: "come", client };
  if (at < 94) return { do: "release answers", client, backwards: random.chance(0.5) };
  return { do: random.pick(["free socket", "free frames", "free calls", "resume"] as const), client };
}

function drawFault(random: Random): Step {
  const client = random.below(CLIENTS);
  const at = random.below(100);
  if (at < 16) return { do: "hold answers", client };
  if (at < 27) return { do: random.pick(["lose answer", "lose request"] as const), client };
  if (at < 32) return { do: "block calls", client };
  if (at < 42) return { do: "cut socket", client };
  if (at < 49) return { do: "hold socket", client };
  if (at < 57) return { do: "delay frames", client };
  if (at < 62) return { do: "deafen socket", client };
  if (at < 74) return { do: "identity", client, token: random.pick([null, "ada", "grace"]) };
  if (at < 78) return { do: "go", client };
  return { do: random.pick(POD_STEPS) };
}

const POD_STEPS = [
  ...(["sleep pod", "sleep pod", "evict pod", "abort pod", "redeploy", "restore"] as const),
  ...(["export", "import", "import", "delete all"] as const),
];

function drawCall(random: Random): Call {
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
