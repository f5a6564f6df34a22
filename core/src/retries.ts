/** Which failed calls are worth another try, and when. */
import { EdgePodError } from "./protocol/index.ts";
import type { ErrorCode } from "./protocol/index.ts";

const MAX_RETRIES = 3;
const BASE_MS = 500;
const MAX_MS = 30_000;

/** Of a mismatch: in every rollout gateway and pod change one after the other, and soon both have. */
const UNANSWERED: ReadonlySet<ErrorCode> = new Set(["NETWORK", "UNAVAILABLE", "PROTOCOL_MISMATCH"]);

/** For queries, and for calls that write, which are repeated under one key. */
export function shouldRetry(failures: number, error: Error): boolean {
  if (failures >= MAX_RETRIES || !(error instanceof EdgePodError)) return false;
  if (error.code === "OVERLOADED" || error.code === "RATE_LIMITED") return error.retryAfterMs !== null;
  return isUnanswered(error);
}

/** Whether a call failed for want of anybody who would have run it. */
export function isUnanswered(error: Error | null): boolean {
  return error instanceof EdgePodError && UNANSWERED.has(error.code);
}

/** In milliseconds: what the server asked for, or a random part of a growing span. */
export function retryDelay(failures: number, error: Error): number {
  const asked = error instanceof EdgePodError ? (error.retryAfterMs ?? 0) : 0;
  return asked + backOff(failures);
}

/** Full jitter: clients that failed together don't come back together. Milliseconds. */
export function backOff(failures: number): number {
  return Math.random() * Math.min(MAX_MS, BASE_MS * 2 ** failures);
}

/** Waits; no longer than until `signal` fires. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const wake = (): void => {
    resolve();
  };
  signal.addEventListener("abort", wake, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", wake);
}
