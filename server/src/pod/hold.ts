/** Names in the log, once per call, who kept everybody else from being served for long. */
import { createLog } from "../functions/log.ts";
import type { Recording } from "../tracking/recording.ts";

const LONG_MS = 1000;

/** A timer costs a third of a small read, which ends within fewer microtasks than these and so does without one. */
const TICKS = 100;

/**
 * Runs a call and measures what others had to wait for it: its longest transaction, and the whole of it if it never left
 * the turn in which it began. In production a clock stands still during a turn, so there only transactions are seen; a
 * turn is ended by the platform's own limit on CPU time.
 */
export async function watchHold<T>(fn: string, recording: Recording, run: () => Promise<T>): Promise<T> {
  const began = Date.now();
  // A mutation is a transaction from its beginning, and while one is open no timer from outside of it fires.
  let isOneTurn = recording.kind !== "mutation";
  let hasEnded = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const watchTurn = async (): Promise<void> => {
    for (let tick = 0; tick < TICKS; tick += 1) {
      // oxlint-disable-next-line no-await-in-loop -- to let the call go on
      await Promise.resolve();
      if (hasEnded) return;
    }
    timer = setTimeout(() => {
      isOneTurn = false;
    }, 0);
  };
  try {
    const running = run();
    if (isOneTurn) void watchTurn();
    return await running;
  } finally {
    hasEnded = true;
    clearTimeout(timer);
    const ms = Math.max(recording.longestTransaction, isOneTurn ? Date.now() - began : 0);
    if (ms > LONG_MS) {
      const wayOut =
        "Do less at once, and what waits for the outside world in an action(), outside of its transactions.";
      createLog({ fn }).warn(
        `"${fn}" kept the pod from serving anybody else for ${(ms / 1000).toFixed(1)} s. ${wayOut}`,
        {
          ms,
        },
      );
    }
  }
}
