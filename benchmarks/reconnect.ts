/**
 * What a thousand clients fetch when their pod is started again under them. They are `@edgepod/core` as it is, in one Node
 * process, over real HTTP and sockets; a restart of workerd with the same build over the same data is the redeploy.
 */
import { createClient, createHttpTransport, createQueryObserver } from "@edgepod/core";
import type { Client, Transport } from "@edgepod/core";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, startServer } from "./dev-server.ts";
import type { DevServer } from "./dev-server.ts";
import { median } from "./figures.ts";

const CLIENTS = 1000;
const TABLES = 20;
/** Clients that come at a time: their arrival isn't what is measured. */
const AT_A_TIME = 50;
const KEY = "ep_pk_bench";
/** Whoever isn't back by then doesn't come back. */
const PATIENCE_MS = 60_000;
/** Whatever a `hello` makes clients do, they have done after so much silence. */
const QUIET_MS = 2_000;

/** What is asked of the pod here; the Worker's own types don't go together with Node's. */
interface Functions {
  getShelf(ctx: { readonly db: object; readonly unsafeRawDb: object }, args: { shelf: number }): Promise<unknown>;
}

interface Reader {
  readonly client: Client<Functions>;
  readonly table: number;
  fetches: number;
}

interface Round {
  readonly name: string;
  readonly expected: number;
  readonly refetches: number;
  readonly strangers: number;
  readonly times: readonly number[];
}

export async function reconnect(): Promise<void> {
  const server = await startServer();
  const readers = Array.from({ length: CLIENTS }, (_, at) => come(server.url, at % TABLES));
  try {
    for (let at = 0; at < CLIENTS; at += AT_A_TIME) {
      const some = readers.slice(at, at + AT_A_TIME);
      for (const reader of some) look(reader);
      await until(() => some.every(({ client, fetches }) => client.status === "connected" && fetches > 0));
    }
    const rounds = [
      await redeploy(server, readers, { name: "nothing changed", changed: null }),
      await redeploy(server, readers, { name: "one table of twenty changed", changed: 7 }),
    ];
    report(rounds);
  } finally {
    for (const { client } of readers) client.close();
    await server.stop();
  }
}

/** Ends the pod, has a table written while nobody is connected, starts it again and counts what is fetched. */
async function redeploy(
  server: DevServer,
  readers: readonly Reader[],
  { name, changed }: { readonly name: string; readonly changed: number | null },
): Promise<Round> {
  await server.down();
  await until(() => readers.every(({ client }) => client.status === "disconnected"));
  if (changed !== null) {
    // At an address that no client knows, so that all of them miss it.
    await fill(await server.up(await freePort()), changed);
    await server.down();
  }
  const before = readers.map(({ fetches }) => fetches);
  await server.up();
  const began = performance.now();
  const back = new Map<Reader, number>();
  await until(() => {
    for (const reader of readers) {
      if (!back.has(reader) && reader.client.status === "connected") back.set(reader, performance.now() - began);
    }
    return back.size === readers.length;
  });
  await sleep(QUIET_MS);
  const refetched = readers.map(({ table, fetches }, at) => ({ table, fetches: fetches - (before[at] ?? 0) }));
  return {
    name,
    expected: changed === null ? 0 : readers.filter(({ table }) => table === changed).length,
    refetches: sum(refetched),
    strangers: sum(refetched.filter(({ table }) => table !== changed)),
    times: [...back.values()],
  };
}

function report(rounds: readonly Round[]): void {
  console.table(
    Object.fromEntries(
      rounds.map(({ name, expected, refetches, strangers, times }) => [
        name,
        {
          clients: CLIENTS,
          refetches,
          "its readers": expected,
          "by others": strangers,
          "median s": seconds(median(times)),
          "last s": seconds(Math.max(...times)),
        },
      ]),
    ),
  );
  for (const { name, expected, refetches, strangers } of rounds) {
    const isRight = refetches === expected && strangers === 0;
    console.log(
      `redeploy of the same build, ${name}: ${refetches} refetches by ${CLIENTS} clients, ${expected} needed`,
    );
    if (!isRight) process.exitCode = 1;
  }
}

function come(url: string, table: number): Reader {
  const network = createHttpTransport({ url, apiKey: KEY });
  const counted: Transport = {
    call: (call) => {
      reader.fetches += 1;
      return network.call(call);
    },
    connect: (events) => network.connect(events),
  };
  const reader: Reader = {
    client: createClient<Functions>({ url, apiKey: KEY, transport: counted }),
    table,
    fetches: 0,
  };
  return reader;
}

function look({ client, table }: Reader): void {
  createQueryObserver(client, "getShelf", { shelf: table }).subscribe(() => undefined);
}

async function fill(url: string, shelf: number): Promise<void> {
  const response = await fetch(`${url}/rpc/fillShelf`, {
    method: "POST",
    headers: { "x-edgepod-key": KEY },
    body: JSON.stringify({ args: { shelf } }),
  });
  if (!response.ok) throw new Error(`The table couldn't be written: ${await response.text()}`);
}

async function until(check: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`Still not so after ${PATIENCE_MS / 1000} s.`);
    await sleep(20);
  }
}

function sum(of: readonly { readonly fetches: number }[]): number {
  return of.reduce((total, { fetches }) => total + fetches, 0);
}

function seconds(ms: number): number {
  return Number((ms / 1000).toFixed(1));
}
