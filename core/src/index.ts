/** `@edgepod/core`: the client, for any framework or none. */
export { createClient } from "./client.ts";
export { createHttpTransport } from "./http-transport.ts";
export { dehydrate, hydrate } from "./hydration.ts";
export { createInfiniteQueryObserver } from "./infinite-observer.ts";
export { createMutationObserver } from "./mutation-observer.ts";
export { createQueryObserver, skip } from "./observers.ts";
export { EdgePodError } from "./protocol/index.ts";
export { hashQueryKey, queryKey } from "./query-key.ts";
export { share } from "./same.ts";

export type { CachedAnswer } from "./answers.ts";
export type { Carried } from "./carried.ts";
export type { Client, ClientEvent, ClientOptions, MutateOptions, QueryOptions } from "./client-types.ts";
export type {
  Arguments,
  FunctionName,
  Register,
  QueryParameters,
  RegisteredFunctions,
  Result,
  WithOptions,
} from "./functions.ts";
export type { HttpTransportOptions } from "./http-transport.ts";
export type { DehydratedState } from "./hydration.ts";
export type { CachedPages, InfiniteQueryOptions, InfiniteQueryResult, ObservedPages } from "./infinite-observer.ts";
export type { MutationObserverOptions, MutationResult, ObservedMutation } from "./mutation-observer.ts";
export type { Observed } from "./notify.ts";
export type { ObservedQuery, QueryObserverOptions, QueryResult } from "./observers.ts";
export type { OptimisticScreen } from "./optimistic.ts";
export type { ErrorCode } from "./protocol/index.ts";
export type { Status } from "./socket.ts";
export type { Connection, ConnectionEvents, Transport, TransportAnswer, TransportCall } from "./transport.ts";
