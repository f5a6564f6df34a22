/**
 * Repeats of calls that write. A call keeps its idempotency key from the first time that it is sent, so the pod runs it
 * once, whichever of its answers arrives.
 */
import { EdgePodError, createCallKey, isRecord } from "./protocol/index.ts";
import { pause, retryDelay, shouldRetry } from "./retries.ts";

export class Repeats {
  /** By how much the pod's clock is ahead of ours, as far as it has said so. Milliseconds. */
  #ahead = 0;

  /**
   * Sends a call until it has an answer, or there is no point in sending it again.
   *
   * @param send Sends it once, under the key.
   * @param signal Ends the waiting between two tries.
   * @throws What the last try threw.
   */
  async once<T>(send: (key: string) => Promise<T>, signal: AbortSignal): Promise<T> {
    let key = createCallKey(Date.now() + this.#ahead);
    let isCorrected = false;
    for (let failures = 0; ;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one try after another
        return await send(key);
      } catch (error) {
        if (signal.aborted || !(error instanceof EdgePodError)) throw error;
        // A clock that is wrong makes keys that are refused, and the first to be refused says what time it is. It may be
        // replaced by another while nothing else has been sent: then nothing has run.
        if (this.#setClock(error) && failures === 0 && !isCorrected) {
          isCorrected = true;
          key = createCallKey(Date.now() + this.#ahead);
          continue;
        }
        if (!shouldRetry(failures, error)) throw error;
        // oxlint-disable-next-line no-await-in-loop -- one try after another
        await pause(retryDelay(failures, error), signal);
        failures += 1;
      }
    }
  }

  #setClock({ code, data }: EdgePodError): boolean {
    if (code !== "IDEMPOTENCY_EXPIRED" || !isRecord(data) || typeof data["now"] !== "number") return false;
    this.#ahead = data["now"] - Date.now();
    return true;
  }
}
