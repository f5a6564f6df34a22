/** An app with its pod, and people who use it: real clients over real calls and sockets, which a test may hold up. */
import { createClient, createHttpTransport, createQueryObserver } from "@edgepod/core";
import type {
  Client,
  ClientEvent,
  Connection,
  FunctionName,
  QueryOptions,
  Transport,
  TransportAnswer,
  TransportCall,
} from "@edgepod/core";
import { EdgePodError } from "@edgepod/core/protocol";
import { evictDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, vi } from "vitest";
import type * as functions from "../app/functions.ts";
import { API_KEY } from "../worker.ts";
import { WorkerdWebSocket } from "./workerd-socket.ts";

type Functions = typeof functions;

const open = new Set<Client<Functions>>();
afterEach(() => {
  for (const client of open) client.close();
  open.clear();
});

let pods = 0;

/** A fresh pod. */
export function createApp() {
  pods += 1;
  const pod = `pod-${pods}-${crypto.randomUUID().slice(0, 8)}.test`;
  return {
    pod,
    stub: () => env.POD.getByName(pod),
    /** A client of the pod, whose network the test holds in its hands. */
    visit: (options: { getToken?: () => string | null } = {}) => visit(pod, options),
    /** The pod falls asleep; its sockets stay. */
    sleep: () => evictDurableObject(env.POD.getByName(pod)),
    /** Whether the pod slept already. From now on it does, or as soon as it has nothing more to do. */
    slept: () => {
      const evicted = evictDurableObject(env.POD.getByName(pod));
      // One that can't be evicted at once is kept awake by something.
      const isBusy = new Promise<boolean>((resolve) => void setTimeout(resolve, 1000, false));
      return Promise.race([
        isBusy,
        evicted.then(
          () => false,
          () => true,
        ),
      ]);
    },
    /** The bare HTTP call. */
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      exports.default.fetch(`https://${pod}${path}`, {
        method: "POST",
        headers: { "x-edgepod-key": API_KEY, ...headers },
        body: JSON.stringify(body),
      }),
  };
}

/** One client, what it asked for, and the handles that its network has. */
export interface Visitor {
  readonly client: Client<Functions>;
  readonly network: Network;
  readonly events: readonly ClientEvent[];
  /** Looks at a query, as a component does. */
  look(fn: FunctionName<Functions>, args?: unknown): Look;
}

export interface Look {
  readonly data: () => unknown;
  readonly error: () => EdgePodError | null;
  /** Looks away; the answer stays in the cache. */
  readonly leave: () => void;
  /** Looks away, and the cache forgets the answer. */
  readonly forget: () => void;
}

type AnyFunctions = Readonly<Record<string, (context: never, args: unknown) => Promise<unknown>>>;

function visit(pod: string, { getToken }: { getToken?: () => string | null }): Visitor {
  const url = `https://${pod}`;
  const network = new Network(
    createHttpTransport({
      url,
      apiKey: API_KEY,
      fetch: (input, init) => exports.default.fetch(input, init),
      WebSocket: WorkerdWebSocket,
    }),
  );
  const client = createClient<Functions>({ url, apiKey: API_KEY, transport: network, ...(getToken && { getToken }) });
  open.add(client);
  const events: ClientEvent[] = [];
  client.subscribe((event) => void events.push(event));
  const queryOptions = client.queryOptions.bind(client) as (fn: string, args: unknown) => QueryOptions<unknown>;
  const look = (fn: string, args?: unknown): Look => {
    const { queryKey } = queryOptions(fn, args);
    const observer = createQueryObserver(client as Client<AnyFunctions>, fn, args);
    const leave = observer.subscribe(() => undefined);
    return {
      data: (): unknown => observer.read().data,
      error: () => observer.read().error,
      leave,
      forget: () => {
        leave();
        client.queryClient.removeQueries({ queryKey, exact: true });
      },
    };
  };
  return { client, network, events, look };
}

/** The network between a client and its pod. Passes everything on, until a test says otherwise. */
class Network implements Transport {
  /** The functions called, in the order in which the calls left, those of a batch one by one. */
  readonly calls: string[] = [];
  /** The same, each request with the functions that went in it. */
  readonly requests: (readonly string[])[] = [];
  /** The texts that came over the socket. */
  readonly heard: string[] = [];
  readonly said: string[] = [];
  readonly #inner: Transport;
  readonly #held = new Map<string, Promise<void>>();
  readonly #lost = new Set<string>();
  #connection: Connection | null = null;
  #isSocketHeld: Promise<void> | null = null;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /** From now on answers to `fn` wait on their way back. Returns what lets them through. */
  holdAnswersOf(fn: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.set(fn, promise);
    return () => {
      this.#held.delete(fn);
      resolve();
    };
  }

  /** The next answer to `fn` never arrives. */
  loseAnswerOf(fn: string): void {
    this.#lost.add(fn);
  }

  /** No socket opens until what this returns is called. */
  holdSocket(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#isSocketHeld = promise;
    return () => {
      this.#isSocketHeld = null;
      resolve();
    };
  }

  /** Says something over the socket in the client's place. */
  say(text: string): void {
    this.#connection?.send(text);
  }

  /** The socket breaks; the client finds its way back by itself. */
  cutSocket(): void {
    this.#connection?.reconnect();
  }

  count(fn: string): number {
    return this.calls.filter((name) => name === fn).length;
  }

  async call(call: TransportCall): Promise<TransportAnswer> {
    const names = namesOf(call);
    this.calls.push(...names);
    this.requests.push(names);
    const answer = await this.#inner.call(call);
    // Not `some`: each of them has been lost.
    if (names.filter((name) => this.#lost.delete(name)).length > 0) {
      throw new EdgePodError("NETWORK", "The answer was lost.");
    }
    await Promise.all(names.flatMap((name) => this.#held.get(name) ?? []));
    return answer;
  }

  connect(events: Parameters<Transport["connect"]>[0]): Connection {
    const connection = this.#inner.connect({
      ...events,
      token: async () => {
        await this.#isSocketHeld;
        return events.token();
      },
      received: (text) => {
        this.heard.push(text);
        events.received(text);
      },
    });
    this.#connection = {
      ...connection,
      send: (text) => {
        this.said.push(text);
        connection.send(text);
      },
    };
    return this.#connection;
  }
}

function namesOf({ fn, body }: TransportCall): string[] {
  return fn === null ? (JSON.parse(body) as { fn: string }[]).map((entry) => entry.fn) : [fn];
}

/** Waits until `check` stops throwing. */
export async function until(check: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: 4000, interval: 5 });
}

/** Waits until the visitor's socket has been greeted. */
export async function connected({ client }: Visitor): Promise<void> {
  await until(() => {
    expect(client.status).toBe("connected");
  });
}

/** Long enough for whatever is under way to arrive, so that "nothing more happened" can be said. */
export async function quiet(): Promise<void> {
  await new Promise((resolve) => void setTimeout(resolve, 150));
}
