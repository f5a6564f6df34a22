/** The names and numbers that both ends must agree on before the first byte. */

/** Number of the wire protocol that this code speaks. */
export const PROTOCOL_VERSION = 1;

/** The WebSocket subprotocol that a pod accepts and echoes. */
export const SUBPROTOCOL: string = `edgepod.v${PROTOCOL_VERSION}`;

/** Browsers can't set headers on a WebSocket, and a URL ends up in logs: key and token travel as subprotocols. */
export const KEY_SUBPROTOCOL = "edgepod.key.";
export const TOKEN_SUBPROTOCOL = "edgepod.token.";

/** Request headers, lower-case. */
export const HEADERS = {
  key: "x-edgepod-key",
  session: "x-edgepod-session",
  intent: "x-edgepod-intent",
  idempotencyKey: "idempotency-key",
} as const;

/** The dependency that stands for the whole database. */
export const EVERYTHING = "*";

/** What a client sends to see whether anybody is there, and what the runtime answers without waking the pod. */
export const PING = "ping";
export const PONG = "pong";

/** At most this many calls in one batch. */
export const MAX_BATCH = 32;
