/** A workerd with the Worker under load, on loopback, with a database of its own that goes with it. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface DevServer {
  /** Such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Ends workerd and leaves what it holds. Its sockets break. */
  down(): Promise<void>;
  /** Starts it again: the same build over the same data, at the same address or at another one. Resolves to that. */
  up(port?: number): Promise<string>;
  stop(): Promise<void>;
}

const START_MS = 60_000;

export async function startServer(): Promise<DevServer> {
  const port = await freePort();
  const state = mkdtempSync(join(tmpdir(), "edgepod-bench-"));
  let running: ChildProcess | null = null;
  const end = (): void => {
    if (running?.pid !== undefined && running.exitCode === null) process.kill(-running.pid, "SIGTERM");
  };
  process.once("exit", end);
  const up = async (at = port): Promise<string> => {
    running = spawnWrangler(at, state);
    const url = `http://127.0.0.1:${at}`;
    await untilReachable(url);
    return url;
  };
  const down = async (): Promise<void> => {
    const { pid } = running ?? {};
    const ended = new Promise((resolve) => running?.once("exit", resolve));
    end();
    await ended;
    running = null;
    // wrangler is gone before workerd is, which holds the port and the database.
    if (pid !== undefined) await groupIsGone(pid);
  };
  return {
    url: await up(),
    up,
    down,
    async stop() {
      await down();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function spawnWrangler(port: number, state: string): ChildProcess {
  const wrangler = join(import.meta.dirname, "node_modules/wrangler/bin/wrangler.js");
  return spawn(
    process.execPath,
    [wrangler, "dev", "--ip", "127.0.0.1", "--port", String(port), "--persist-to", state, "--log-level", "error"],
    {
      cwd: join(import.meta.dirname, "worker"),
      // A group of its own: wrangler leaves workerd alive when only wrangler is ended.
      detached: true,
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", CI: "true" },
    },
  );
}

async function groupIsGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(-pid, 0);
    } catch {
      return;
    }
    await sleep(50);
  }
}

/** Waits until something answers, asking every `everyMs` milliseconds. */
export async function untilReachable(url: string, everyMs = 100): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(everyMs);
  }
  throw new Error(`workerd didn't start within ${START_MS / 1000} s.`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  server.close();
  if (typeof address !== "object" || address === null) throw new Error("No port is free.");
  return address.port;
}
