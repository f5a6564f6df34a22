/** A pod may be moved or restarted while it is asked. Which of such failures are worth another try, and how often. */

/** Milliseconds; each further try waits a random part of twice as long. */
const BASE_MS = 50;

/**
 * Asks a pod, and again when the runtime says that the failure was of the moment. Never when it is overloaded: that
 * would be more of what it has too much of.
 *
 * @param ask Asked with a new stub each time: one that has failed once fails for ever.
 * @throws What the last try threw.
 */
export async function withAttempts<T>(atMost: number, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one try after another
      return await ask();
    } catch (error) {
      if (attempt >= atMost || !isPassing(error)) throw error;
      const ms = Math.random() * BASE_MS * 2 ** attempt;
      // oxlint-disable-next-line no-await-in-loop -- one try after another
      await new Promise((resolve) => void setTimeout(resolve, ms));
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error) || isOverloaded(error)) return false;
  return "retryable" in error && error.retryable === true;
}

/** Whether the runtime says of a pod that it has more to do than it can. */
export function isOverloaded(error: unknown): boolean {
  return error instanceof Error && "overloaded" in error && error.overloaded === true;
}
