/**
 * Analyses in the pod's own storage, so that a pod that wakes parses nothing it knew. They hold for one build of the
 * engine and one schema; everybody else's are dropped when the next ones are written.
 */
import type { Storage } from "../storage.ts";
import type { Analysis, Tables } from "./analysis.ts";

/** Longer texts aren't kept: there is little chance that the same one comes again, and it would fill the storage. */
export const LONGEST_KEPT_TEXT = 4 * 1024;
const KEPT_TEXTS = 500;

export class AnalysisStore {
  readonly #storage: Storage;
  readonly #key: string;

  /** `key` names the engine's build and the schema. */
  constructor(storage: Storage, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  /** What is kept under this key. */
  load(): Map<string, Analysis> {
    const kept = new Map<string, Analysis>();
    if (!this.#exists()) return kept;
    const rows = this.#storage
      .exec(`SELECT text, analysis FROM ${TABLE} WHERE key = ? ORDER BY batch`, this.#key)
      .toArray();
    for (const { text, analysis } of rows) {
      const parsed: unknown = typeof analysis === "string" ? JSON.parse(analysis) : null;
      if (typeof text === "string" && isAnalysis(parsed)) kept.set(text, parsed);
    }
    return kept;
  }

  /** Keeps these, too, and of all no more than the newest. Writes, so not to be called inside of a user's transaction. */
  save(analyses: ReadonlyMap<string, Analysis>): void {
    const run = (sql: string, ...params: readonly unknown[]) => this.#storage.exec(sql, ...params).toArray();
    this.#storage.transactionSync(() => {
      run(
        `CREATE TABLE IF NOT EXISTS ${TABLE} (text TEXT PRIMARY KEY, key TEXT, batch INTEGER, analysis TEXT) WITHOUT ROWID`,
      );
      run(`DELETE FROM ${TABLE} WHERE key <> ?`, this.#key);
      const batch = run(`SELECT coalesce(max(batch), 0) + 1 AS batch FROM ${TABLE}`)[0]?.["batch"] ?? 1;
      for (const [text, analysis] of analyses) {
        run(`INSERT OR REPLACE INTO ${TABLE} VALUES (?, ?, ?, ?)`, text, this.#key, batch, JSON.stringify(analysis));
      }
      run(`DELETE FROM ${TABLE} WHERE text NOT IN (SELECT text FROM ${TABLE} ORDER BY batch DESC LIMIT ${KEPT_TEXTS})`);
    });
  }

  #exists(): boolean {
    return this.#storage.exec("SELECT 1 FROM sqlite_schema WHERE name = ?", TABLE).toArray().length > 0;
  }
}

const TABLE = "_edgepod_analyses";

function isAnalysis(value: unknown): value is Analysis {
  if (typeof value !== "object" || value === null) return false;
  const { reads, writes, ddl, parsedBy, deterministic, unfiltered } = value as Partial<Record<keyof Analysis, unknown>>;
  const flags = typeof ddl === "boolean" && typeof deterministic === "boolean" && typeof parsedBy === "string";
  return flags && isTables(reads) && isTables(writes) && Array.isArray(unfiltered);
}

function isTables(value: unknown): value is Tables {
  return value === "all" || (Array.isArray(value) && value.every((table) => typeof table === "string"));
}
