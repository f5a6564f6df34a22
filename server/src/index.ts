/** `@edgepod/server`: the gateway, the pod, and what functions are written with. */
export { EdgePodError, createCallKey } from "@edgepod/core/protocol";
export { action, mutation, query } from "./functions/kinds.ts";
export { createMiddleware } from "./functions/middleware.ts";
export { createGateway } from "./gateway/gateway.ts";
export { createPod } from "./pod/pod.ts";

export type { ErrorCode } from "@edgepod/core/protocol";
export type { Context, Log, PodDatabase, RawDatabase, Schema, Transaction, User } from "./functions/context.ts";
export type { ArgumentIssue } from "./functions/arguments.ts";
export type { CheckedFunction, FunctionOptions, Pinned } from "./functions/kinds.ts";
export type { Middleware, Next } from "./functions/middleware.ts";
export type { Gateway, GatewayOptions } from "./gateway/gateway.ts";
export type { CallRequest, CallResult } from "./pod/call.ts";
export type { Migration } from "./pod/migration.ts";
export type { ImportOptions, ImportResult } from "./pod/replace.ts";
export type { Pod, PodClass, PodOptions } from "./pod/pod.ts";
