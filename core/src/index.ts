/** `@edgepod/core`: the client, for any framework or none. */
export { createClient } from "./client.ts";
export { createHttpTransport } from "./http-transport.ts";
export { createMutationObserver, createQueryObserver } from "./observers.ts";
export { EdgePodError } from "./protocol/index.ts";
export { hashQueryKey } from "./query-key.ts";

export type { CachedAnswer } from "./answers.ts";
export type { Client, ClientEvent, ClientOptions, QueryOptions } from "./client.ts";
export type { Arguments, FunctionName, Register, RegisteredFunctions, Result } from "./functions.ts";
export type { HttpTransportOptions } from "./http-transport.ts";
export type { MutationResult, Observed, QueryResult } from "./observers.ts";
export type { ErrorCode } from "./protocol/index.ts";
export type { Status } from "./socket.ts";
export type { Connection, ConnectionEvents, Transport, TransportAnswer, TransportCall } from "./transport.ts";
