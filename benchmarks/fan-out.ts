/** Commit to last signal: a pod with 100 watchers of one table, beside a bare loop over as many sockets. */
import { HEADERS, KEY_SUBPROTOCOL, SUBPROTOCOL } from "@edgepod/core/protocol";
import { startServer } from "./dev-server.ts";
import { median } from "./figures.ts";

const SOCKETS = 100;
const ROUNDS = 40;
const WARM_UP = 5;
const KEY = "ep_pk_bench";

/** Somebody who writes, and a crowd that hears of it. */
interface Side {
  readonly name: string;
  readonly times: number[];
  readonly write: () => Promise<number>;
  readonly sockets: readonly WebSocket[];
}

export async function fanOut(): Promise<void> {
  const server = await startServer();
  try {
    await measure(server.url);
  } finally {
    await server.stop();
  }
}

async function measure(url: string): Promise<void> {
  const pod: Side = {
    name: "pod",
    times: [],
    write: () => post(`${url}/rpc/tick`),
    sockets: await Promise.all(Array.from({ length: SOCKETS }, () => watch(url))),
  };
  const bare: Side = {
    name: "bare loop",
    times: [],
    write: () => post(`${url}/bare`),
    sockets: await Promise.all(
      Array.from({ length: SOCKETS }, () => opened(new WebSocket(`${url.replace("http", "ws")}/bare`))),
    ),
  };
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const side of [pod, bare]) {
      const time = await commitToLastSignal(side);
      if (round >= 0) side.times.push(time);
    }
  }
  for (const { sockets } of [pod, bare]) for (const socket of sockets) socket.close();
  console.table(
    Object.fromEntries(
      [pod, bare].map(({ name, times }) => [name, { "median ms": median(times), "max ms": Math.max(...times) }]),
    ),
  );
  const ratio = median(pod.times) / median(bare.times);
  console.log(
    `commit to last of ${SOCKETS} signals: ${median(pod.times).toFixed(1)} ms, ${ratio.toFixed(2)} × the bare loop`,
  );
}

async function commitToLastSignal({ write, sockets }: Side): Promise<number> {
  const last = Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }))),
  );
  const committed = await write();
  await last;
  const heard = performance.timeOrigin + performance.now();
  // So that no round's trailing flush is taken for the next one's signal.
  await new Promise((resolve) => setTimeout(resolve, 30));
  return heard - committed;
}

async function post(url: string): Promise<number> {
  const response = await fetch(url, { method: "POST", headers: { [HEADERS.key]: KEY }, body: "{}" });
  const { data } = (await response.json()) as { data: number };
  return data;
}

/** A socket of the pod whose session watches the table. */
async function watch(url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, [SUBPROTOCOL, `${KEY_SUBPROTOCOL}${KEY}`]);
  const hello = await new Promise<string>((resolve, reject) => {
    socket.addEventListener("message", ({ data }) => resolve(String(data)), { once: true });
    socket.addEventListener("error", () => reject(new Error("A socket couldn't be opened.")), { once: true });
  });
  const { session } = JSON.parse(hello) as { session: string };
  const headers = { [HEADERS.key]: KEY, [HEADERS.session]: session, [HEADERS.intent]: "query" };
  await fetch(`${url}/rpc/getTicks`, { method: "POST", headers, body: "{}" });
  return socket;
}

function opened(socket: WebSocket): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(socket), { once: true });
    socket.addEventListener("error", () => reject(new Error("A socket couldn't be opened.")), { once: true });
  });
}
