/** How the steps of a run are drawn: the same seed draws the same steps. */
import { Random } from "../corpus/random.ts";
import { drawScene } from "./scenes.ts";
import { CLIENTS, drawCall, drawLook } from "./steps.ts";
import type { Step } from "./steps.ts";

/** A scene takes the place of a step this often: once or twice in a run. */
const SCENES_AMONG_STEPS = 0.1;

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
  while (steps.length < length) {
    if (random.chance(SCENES_AMONG_STEPS)) steps.push(...drawScene(random));
    else steps.push(random.chance(faults) ? drawFault(random) : drawStep(random));
  }
  return steps;
}

/** Several views of the same tables, as a dashboard has them: one write makes all of them stale. */
function drawScreen(random: Random, client: number): Step[] {
  const views = [2, 3, 6, 7, 8, 9, 12];
  return Array.from({ length: 2 + random.below(4) }, () => ({ do: "look", client, query: random.pick(views), eye: 0 }));
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
