/** Bodies of HTTP answers: `unknown` in, precise types out. */
import { EdgePodError, isErrorCode } from "./errors.ts";
import { isRecord } from "./guards.ts";
import type { Answer, Meta, TableVersions, Watched } from "./wire.ts";

/** The pod's no, and of a query what it had read when it failed. */
export interface FailedAnswer {
  readonly failure: EdgePodError;
  /** Null where no function ran, or it was no query. */
  readonly meta: Meta | null;
}

/**
 * Reads the body of an answer, and when to try again if its headers said so.
 *
 * @throws EdgePodError `BAD_ANSWER` for what no pod sends.
 */
export function parseAnswer(body: unknown, retryAfterMs: number | null = null): Answer | FailedAnswer {
  if (isRecord(body)) {
    const { error, data, types, meta: given, warnings } = body;
    const meta = toMeta(given);
    if (isRecord(error)) return { failure: toError(error, retryAfterMs), meta };
    if (meta)
      return { data, ...(isRecord(types) && { types }), meta, warnings: Array.isArray(warnings) ? warnings : [] };
  }
  throw new EdgePodError("BAD_ANSWER", "The answer isn't one that an EdgePod gateway sends. Is `url` right?");
}

function toMeta(value: unknown): Meta | null {
  if (!isRecord(value)) return null;
  const { epoch, version, reads, writes, watched, ms } = value;
  if (typeof epoch !== "string" || typeof version !== "number" || !isVersions(reads) || !isVersions(writes))
    return null;
  return { epoch, version, reads, writes, watched: toWatched(watched), ...(typeof ms === "number" && { ms }) };
}

function toError(error: Record<string, unknown>, retryAfterMs: number | null): EdgePodError {
  const { code, message, data } = error;
  return new EdgePodError(
    typeof code === "string" && isErrorCode(code) ? code : "INTERNAL",
    typeof message === "string" ? message : "The call failed.",
    { data, retryAfterMs },
  );
}

function toWatched(value: unknown): Watched | null {
  if (!isRecord(value)) return null;
  const { session, n } = value;
  return typeof session === "string" && typeof n === "number" ? { session, n } : null;
}

function isVersions(value: unknown): value is TableVersions {
  return isRecord(value) && Object.values(value).every((version) => typeof version === "number");
}
