/**
 * The storage that Drizzle is given: every statement of every function passes here, on its way to SQLite. Asks the
 * analyzer what it touches, notes that in the call's recording, and commits versions together with the data. Leaves
 * telling anybody to `onCommit`.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { EdgePodError } from "@edgepod/core/protocol";
import { guard, runGuarded } from "../guards/guarded.ts";
import type { GuardedStatement, RunOptions } from "../guards/guarded.ts";
import { RowSize } from "../guards/row-size.ts";
import type { Commit, Versions } from "../reactivity/versions.ts";
import { isEmpty } from "../sql/analysis.ts";
import type { Analysis } from "../sql/analysis.ts";
import { asNumber } from "../storage.ts";
import type { SqlCursor, Storage } from "../storage.ts";
import { DeferredKeys } from "./deferred-keys.ts";
import { queryWrote, replaced, rowsCut } from "./notices.ts";
import { Recording } from "./recording.ts";
import { Transactions } from "./transactions.ts";

export interface TrackedStorageOptions {
  readonly storage: Storage;
  readonly analyzer: { analyze(sql: string): Analysis; schemaChanged(): void };
  readonly versions: Versions;
  /** A commit has happened and is known to `versions`. */
  readonly onCommit: (commit: Commit) => void;
  /** Something was noticed that must not happen, such as a write that the analysis didn't foresee. */
  readonly onFault: (message: string, statement: string) => void;
}

/** The part of a Durable Object's storage that Drizzle uses. */
export interface DrizzleClient {
  readonly sql: { exec(sql: string, ...params: unknown[]): SqlCursor };
  transactionSync(): never;
}

export class TrackedStorage {
  readonly #options: TrackedStorageOptions;
  /** Calls interleave at every real await; this finds the one that a statement belongs to. */
  readonly #current = new AsyncLocalStorage<Recording>();
  readonly #transactions: Transactions;
  readonly #rowSize: RowSize;
  readonly #deferredKeys: DeferredKeys;
  #isRetired = false;

  constructor(options: TrackedStorageOptions) {
    this.#options = options;
    this.#transactions = new Transactions(options.storage);
    this.#rowSize = new RowSize(options.storage);
    this.#deferredKeys = new DeferredKeys(options.storage);
  }

  /** What `drizzle()` takes for a Durable Object's storage: the two members that it uses. */
  get client(): DrizzleClient {
    return {
      sql: { exec: (sql, ...params) => this.exec(sql, params) },
      transactionSync: () => {
        throw new EdgePodError("TRANSACTION_OPEN", "Drizzle's own transaction isn't tracked. Use ctx.db.transaction.");
      },
    };
  }

  /** Runs a call whose statements each commit on their own, if they write at all. */
  async run<T>(recording: Recording, body: () => Promise<T>): Promise<T> {
    try {
      if (this.#isRetired) throw replaced(recording);
      return await this.#current.run(recording, body);
    } finally {
      recording.end();
    }
  }

  /**
   * Runs a call, or a part of one, all or nothing.
   *
   * @param committing The last to be asked before the commit, inside of it. What it writes is nobody's read or write.
   */
  async atomic<T>(
    recording: Recording,
    body: () => Promise<T>,
    committing?: (value: T, commit: Commit | null) => void,
  ): Promise<T> {
    let commit: Commit | null = null;
    let result: T;
    try {
      result = await this.#transactions.run(
        recording,
        () => this.run(recording, body),
        (value) => {
          commit = this.#commit(recording);
          committing?.(value, commit);
        },
      );
    } catch (error) {
      // The catalog may describe tables that the rollback has taken back.
      if (recording.changedSchema) this.#schemaChanged();
      throw error;
    }
    this.#announce(commit, recording);
    return result;
  }

  /** Runs a part of the current call all or nothing. In a query there is nothing to undo. */
  async transaction<T>(body: () => Promise<T>): Promise<T> {
    const call = this.current();
    return call.kind === "query" ? body() : this.atomic(new Recording(call.kind, { parent: call }), body);
  }

  /** Notes a write that no statement shows. */
  invalidate(tables: readonly string[] | "all"): void {
    const call = this.current();
    if (call.kind === "query") {
      throw new EdgePodError(
        "QUERY_WROTE",
        "A query can't invalidate: it would call itself back for ever. Use a mutation.",
      );
    }
    this.#transactions.check(call);
    call.write(tables);
    if (!this.#transactions.isOpen) {
      this.#announce(
        this.#options.storage.transactionSync(() => this.#commit(call)),
        call,
      );
    }
  }

  /** Runs one statement in the name of the current call. */
  exec(sql: string, params: readonly unknown[]): SqlCursor {
    const call = this.current();
    this.#transactions.check(call);
    const { storage, versions, analyzer } = this.#options;
    const statement = guard(sql, params, (text) => analyzer.analyze(text));
    if (statement.isWrite && call.kind === "query") throw queryWrote(statement);
    // Register before reading: a write that comes between would find nobody to tell.
    call.read(statement.analysis.reads, versions);
    if (statement.isWrite) return this.#write(call, statement);
    const rows = runGuarded(storage, statement, this.#runOptions(call, statement));
    if (rows.rowsWritten > 0) this.#trip(call, sql);
    return rows;
  }

  #runOptions(call: Recording, statement: GuardedStatement): RunOptions {
    return { cut: () => call.warn(rowsCut(statement)), rowSize: this.#rowSize };
  }

  #write(call: Recording, statement: GuardedStatement): SqlCursor {
    if (this.#transactions.isOpen) return this.#execute(call, statement);
    const [rows, commit] = this.#options.storage.transactionSync(
      () => [this.#execute(call, statement), this.#commit(call)] as const,
    );
    this.#announce(commit, call);
    return rows;
  }

  #execute(call: Recording, statement: GuardedStatement): SqlCursor {
    const { storage } = this.#options;
    const { ddl, writes } = statement.analysis;
    const before = this.#totalChanges();
    let hasRun = false;
    try {
      const rows = runGuarded(storage, statement, this.#runOptions(call, statement));
      hasRun = true;
      return rows;
    } finally {
      // Also when it failed: of several statements in one text the first may have been done, and OR FAIL keeps rows.
      if (ddl) {
        call.noteSchemaChange();
        this.#schemaChanged();
      }
      // A statement that changed no row is no news to anybody. Of one that failed nobody knows: what a trigger had
      // changed before RAISE(FAIL) stays, and total_changes() doesn't count it.
      if (ddl || !hasRun || this.#totalChanges() !== before) call.write(writes);
    }
  }

  /** The engine was wrong about a statement. Whoever shows anything must look again. */
  #trip(call: Recording, sql: string): void {
    this.#options.onFault("A statement wrote although its analysis says that it only reads.", sql);
    call.write("all");
    if (!this.#transactions.isOpen) this.#announce(this.#commit(call), call);
  }

  #commit(recording: Recording): Commit | null {
    const writes = recording.takeWrites();
    if (isEmpty(writes)) return null;
    this.#deferredKeys.check(writes);
    return this.#options.versions.commit(writes);
  }

  #schemaChanged(): void {
    this.#options.analyzer.schemaChanged();
    this.#deferredKeys.schemaChanged();
  }

  #announce(commit: Commit | null, recording: Recording): void {
    if (!commit) return;
    this.#options.versions.apply(commit);
    recording.committed(commit);
    this.#options.onCommit(commit);
  }

  /** The data are others from now on: calls of before can do nothing to them. */
  retire(): void {
    this.#isRetired = true;
  }

  /** The call in whose name something is done now. */
  current(): Recording {
    const call = this.#current.getStore();
    if (!call) {
      throw new EdgePodError(
        "NO_CALL",
        "Nothing is being called, so nobody would hear of this. Use ctx.db inside a function of the pod.",
      );
    }
    if (this.#isRetired) throw replaced(call);
    if (call.hasEnded) {
      throw new EdgePodError(
        "CALL_ENDED",
        "The call has ended, so this has no effect. Await every statement before the function returns.",
      );
    }
    return call;
  }

  #totalChanges(): number {
    const [row] = this.#options.storage.exec("SELECT total_changes()").raw();
    return asNumber(row?.[0]);
  }
}
