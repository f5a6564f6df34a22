/**
 * The client's one socket: passes what the pod says to the read sets, says what they have to say, and knows whether
 * anybody is there. Leaves reconnecting to the transport and refetching to the client.
 */
import { PING, PONG, parseServerFrame } from "./protocol/index.ts";
import type { StaleTables } from "./protocol/index.ts";
import type { Consequence, ReadSets } from "./read-sets.ts";
import type { Connection, Transport } from "./transport.ts";

/** `connecting` until the first `hello`; `disconnected` from a socket's end to the next `hello`. */
export type Status = "connecting" | "connected" | "disconnected";

/** What the socket tells the client, and asks of it. */
export interface SocketEvents {
  /** Milliseconds of silence after which the pod is asked for a sign of life; 20 seconds if it isn't said. */
  readonly heartbeatMs: number | undefined;
  readonly token: () => Promise<string | null>;
  readonly statusChanged: (status: Status) => void;
  /** Held answers have become outdated: by a signal, or, where that is null, because of the epoch that `hello` named. */
  readonly outdated: (keys: readonly string[], signal: { tables: StaleTables; version: number } | null) => void;
}

const HEARTBEAT_MS = 20_000;
/** How long a socket that has opened, or a page that has come back, waits for a sign of life. */
const PROBE_MS = 5_000;
/** A timer that is so late was stopped: the page was frozen, or the machine slept. */
const LATE_MS = 10_000;

export class PodSocket {
  readonly #transport: Transport;
  readonly #sets: ReadSets;
  readonly #events: SocketEvents;
  #connection: Connection | null = null;
  #status: Status = "connecting";
  /** The read sets' moment at which the present socket was asked for. */
  #moment = 0;
  #nextBeat: ReturnType<typeof setTimeout> | undefined;
  #isAnswered = true;
  #isSaying = false;

  constructor(transport: Transport, sets: ReadSets, events: SocketEvents) {
    this.#transport = transport;
    this.#sets = sets;
    this.#events = events;
  }

  get #heartbeatMs(): number {
    return this.#events.heartbeatMs ?? HEARTBEAT_MS;
  }

  get status(): Status {
    return this.#status;
  }

  /** Connects, unless that has happened already. */
  open(): void {
    if (this.#connection) return;
    this.#connection = this.#transport.connect({
      token: async () => {
        const token = await this.#events.token();
        this.#moment = this.#sets.moment;
        return token;
      },
      opened: () => {
        // Open isn't greeted: a socket whose other end is gone already would be waited for in vain.
        this.#isAnswered = false;
        this.#beatIn(PROBE_MS);
      },
      received: (text) => {
        this.#receive(text);
      },
      closed: () => {
        this.#lose();
      },
    });
  }

  /** Sends the read sets' next `watch`, once for all that is said in this turn. */
  say(): void {
    if (this.#isSaying) return;
    this.#isSaying = true;
    queueMicrotask(() => {
      this.#isSaying = false;
      const frame = this.#status === "connected" ? this.#sets.takeWatch() : null;
      if (frame) this.#connection?.send(JSON.stringify(frame));
    });
  }

  /** After a pause of the page: asks what was missed, and whether the socket is still alive. */
  resume(): void {
    if (this.#status === "disconnected") this.#connection?.reconnect();
    if (this.#status !== "connected") return;
    this.#sets.sayAll();
    this.say();
    this.#ask();
    this.#beatIn(PROBE_MS);
  }

  /** Gives the socket up until `resume`. */
  pause(): void {
    if (!this.#connection) return;
    this.#connection.close();
    this.#lose();
  }

  /** Another identity: another socket. */
  reconnect(): void {
    if (!this.#connection) return;
    this.#lose();
    this.#connection.reconnect();
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
    this.#lose();
  }

  #receive(text: string): void {
    this.#isAnswered = true;
    if (text === PONG) return;
    const frame = parseServerFrame(text);
    if (frame?.type === "hello") {
      const consequence: Consequence = this.#sets.hello(frame, this.#moment);
      if (consequence === "ask again") {
        this.reconnect();
        return;
      }
      // What this socket says from now on is of this epoch or of one that began later.
      this.#moment = this.#sets.moment;
      this.#beatIn(this.#heartbeatMs);
      this.#setStatus("connected");
      this.say();
      this.#events.outdated(consequence.outdated, null);
    } else if (frame?.type === "stale") {
      const { tables, version } = frame;
      this.#events.outdated(this.#sets.stale(tables, version), { tables, version });
    }
  }

  #lose(): void {
    clearTimeout(this.#nextBeat);
    this.#sets.goodbye();
    this.#setStatus("disconnected");
  }

  /** A socket may look open for minutes after its other end has gone: nothing heard between two beats means it has. */
  #beatIn(ms: number): void {
    clearTimeout(this.#nextBeat);
    const due = Date.now() + ms;
    this.#nextBeat = setTimeout(() => {
      const isLate = Date.now() - due > LATE_MS;
      // Late and unanswered doesn't mean that nobody answered: the answer may stand behind this timer.
      if (this.#isAnswered || isLate) {
        this.#ask();
        this.#beatIn(isLate ? PROBE_MS : this.#heartbeatMs);
      } else {
        this.reconnect();
      }
    }, ms);
  }

  #ask(): void {
    this.#isAnswered = false;
    this.#connection?.send(PING);
  }

  #setStatus(status: Status): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#events.statusChanged(status);
  }
}
