/**
 * The calls that have run, by their idempotency keys, and what came of them: kept for 24 hours or the latest 10,000.
 * Holds rows and forgets them; which call runs and which is answered from here is for `once.ts` to say. Nothing of it is
 * tracked: no version moves by it, and nobody is told.
 */
import { EdgePodError, firstKeyOf, madeAt } from "@edgepod/core/protocol";
import { asNumber, asText } from "../storage.ts";
import type { SqlValue, Storage } from "../storage.ts";

/** What is left of a call that succeeded. */
export interface KeptAnswer {
  /** The version of its last commit. */
  readonly version: number;
  /** The tables it wrote; `"*"` for everything. */
  readonly tables: readonly string[];
  /** Its data, as text; null where that was too large to be kept. */
  readonly text: string | null;
}

/** How a call stands. Only an action is ever found at its beginning, or failed: a mutation's row is its own commit's. */
export type CallState =
  | { readonly state: "begun" }
  | { readonly state: "answered"; readonly answer: KeptAnswer }
  | { readonly state: "failed"; readonly failure: EdgePodError };

export type KeptCall = CallState & {
  /** Whose call of what it was, in one text. */
  readonly binding: string;
};

const KEPT_MS = 24 * 3600 * 1000;
const KEPT_CALLS = 10_000;
/** A larger answer isn't kept. UTF-8 bytes. */
const KEPT_BYTES = 64 * 1024;
/** A client's clock may be ahead of the pod's by this much: less than it takes a pod to serve all the calls it keeps. */
const AHEAD_MS = 5000;
/** Forgetting costs a commit, so it happens once in a while; it forgets more than has come, and so catches up. */
const CALLS_PER_PRUNE = 16;
const PRUNED_AT_ONCE = 64;

// Keys sort by age, so the oldest rows are the first of the table, and no index is needed to find them.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS _edgepod_calls (
    key TEXT PRIMARY KEY, binding TEXT NOT NULL, state TEXT NOT NULL, version INTEGER, tables TEXT, text TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS _edgepod_calls_forgotten (
    id INTEGER PRIMARY KEY CHECK (id = 1), key TEXT NOT NULL
  ) STRICT;
`;

const encoder = new TextEncoder();

export class KeptCalls {
  readonly #storage: Storage;
  readonly #now: () => number;
  /** The greatest key that was ever forgotten. A lower one that isn't here may have run. */
  #forgotten: string;
  /** Counted when it is first needed: a pod that wakes to answer a query doesn't. */
  #count: number | null = null;
  #sincePrune = CALLS_PER_PRUNE;
  #isRetired = false;

  constructor(storage: Storage, now: () => number) {
    this.#storage = storage;
    this.#now = now;
    storage.exec(SCHEMA).toArray();
    const [row] = storage.exec("SELECT key FROM _edgepod_calls_forgotten").toArray();
    this.#forgotten = row ? asText(row["key"]) : "";
  }

  find(key: string): KeptCall | null {
    const [row] = this.#storage
      .exec("SELECT binding, state, version, tables, text FROM _edgepod_calls WHERE key = ?", key)
      .toArray();
    return row ? { ...stateOf(row), binding: asText(row["binding"]) } : null;
  }

  /**
   * Whether a key that isn't here is certainly new.
   *
   * @throws EdgePodError `IDEMPOTENCY_EXPIRED` with the pod's time, so that a client whose clock is wrong can set it right.
   */
  checkNew(key: string): void {
    const now = this.#now();
    if (key > this.#bound(now) && madeAt(key) <= now + AHEAD_MS) return;
    throw new EdgePodError(
      "IDEMPOTENCY_EXPIRED",
      "The idempotency key isn't of the time of which keys are remembered, so the call was not run: it may have run before.",
      { data: { now } },
    );
  }

  /** The greatest key of a call that has run, or may have; the empty text if none has. */
  get greatest(): string {
    const [row] = this.#storage.exec("SELECT max(key) AS key FROM _edgepod_calls").toArray();
    const key = typeof row?.["key"] === "string" ? row["key"] : "";
    return key > this.#forgotten ? key : this.#forgotten;
  }

  /**
   * Forgets every call, for the data are others from now on: none that was made by now, or that `keys` speaks of, is new.
   * To be called in the transaction that replaces the data, if there is one.
   */
  forgetAll(keys: string): void {
    this.#storage.exec("DELETE FROM _edgepod_calls").toArray();
    const made = firstKeyOf(this.#now());
    this.#forget(keys > made ? keys : made);
  }

  /** The data that these calls belong to are no longer there: what becomes of one now is nobody's business. */
  retire(): void {
    this.#isRetired = true;
  }

  /** Keeps how a call stands; inside the transaction that makes it so, if there is one. */
  keep(key: string, call: KeptCall): void {
    if (this.#isRetired) return;
    const [version, tables, text] = columnsOf(call);
    this.#storage
      .exec(
        `INSERT INTO _edgepod_calls (key, binding, state, version, tables, text) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (key) DO UPDATE
         SET state = excluded.state, version = excluded.version, tables = excluded.tables, text = excluded.text`,
        key,
        call.binding,
        call.state,
        version,
        tables,
        text,
      )
      .toArray();
  }

  /** A row was added, and its commit has happened. Now and then the oldest are forgotten, some at a time. */
  added(): void {
    if (this.#isRetired) return;
    this.#count = this.#count === null ? this.#counted() : this.#count + 1;
    this.#sincePrune += 1;
    if (this.#sincePrune < CALLS_PER_PRUNE) return;
    this.#sincePrune = 0;
    this.#prune(this.#count);
  }

  #prune(count: number): void {
    const bound = this.#bound(this.#now());
    const excess = Math.min(Math.max(count - KEPT_CALLS, 0), PRUNED_AT_ONCE);
    const oldest = this.#storage
      .exec("SELECT key FROM _edgepod_calls ORDER BY key LIMIT ?", PRUNED_AT_ONCE)
      .toArray()
      .map(({ key }) => asText(key))
      .filter((key, index) => index < excess || key < bound);
    const last = oldest.at(-1);
    if (last === undefined) return;
    this.#storage.transactionSync(() => {
      this.#storage.exec("DELETE FROM _edgepod_calls WHERE key <= ?", last).toArray();
      this.#forget(last);
    });
    this.#count = count - oldest.length;
    if (last > this.#forgotten) this.#forgotten = last;
  }

  #forget(key: string): void {
    this.#storage
      .exec(
        "INSERT INTO _edgepod_calls_forgotten (id, key) VALUES (1, ?) ON CONFLICT DO UPDATE SET key = max(key, excluded.key)",
        key,
      )
      .toArray();
  }

  /** A key up to this one may have been forgotten. */
  #bound(now: number): string {
    const expired = firstKeyOf(now - KEPT_MS);
    return expired > this.#forgotten ? expired : this.#forgotten;
  }

  #counted(): number {
    const [row] = this.#storage.exec("SELECT count(*) AS count FROM _edgepod_calls").toArray();
    return asNumber(row?.["count"]);
  }
}

function columnsOf(call: CallState): readonly [number | null, string | null, string | null] {
  switch (call.state) {
    case "begun":
      return [null, null, null];
    case "answered": {
      const { version, tables, text } = call.answer;
      return [version, JSON.stringify(tables), text !== null && fits(text) ? text : null];
    }
    case "failed":
      return [null, null, JSON.stringify(call.failure.toFailure().error)];
    default:
      return call satisfies never;
  }
}

function stateOf(row: Record<string, SqlValue>): CallState {
  const { state, version, tables, text } = row;
  if (state === "answered") {
    const names = JSON.parse(asText(tables)) as string[];
    return {
      state,
      answer: { version: asNumber(version), tables: names, text: typeof text === "string" ? text : null },
    };
  }
  if (state === "failed") {
    const { code, message, data } = JSON.parse(asText(text)) as EdgePodError;
    return { state, failure: new EdgePodError(code, message, { data }) };
  }
  return { state: "begun" };
}

/** A character is at most three bytes, so most texts needn't be encoded to know. */
function fits(text: string): boolean {
  return text.length * 3 <= KEPT_BYTES || (text.length <= KEPT_BYTES && encoder.encode(text).length <= KEPT_BYTES);
}
