/** Random runs against the promise. `pnpm model --runs N --seed S` makes more of them. */
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Random } from "../corpus/random.ts";
import { drawSteps } from "./draw.ts";
import { shrink } from "./shrink.ts";
import { runSteps } from "./world.ts";
import type { Outcome } from "./world.ts";

/** Runs at the same time, each with a pod of its own: most of a run is waiting. */
const SIDE_BY_SIDE = 16;

const { MODEL_RUNS: runs, MODEL_SEED: seed, MODEL_SHRINK_MS: shrinkMs } = env;

// Back-offs and jitter are drawn from the seed, and short. Real time still decides what overtakes what.
beforeAll(() => {
  const random = new Random(seed);
  vi.spyOn(Math, "random").mockImplementation(() => random.next() * 0.05);
});
afterAll(() => {
  vi.restoreAllMocks();
});

it(`every screen is right at the end of ${runs} runs (seed ${seed})`, { timeout: 3_600_000 }, async () => {
  const outcomes: Outcome[] = [];
  let steps = 0;
  let next = 0;
  let failed: Failure | null = null;
  const work = async (): Promise<void> => {
    while (next < runs && failed === null) {
      const run = seed + next;
      next += 1;
      const drawn = drawSteps(run);
      // oxlint-disable-next-line no-await-in-loop -- one run after another; the others are beside it
      const outcome = await runSteps(drawn);
      outcomes.push(outcome);
      steps += drawn.length;
      if (outcome.faults.length > 0) failed ??= { run, faults: outcome.faults };
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const words = failed === null ? [] : await explain(failed);
  const line =
    `runs ${outcomes.length} steps ${steps} faults ${sum(({ injected }) => injected)} stale ${sum(({ stale }) => stale)} ` +
    `doubled ${sum(({ doubled }) => doubled)} torn ${sum(({ torn }) => torn)} needless ${sum(({ needless }) => needless)}`;
  console.log(["", ...words, line].join("\n"));
  expect(words).toEqual([]);
});

interface Failure {
  readonly run: number;
  readonly faults: readonly string[];
}

/** The run of a seed that failed, with as few steps as still fail. */
async function explain({ run, faults: first }: Failure): Promise<string[]> {
  let last = first;
  const fails = async (steps: Parameters<typeof runSteps>[0]): Promise<boolean> => {
    const { faults } = await runSteps(steps);
    if (faults.length > 0) last = faults;
    return faults.length > 0;
  };
  const steps = await shrink(drawSteps(run), { fails, deadline: Date.now() + shrinkMs });
  return [
    `seed ${run} fails: pnpm model --runs 1 --seed ${run}`,
    ...steps.map((step) => `  ${JSON.stringify(step)}`),
    ...last,
  ];
}

declare global {
  namespace Cloudflare {
    interface Env {
      readonly MODEL_RUNS: number;
      readonly MODEL_SEED: number;
      readonly MODEL_SHRINK_MS: number;
    }
  }
}
