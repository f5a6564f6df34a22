/**
 * What pending mutations are expected to do, laid over the answers that are shown and never written into them. One goes
 * away with the first answer that knows its mutation's commit, or at once when the mutation fails. Pure.
 */
import type { CachedAnswer } from "./answers.ts";
import type { Arguments, FunctionName, Result } from "./functions.ts";
import type { Meta } from "./protocol/index.ts";
import type { ReadSet } from "./read-sets.ts";

/** What an optimistic update changes, until the pod's own answer is here. */
export interface OptimisticScreen<F> {
  /**
   * Changes what is shown of `fn`, whatever it was called with. `change` gets the data and the arguments of one query and
   * returns the new data; it may be called often and must not change what it gets.
   */
  readonly update: <N extends FunctionName<F, "query">>(
    fn: N,
    change: (data: Result<F[N]>, args: Arguments<F[N]>[0]) => Result<F[N]>,
  ) => void;
}

/** One change of one function's answers. */
interface Change {
  readonly fn: string;
  readonly change: (data: unknown, args: unknown) => unknown;
}

/** The changes of one mutation. */
interface Update {
  readonly changes: readonly Change[];
  /** The commit that did in fact what was expected, once it is known. */
  commit: Pick<Meta, "epoch" | "version"> | null;
}

export class OptimisticUpdates {
  /** In the order in which they were triggered. */
  #updates: readonly Update[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #isOutdated: (answer: ReadSet) => boolean;

  /** @param isOutdated Whether something newer than an answer is known of. */
  constructor(isOutdated: (answer: ReadSet) => boolean) {
    this.#isOutdated = isOutdated;
  }

  /** Another array after every change; the same one for as long as nothing has changed. */
  get stamp(): readonly unknown[] {
    return this.#updates;
  }

  /** Lays the changes that `describe` makes over the answers. Returns what tells how the mutation ended. */
  begin<F>(describe: (screen: OptimisticScreen<F>) => void): (commit: Meta | null) => void {
    const changes: Change[] = [];
    describe({
      update: (fn, change) => {
        changes.push({ fn, change: change as Change["change"] });
      },
    });
    const update: Update = { changes, commit: null };
    this.#set([...this.#updates, update]);
    return (commit) => {
      if (commit === null) this.#set(this.#updates.filter((other) => other !== update));
      else {
        update.commit = commit;
        this.#set([...this.#updates]);
      }
    };
  }

  /** What to show of an answer of `fn(args)`. */
  apply<T>(fn: string, args: unknown, answer: CachedAnswer<T>): T {
    let data: unknown = answer.data;
    for (const update of this.#updates) {
      if (!this.#isMissing(update, answer)) continue;
      for (const { fn: changed, change } of update.changes) if (changed === fn) data = change(data, args);
    }
    return data as T;
  }

  /** Forgets those that every one of the `answers` knows. */
  prune(answers: readonly { readonly fn: string; readonly answer: ReadSet }[]): void {
    const left = this.#updates.filter(
      (update) =>
        update.commit === null ||
        answers.some(
          ({ fn, answer }) => update.changes.some((change) => change.fn === fn) && this.#isMissing(update, answer),
        ),
    );
    // Nobody sees a difference, so nobody is told.
    if (left.length < this.#updates.length) this.#updates = left;
  }

  /** Another identity: what the last one expected is nobody's business. */
  clear(): void {
    if (this.#updates.length > 0) this.#set([]);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Whether `answer` doesn't know yet what the update's mutation did. One that isn't outdated by it never read it. */
  #isMissing({ commit }: Update, answer: ReadSet): boolean {
    if (commit === null) return true;
    return answer.epoch === commit.epoch && answer.version < commit.version && this.#isOutdated(answer);
  }

  #set(updates: readonly Update[]): void {
    this.#updates = updates;
    for (const listener of this.#listeners) listener();
  }
}
