/** The one error type of EdgePod, on both ends of the wire, and the closed set of its codes. */
import type { Failure } from "./wire.ts";

/** Every code with the HTTP status it travels under; 0 where it never does, because the client itself made it. */
const STATUS = {
  ABORTED: 0,
  NETWORK: 0,
  BAD_DUMP: 400,
  BAD_REQUEST: 400,
  INVALID_ARGUMENTS: 400,
  KIND_MISMATCH: 400,
  INVALID_KEY: 401,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  UNKNOWN_FUNCTION: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  IDEMPOTENCY_MISMATCH: 409,
  IDEMPOTENCY_EXPIRED: 409,
  FOREIGN_KEY_VIOLATED: 409,
  OUTCOME_UNKNOWN: 409,
  POD_NOT_EMPTY: 409,
  PAYLOAD_TOO_LARGE: 413,
  LIMIT_EXCEEDED: 422,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  CALL_ENDED: 500,
  NO_CALL: 500,
  QUERY_WROTE: 500,
  RAW_STATEMENT: 500,
  RESERVED_TABLE: 500,
  TRANSACTION_OPEN: 500,
  UNKNOWN_TABLE: 500,
  UNSUPPORTED_STATEMENT: 500,
  UNSUPPORTED_VALUE: 500,
  WHERE_MISSING: 500,
  ANSWER_TOO_LARGE: 500,
  BAD_ANSWER: 502,
  MIGRATION_FAILED: 503,
  OVERLOADED: 503,
  UNAVAILABLE: 503,
  PROTOCOL_MISMATCH: 503,
  DEADLINE_EXCEEDED: 504,
} as const satisfies Record<string, number>;

/** What went wrong, for a program to switch on. */
export type ErrorCode = keyof typeof STATUS;

/** Whether a string from elsewhere is one of our codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(STATUS, code);
}

/**
 * An error with a stable code. Thrown in a function on the server, it reaches the caller as it is: code, message and
 * `data`. Anything else that a function throws reaches the caller as `INTERNAL` and stays in the log.
 *
 * @example
 * throw new EdgePodError("NOT_FOUND", `No task ${id}.`, { data: { id } });
 */
export class EdgePodError extends Error {
  override readonly name = "EdgePodError";
  readonly code: ErrorCode;
  /** Plain JSON for the caller, such as validation issues. */
  readonly data: unknown;
  /** When it makes sense to try again, in milliseconds from now, if the server said so. */
  readonly retryAfterMs: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly data?: unknown; readonly cause?: unknown; readonly retryAfterMs?: number | null } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.data = options.data;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** The HTTP status that the error travels under. */
  get status(): number {
    return STATUS[this.code];
  }

  /** The error as it crosses the wire. */
  toFailure(): Failure {
    const { code, message, data } = this;
    return { error: data === undefined ? { code, message } : { code, message, data } };
  }
}
