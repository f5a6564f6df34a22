/** A workerd with the Worker under load, on loopback, with a database of its own that goes with it. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface DevServer {
  /** Such as `http://127.0.0.1:8787`. */
  readonly url: string;
  stop(): Promise<void>;
}

const START_MS = 60_000;

export async function startServer(): Promise<DevServer> {
  const port = await freePort();
  const state = mkdtempSync(join(tmpdir(), "edgepod-bench-"));
  const wrangler = join(import.meta.dirname, "node_modules/wrangler/bin/wrangler.js");
  const child = spawn(
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
  const end = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGTERM");
  };
  process.once("exit", end);
  const url = `http://127.0.0.1:${port}`;
  await untilReachable(url);
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      end();
      await ended;
      rmSync(state, { recursive: true, force: true });
    },
  };
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
