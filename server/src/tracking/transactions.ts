/**
 * The transactions that are open in a pod: which recording each one belongs to, how long it may take, and what must end
 * before it does. Leaves statements and versions to `tracked-storage.ts`.
 */
import { EdgePodError } from "@edgepod/core/protocol";
import type { Storage } from "../storage.ts";
import { withDeadline } from "./deadline.ts";
import type { Recording } from "./recording.ts";

interface Transaction {
  readonly recording: Recording;
  /** When it is undone, in milliseconds since 1970. */
  readonly deadline: number;
  /** The transactions that were begun inside of it. */
  readonly inner: Set<Promise<unknown>>;
}

/** The platform would reset the pod, sockets and all, after 30 seconds of one transaction. */
const TRANSACTION_MS = 5000;

export class Transactions {
  readonly #storage: Storage;
  /** Each inside the one before it. */
  readonly #open: Transaction[] = [];

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  get isOpen(): boolean {
    return this.#open.length > 0;
  }

  /**
   * What runs beside an open transaction would be undone with it, although it isn't a part of it.
   *
   * @throws EdgePodError `TRANSACTION_OPEN`.
   */
  check(recording: Recording): void {
    const innermost = this.#open.at(-1);
    if (!innermost || recording.isInside(innermost.recording)) return;
    throw new EdgePodError("TRANSACTION_OPEN", "Another transaction is still open. Await it before going on.");
  }

  /**
   * Runs `body` all or nothing. Inside of another transaction its recording becomes a part of that one's; of its own,
   * `commit` has the last word in it, with what `body` gave.
   *
   * @throws EdgePodError `DEADLINE_EXCEEDED`, `TRANSACTION_OPEN`.
   */
  run<T>(recording: Recording, body: () => Promise<T>, commit: (value: T) => void): Promise<T> {
    const outer = this.#open.findLast(({ recording: open }) => recording.parent?.isInside(open));
    const done = this.#run(recording, outer, body, commit);
    outer?.inner.add(done);
    return done;
  }

  async #run<T>(
    recording: Recording,
    outer: Transaction | undefined,
    body: () => Promise<T>,
    commit: (value: T) => void,
  ): Promise<T> {
    // A transaction stops the pod for everybody else from its first moment to its last, whoever began it.
    const deadline = outer?.deadline ?? Date.now() + TRANSACTION_MS;
    let opened = Infinity;
    let result: T;
    try {
      result = await this.#storage.transaction(async () => {
        this.check(recording);
        opened = Date.now();
        const transaction: Transaction = { recording, deadline, inner: new Set() };
        this.#open.push(transaction);
        let value: T;
        try {
          // The timer is started in here: while a transaction is open, no timer from outside of it fires.
          value = await withDeadline(body(), deadline - Date.now());
        } finally {
          recording.end();
          // What was left behind can do nothing more, but must end before the whole does, and counts if it succeeds.
          await Promise.allSettled(transaction.inner);
          this.#open.splice(this.#open.indexOf(transaction), 1);
        }
        if (!outer) commit(value);
        return value;
      });
    } finally {
      if (!outer) recording.stopped(Math.max(0, Date.now() - opened));
    }
    outer?.recording.absorb(recording);
    return result;
  }
}
