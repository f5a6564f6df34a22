/** From nothing to a first answer, for a pod that knows 500 statements: with the parser in its bundle, and without. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HEADERS } from "@edgepod/core/protocol";
import * as esbuild from "esbuild";
import workerd from "workerd";
import { freePort, untilReachable } from "./dev-server.ts";
import { median, table } from "./figures.ts";

const ROUNDS = 9;
const STATEMENTS = 500;
/** Longer than the pod takes to keep what it has learned. */
const KEPT_AFTER_MS = 2500;

export async function measureColdStarts(): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), "edgepod-cold-"));
  const scripts = {
    "with the parser": await bundle({ withParser: true }),
    "without it": await bundle({ withParser: false }),
  };
  try {
    await learn(scripts["with the parser"], state);
    for (const texts of [1, STATEMENTS]) {
      const times = { "with the parser": [] as number[], "without it": [] as number[] };
      for (let round = -1; round < ROUNDS; round += 1) {
        for (const name of ["with the parser", "without it"] as const) {
          const time = await firstAnswer(scripts[name], state, texts);
          if (round >= 0) times[name].push(time);
        }
      }
      const medians = {
        "with the parser": median(times["with the parser"]),
        "without it": median(times["without it"]),
      };
      table("ms to a first answer", medians);
      const ratio = (medians["with the parser"] / medians["without it"]).toFixed(2);
      console.log(
        `a pod that knows ${STATEMENTS} statements wakes and runs ${texts}: ${ratio} × the same without the parser`,
      );
    }
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

async function bundle({ withParser }: { withParser: boolean }): Promise<string> {
  const result = await esbuild.build({
    entryPoints: [join(import.meta.dirname, "worker/index.ts")],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    plugins: withParser
      ? []
      : [
          {
            name: "no-parser",
            setup(build) {
              build.onLoad({ filter: /grammar\.generated\.js$/ }, async ({ path }) => {
                const { ENGINE_BUILD } = (await import(path)) as { ENGINE_BUILD: string };
                const load = 'export const load = () => { throw new Error("a text was new"); };';
                return { contents: `${load} export const ENGINE_BUILD = ${JSON.stringify(ENGINE_BUILD)};` };
              });
            },
          },
        ],
  });
  return result.outputFiles[0]?.text ?? "";
}

/** Runs every statement twice, and waits until the pod has kept them. */
async function learn(script: string, folder: string): Promise<void> {
  const worker = await start(script, folder);
  for (const _ of [1, 2]) await select(worker.url, STATEMENTS);
  await new Promise((resolve) => setTimeout(resolve, KEPT_AFTER_MS));
  await worker.stop();
}

async function firstAnswer(script: string, folder: string, texts: number): Promise<number> {
  const begin = performance.now();
  const worker = await start(script, folder);
  await select(worker.url, texts);
  const time = performance.now() - begin;
  await worker.stop();
  return time;
}

/** Bare workerd, with nothing of wrangler's around it. */
async function start(script: string, folder: string): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const classes = ["Pod", "Bare", "Lab"];
  mkdirSync(join(folder, "data"), { recursive: true });
  writeFileSync(join(folder, "index.js"), script);
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "data", disk = (path = "data", writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed "index.js")],
  compatibilityDate = "2026-10-01",
  compatibilityFlags = ["nodejs_als"],
  durableObjectNamespaces = [${classes.map((name) => `(className = "${name}", uniqueKey = "${name}", enableSql = true)`).join(", ")}],
  durableObjectStorage = (localDisk = "data"),
  bindings = [${classes.map((name) => `(name = "${name.toUpperCase()}", durableObjectNamespace = "${name}")`).join(", ")}],
);
`,
  );
  const child = spawn(workerd.default, ["serve", "config.capnp"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const end = (): void => void child.kill();
  process.once("exit", end);
  const url = `http://127.0.0.1:${port}`;
  await untilReachable(url, 2);
  return {
    url,
    async stop() {
      process.off("exit", end);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      end();
      await ended;
    },
  };
}

async function select(url: string, texts: number): Promise<void> {
  const response = await fetch(`${url}/rpc/selectAnew`, {
    method: "POST",
    headers: { [HEADERS.key]: "ep_pk_bench", [HEADERS.intent]: "query" },
    body: JSON.stringify({ args: { texts } }),
  });
  if (!response.ok) throw new Error(await response.text());
  await response.text();
}
