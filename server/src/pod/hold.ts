/** Names in the log, once per call, who kept everybody else from being served for long. */
import { createLog } from "../functions/log.ts";

const LONG_MS = 1000;

export interface HoldOptions {
  readonly fn: string;
  /** Milliseconds of the longest transaction that the call has had open. */
  readonly longestTransaction?: () => number;
}

/**
 * Runs a call and measures what others had to wait for it: its transactions, and the whole of it if it never left the
 * turn in which it began. In production a clock stands still during a turn, so there only transactions are seen; a turn
 * is ended by the platform's own limit on CPU time.
 */
export async function watchHold<T>({ fn, longestTransaction }: HoldOptions, run: () => Promise<T>): Promise<T> {
  const began = Date.now();
  let isOneTurn = true;
  const timer = setTimeout(() => {
    isOneTurn = false;
  }, 0);
  try {
    return await run();
  } finally {
    clearTimeout(timer);
    const transaction = longestTransaction?.() ?? 0;
    // No timer fires while a transaction is open, and before it there may have been those of others.
    const ms = transaction === 0 && isOneTurn ? Date.now() - began : transaction;
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
