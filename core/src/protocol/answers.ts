/** Bodies of HTTP answers: `unknown` in, precise types out. */
import { EdgePodError, isErrorCode } from "./errors.ts";
import { isRecord } from "./guards.ts";
import type { Answer, TableVersions, Watched } from "./wire.ts";

/**
 * Reads the body of an answer, and when to try again if its headers said so.
 *
 * @throws EdgePodError the pod's own, for a failure; `BAD_ANSWER` for what no pod sends.
 */
export function parseAnswer(body: unknown, retryAfterMs: number | null = null): Answer {
  if (isRecord(body)) {
    if (isRecord(body["error"])) throw toError(body["error"], retryAfterMs);
    const { data, types, meta, warnings } = body;
    if (isRecord(meta)) {
      const { epoch, version, reads, writes, watched } = meta;
      if (typeof epoch === "string" && typeof version === "number" && isVersions(reads) && isVersions(writes)) {
        return {
          data,
          ...(isRecord(types) && { types }),
          meta: { epoch, version, reads, writes, watched: toWatched(watched) },
          warnings: Array.isArray(warnings) ? warnings : [],
        };
      }
    }
  }
  throw new EdgePodError("BAD_ANSWER", "The answer isn't one that an EdgePod gateway sends. Is `url` right?");
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
