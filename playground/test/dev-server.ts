/** The playground's own dev server, as `pnpm start` runs it, with a database of its own. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(import.meta.dirname, "..");
const vite = join(dirname(fileURLToPath(import.meta.resolve("vite/package.json"))), "bin/vite.js");
const START_WITHIN_MS = 90_000;

export interface DevServer {
  readonly url: string;
  readonly port: number;
  /** Everything that it printed. */
  output(): string;
  /** Ends it and every process that it started. What the pod holds stays. */
  stop(): Promise<void>;
}

export interface DevServerOptions {
  /** The folder of the pod's data. */
  readonly state: string;
  /** A wrangler configuration in place of the playground's, relative to it. */
  readonly worker?: string;
}

export async function startDevServer({ state, worker }: DevServerOptions): Promise<DevServer> {
  const port = await freePort();
  const server = spawn(process.execPath, [vite, "--port", String(port), "--strictPort", "--clearScreen", "false"], {
    cwd: root,
    env: { ...process.env, PLAYGROUND_STATE: state, ...(worker !== undefined && { PLAYGROUND_WORKER: worker }) },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: vite leaves workerd alive when it is told to stop, a signal to the group ends both.
    detached: true,
  });
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => {
      reject(new Error(`The dev server ${why}. It printed:\n${output}`));
    };
    const timer = setTimeout(() => {
      signalGroup(server, "SIGKILL");
      fail(`wasn't ready after ${START_WITHIN_MS / 1000} s`);
    }, START_WITHIN_MS);
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
      const address = /EdgePod playground: (http:\/\/\S+)/.exec(output)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    server.stdout.on("data", collect);
    server.stderr.on("data", collect);
    server.once("exit", (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
  });
  return {
    url,
    port,
    output: () => output,
    stop: () => stop(server),
  };
}

/** A folder for a pod's data, which the test run leaves nothing of. */
export async function temporaryState(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "edgepod-playground-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

async function stop(server: ChildProcess): Promise<void> {
  const ended = server.exitCode !== null || server.signalCode !== null ? Promise.resolve() : once(server, "exit");
  signalGroup(server, "SIGTERM");
  const timer = setTimeout(() => {
    signalGroup(server, "SIGKILL");
  }, 5000);
  await ended;
  clearTimeout(timer);
  await groupIsGone(server);
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    // Windows has no groups; what is left of the server there ends with the test run.
    process.kill(process.platform === "win32" ? pid : -pid, signal);
    return true;
  } catch {
    return false; // Already gone.
  }
}

/** workerd writes its database until it ends: a server that starts before that may find it locked. */
async function groupIsGone(server: ChildProcess): Promise<void> {
  for (let attempt = 0; signalGroup(server, 0); attempt += 1) {
    if (attempt === 100) signalGroup(server, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "localhost");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}
