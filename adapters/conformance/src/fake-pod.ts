/**
 * A pod at the transport seam: functions that say which tables they touch, versions that count up, and one socket that
 * says what went stale. It keeps the protocol's rules and knows nothing of SQL.
 */
import { EdgePodError } from "@edgepod/core";
import type { Connection, ConnectionEvents, Transport, TransportAnswer, TransportCall } from "@edgepod/core";

/** What a function of the fake gives back, and what it touched. */
export interface Outcome {
  readonly data: unknown;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
}

export type Handler = (args: never) => Outcome;

interface Entry {
  readonly fn: string;
  readonly args?: never;
}

export class FakePod implements Transport {
  /** Every request that arrived, such as `getTask {"id":1}`, or `getTasks + getNotes` for a batch. */
  readonly calls: string[] = [];
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #versions = new Map<string, number>();
  #version = 1;
  #events: ConnectionEvents | null = null;
  #session: { readonly id: string; n: number; readonly watches: Set<string> } | null = null;
  #sessions = 0;
  #isShut = false;
  #gate: Promise<void> = Promise.resolve();

  constructor(handlers: Readonly<Record<string, Handler>>) {
    this.#handlers = handlers;
  }

  /** Keeps every answer back until what it returns is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }

  /** Somebody else writes these tables. */
  write(...tables: string[]): void {
    const version = (this.#version += 1);
    for (const table of tables) this.#versions.set(table, version);
    const watched = tables.filter((table) => this.#session?.watches.has(table));
    if (watched.length > 0) this.#say({ type: "stale", tables: watched, version });
  }

  /** Lets no socket in until `open`. */
  shut(): void {
    this.#isShut = true;
  }

  /** The socket opens, or opens again. */
  open(): void {
    this.#session = { id: `session-${(this.#sessions += 1)}`, n: 0, watches: new Set() };
    this.#events?.opened();
    this.#say({ type: "hello", session: this.#session.id, epoch: "epoch", version: this.#version });
  }

  /** The socket is gone, until `open`. */
  cut(): void {
    this.#session = null;
    this.#events?.closed();
  }

  async call({ fn, body, session }: TransportCall): Promise<TransportAnswer> {
    const parsed = JSON.parse(body) as Entry | Entry[];
    const entries = Array.isArray(parsed) ? parsed : [{ ...parsed, fn: fn ?? "" }];
    const names = entries.map((entry) =>
      entry.args === undefined ? entry.fn : `${entry.fn} ${JSON.stringify(entry.args)}`,
    );
    this.calls.push(names.join(" + "));
    await this.#gate;
    const answers = entries.map((entry) => this.#answer(entry.fn, entry.args, session));
    // A copy, as if it had travelled.
    return { body: JSON.parse(JSON.stringify(fn === null ? answers : answers[0])) as unknown, retryAfterMs: null };
  }

  connect(events: ConnectionEvents): Connection {
    this.#events = events;
    void this.#openOnce(events);
    return {
      send: (text) => {
        this.#hear(text);
      },
      reconnect: () => {
        // Every connection asks for the token anew, as the real transport does.
        void this.#openOnce(events);
      },
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

  #answer(fn: string, args: unknown, session: string | null): unknown {
    const version = this.#version;
    try {
      const handler = this.#handlers[fn];
      if (!handler) throw new EdgePodError("UNKNOWN_FUNCTION", `Unknown function "${fn}".`);
      const { data, reads = [], writes = [] } = handler(args as never);
      const isHeard = this.#session !== null && this.#session.id === session;
      if (isHeard) for (const table of reads) this.#session?.watches.add(table);
      const watched = isHeard ? { session, n: this.#session?.n } : null;
      if (writes.length > 0) this.write(...writes);
      const meta = {
        epoch: "epoch",
        version: writes.length > 0 ? this.#version : version,
        reads: this.#versionsOf(reads),
        writes: this.#versionsOf(writes),
        watched,
      };
      return { data, meta, warnings: [] };
    } catch (error) {
      if (error instanceof EdgePodError) return error.toFailure();
      throw error;
    }
  }

  #hear(text: string): void {
    const session = this.#session;
    if (!session || text === "ping") return;
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

  #say(frame: object): void {
    this.#events?.received(JSON.stringify(frame));
  }
}
