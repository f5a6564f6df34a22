/**
 * The seam between the client and the network. `http-transport.ts` is the real one; a test may put a fake here and
 * nowhere else.
 */
import type { Intent } from "./protocol/index.ts";

/** One call on its way to the pod. */
export interface TransportCall {
  /** The function; null for a batch of queries, whose body names a function for each. */
  readonly fn: string | null;
  /** The body, as JSON text. */
  readonly body: string;
  readonly intent: Intent;
  readonly token: string | null;
  readonly session: string | null;
  /** The idempotency key of a call that may write; null for a query. */
  readonly key: string | null;
  readonly signal: AbortSignal;
}

/** What came back, whatever its HTTP status says: the parsed body, and when to try again if the server said so. */
export interface TransportAnswer {
  readonly body: unknown;
  readonly retryAfterMs: number | null;
}

/** What a connection tells its owner. It reconnects by itself; `closed` is also told of an attempt that failed. */
export interface ConnectionEvents {
  /** Asked before every attempt to connect. */
  readonly token: () => Promise<string | null>;
  readonly opened: () => void;
  readonly received: (text: string) => void;
  readonly closed: () => void;
}

/** One WebSocket after another, until it is closed. */
export interface Connection {
  send(text: string): void;
  /** Gives the present socket up and opens another. */
  reconnect(): void;
  close(): void;
}

export interface Transport {
  /**
   * @throws EdgePodError `NETWORK` when no answer came, `ABORTED` when `signal` fired.
   */
  call(call: TransportCall): Promise<TransportAnswer>;
  connect(events: ConnectionEvents): Connection;
}
