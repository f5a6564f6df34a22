/** What it costs to know a statement's tables: cold, cached and after a wake, beside what the same statement costs anyway. */
import { HEADERS } from "@edgepod/core/protocol";
import { measureColdStarts } from "./cold-start.ts";
import { startServer } from "./dev-server.ts";
import { median, table } from "./figures.ts";

const ROUNDS = 9;
/** Turns of a stage's loop: enough to be seen beside a call's own time. */
const TIMES: Readonly<Record<string, number>> = { "analysis, cached": 200_000, "analysis, cold": 50 };
const USUAL_TIMES = 2000;
const KEY = "ep_pk_bench";

export async function analysis(): Promise<void> {
  const server = await startServer();
  try {
    await measureStages(server.url);
  } finally {
    await server.stop();
  }
  await measureColdStarts();
}

/** Each stage's microseconds a statement, its fixed costs taken off: a call of no turns in the same round. */
async function measureStages(url: string): Promise<void> {
  const lab = (stage: string) => (times: number) =>
    timed(fetch(`${url}/lab/${encodeURIComponent(stage)}?times=${times}`));
  const tracked = (times: number) => timed(callQuery(url, "selectAgain", { times }));
  const stages: Readonly<Record<string, (times: number) => Promise<number>>> = {
    "SQLite executes": lab("SQLite executes"),
    "Drizzle compiles": lab("Drizzle compiles"),
    "Drizzle, untracked": lab("Drizzle, untracked"),
    "Drizzle, tracked": tracked,
    "analysis, cached": lab("analysis, cached"),
    "analysis, cold": lab("analysis, cold"),
  };
  const figures = new Map(Object.keys(stages).map((name) => [name, [] as number[]]));
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(stages)) {
      const times = TIMES[name] ?? USUAL_TIMES;
      const fixed = await run(0);
      const figure = ((await run(times)) - fixed) / times;
      if (round >= 0) figures.get(name)?.push(figure * 1000);
    }
  }
  const us = (name: string): number => median(figures.get(name) ?? []);
  table("µs a statement", Object.fromEntries([...figures].map(([name]) => [name, us(name)])));
  const tracking = (us("Drizzle, tracked") - us("Drizzle, untracked")) / us("Drizzle, untracked");
  console.log(
    `cached analysis: ${((us("analysis, cached") / us("Drizzle, untracked")) * 100).toFixed(1)}% of a primary-key select through Drizzle`,
  );
  console.log(`all of tracking, guards included: ${(tracking * 100).toFixed(1)}% on top of it`);
}

async function callQuery(url: string, fn: string, args: unknown): Promise<Response> {
  const headers = { [HEADERS.key]: KEY, [HEADERS.intent]: "query" };
  return fetch(`${url}/rpc/${fn}`, { method: "POST", headers, body: JSON.stringify({ args }) });
}

async function timed(answer: Promise<Response>): Promise<number> {
  const start = performance.now();
  const response = await answer;
  if (!response.ok) throw new Error(await response.text());
  await response.text();
  return performance.now() - start;
}
