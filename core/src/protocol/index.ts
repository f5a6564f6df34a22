/** The wire protocol: what a client and a pod say to each other. Pure; imports nothing from a platform. */
export { parseAnswer } from "./answers.ts";
export { createCallKey, firstKeyOf, madeAt, parseCallKey } from "./call-key.ts";
export { EdgePodError, isErrorCode } from "./errors.ts";
export { parseClientFrame, parseServerFrame } from "./frames.ts";
export { isRecord } from "./guards.ts";
export {
  EVERYTHING,
  HEADERS,
  KEY_SUBPROTOCOL,
  MAX_BATCH,
  PING,
  PONG,
  PROTOCOL_VERSION,
  SUBPROTOCOL,
  TOKEN_SUBPROTOCOL,
} from "./version.ts";

export type { FailedAnswer } from "./answers.ts";
export type { ErrorCode } from "./errors.ts";
export type { Kind } from "./kind.ts";
export type {
  Answer,
  BatchAnswer,
  BatchBody,
  BatchCall,
  CallBody,
  ClientFrame,
  Failure,
  HelloFrame,
  Intent,
  Meta,
  ServerFrame,
  StaleFrame,
  StaleTables,
  TableVersions,
  ValueTypes,
  Warning,
  Watched,
  WatchFrame,
} from "./wire.ts";
