/**
 * A pod at the transport seam: functions that say which tables they touch, versions that count up, and one socket that
 * says what went stale. It keeps the protocol's rules and knows nothing of SQL.
 */
import { EdgePodError } from "@edgepod/core";
import type { Connection, ConnectionEvents, Transport, TransportAnswer, TransportCall } from "@edgepod/core";
import { datesIn, revive } from "./special-values.ts";
import type { SpecialValues } from "./special-values.ts";

/** What a function of the fake gives back, and what it touched. */
export interface Outcome {
  readonly data?: unknown;
  /** In place of data: a no, of somebody who has read. */
  readonly failure?: EdgePodError;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
}

export type Handler = (args: never, token: string | null) => Outcome;

interface Entry {
  readonly fn: string;
  readonly args?: unknown;
  readonly types?: SpecialValues;
}

/** What becomes of a request: it is lost on its way, or its answer is. */
type Loss = "request" | "answer";

export class FakePod implements Transport {
  /** Every request that arrived, such as `getTask {"id":1}`, or `getTasks + getNotes` for a batch. */
  readonly calls: string[] = [];
  /** A function that fails, whatever it is called with. */
  failing: string | null = null;
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #versions = new Map<string, number>();
  #version = 1;
  #events: ConnectionEvents | null = null;
  #session: { readonly id: string; n: number; readonly watches: Set<string> } | null = null;
  #sessions = 0;
  #isShut = false;
  #isAsleep = false;
  #epoch = 1;
  #gate: Promise<void> = Promise.resolve();
  #answerGate: Promise<void> = Promise.resolve();
  readonly #losses: Loss[] = [];
  /** What has been answered under an idempotency key. */
  readonly #answered = new Map<string, unknown>();

  constructor(handlers: Readonly<Record<string, Handler>>) {
    this.#handlers = handlers;
  }

  /** Keeps every request that comes from now on waiting until what it returns is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }

  /** Runs every request that comes from now on, but keeps its answer back until what it returns is called. */
  delay(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#answerGate = promise;
    return resolve;
  }

  /** Requests, or their answers, that the network loses from now on. */
  lose(...losses: Loss[]): void {
    this.#losses.push(...losses);
  }

  /** Somebody else writes these tables. */
  write(...tables: string[]): void {
    const version = (this.#version += 1);
    for (const table of tables) this.#versions.set(table, version);
    const watched = tables.filter((table) => this.#session?.watches.has(table));
    if (watched.length > 0) this.#say({ type: "stale", tables: watched, version });
  }

  /** Signals are lost from now on, though the socket looks open. */
  sleep(): void {
    this.#isAsleep = true;
  }

  /** The socket hears again, and says nothing of what it has missed. */
  wake(): void {
    this.#isAsleep = false;
  }

  /** The data is restored to an older state, in which every version begins anew. */
  restore(): void {
    this.#epoch += 1;
    this.#version = 1;
    this.#versions.clear();
    this.cut();
    this.open();
  }

  /** Lets no socket in until `open`. */
  shut(): void {
    this.#isShut = true;
  }

  /** Lets sockets in again that ask to be. */
  admit(): void {
    this.#isShut = false;
  }

  /** The socket opens, or opens again. */
  open(): void {
    this.#isShut = false;
    this.#session = { id: `session-${(this.#sessions += 1)}`, n: 0, watches: new Set() };
    this.#events?.opened();
    this.#say({ type: "hello", session: this.#session.id, epoch: this.#epochName, version: this.#version });
  }

  /** The socket is gone, until `open`. */
  cut(): void {
    this.#isShut = true;
    this.#session = null;
    this.#events?.closed();
  }

  async call({ fn, body, session, token, key }: TransportCall): Promise<TransportAnswer> {
    const parsed = JSON.parse(body) as Entry | Entry[];
    const entries = Array.isArray(parsed) ? parsed : [{ ...parsed, fn: fn ?? "" }];
    const names = entries.map(({ fn: name, args }) => (args === undefined ? name : `${name} ${JSON.stringify(args)}`));
    this.calls.push(names.join(" + "));
    const loss = this.#losses.shift();
    const answerGate = this.#answerGate;
    await this.#gate;
    if (loss === "request") throw new EdgePodError("NETWORK", "No answer.");
    const again = key === null ? undefined : this.#answered.get(key);
    const answers = again ?? entries.map((entry) => this.#answer(entry, token, session));
    if (key !== null) this.#answered.set(key, answers);
    if (loss === "answer") throw new EdgePodError("NETWORK", "No answer.");
    // A copy, as if it had travelled.
    const copy = JSON.parse(JSON.stringify(answers)) as unknown[];
    await answerGate;
    return { body: fn === null ? copy : copy[0], retryAfterMs: null };
  }

  connect(events: ConnectionEvents): Connection {
    const connect = (): void => {
      this.#events = events;
      // Every connection asks for the token anew, as the real transport does.
      void this.#openOnce(events);
    };
    connect();
    return {
      send: (text) => {
        this.#hear(text);
      },
      reconnect: connect,
      close: () => {
        this.#session = null;
        this.#events = null;
      },
    };
  }

  async #openOnce(events: ConnectionEvents): Promise<void> {
    await events.token();
    if (!this.#isShut) this.open();
  }

  #answer({ fn, args, types }: Entry, token: string | null, session: string | null): unknown {
    const version = this.#version;
    try {
      const handler = this.#handlers[fn];
      if (!handler) throw new EdgePodError("UNKNOWN_FUNCTION", `Unknown function "${fn}".`);
      if (fn === this.failing) throw new EdgePodError("INTERNAL", "The function failed.");
      const { data, failure, reads = [], writes = [] } = handler(revive(args, types) as never, token);
      const isHeard = this.#session !== null && this.#session.id === session;
      if (isHeard) for (const table of reads) this.#session?.watches.add(table);
      const watched = isHeard ? { session, n: this.#session?.n } : null;
      if (writes.length > 0) this.write(...writes);
      const meta = {
        epoch: this.#epochName,
        version: writes.length > 0 ? this.#version : version,
        reads: this.#versionsOf(reads),
        writes: this.#versionsOf(writes),
        watched,
      };
      if (failure) return { ...failure.toFailure(), meta };
      return { data, types: datesIn(data), meta, warnings: [] };
    } catch (error) {
      if (error instanceof EdgePodError) return error.toFailure();
      throw error;
    }
  }

  #hear(text: string): void {
    const session = this.#session;
    if (!session || this.#isAsleep) return;
    if (text === "ping") {
      this.#events?.received("pong");
      return;
    }
    const { n, add, drop } = JSON.parse(text) as { n: number; add: Record<string, number>; drop: string[] };
    session.n = n;
    for (const table of Object.keys(add)) session.watches.add(table);
    for (const table of drop) session.watches.delete(table);
    const missed = Object.keys(add).filter((table) => add[table] !== (this.#versions.get(table) ?? 0));
    if (missed.length > 0) this.#say({ type: "stale", tables: missed, version: this.#version });
  }

  #versionsOf(tables: readonly string[]): Record<string, number> {
    return Object.fromEntries(tables.map((table) => [table, this.#versions.get(table) ?? 0]));
  }

  get #epochName(): string {
    return `epoch-${this.#epoch}`;
  }

  #say(frame: object): void {
    if (this.#isAsleep) return;
    this.#events?.received(JSON.stringify(frame));
  }
}
