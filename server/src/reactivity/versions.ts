/**
 * The pod's version and each table's last-write version: written in the transaction of the data they describe, and kept
 * in memory for readers. The copy in memory follows only once the commit has happened, so it may be behind the data for
 * a moment, which costs a needless refetch; it is never ahead, which would be a missed one.
 */
import { EVERYTHING } from "@edgepod/core/protocol";
import type { Tables } from "../sql/analysis.ts";
import { asNumber, asText } from "../storage.ts";
import type { Storage } from "../storage.ts";

/** A commit on its way from the transaction that made it to memory and to the sockets. */
export interface Commit {
  readonly version: number;
  readonly tables: Tables;
}

interface TableEntry {
  readonly id: number;
  readonly version: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS _edgepod_versions (
    id INTEGER PRIMARY KEY CHECK (id = 1), pod INTEGER NOT NULL, everything INTEGER NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO _edgepod_versions (id, pod, everything) VALUES (1, 0, 0);
  CREATE TABLE IF NOT EXISTS _edgepod_tables (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, version INTEGER NOT NULL
  ) STRICT;
`;

export class Versions {
  readonly #storage: Storage;
  #pod = 0;
  /** The version of the last commit of which nobody knew what it wrote. */
  #everything = 0;
  readonly #tables = new Map<string, TableEntry>();
  readonly #names = new Map<number, string>();
  #highestId = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
    storage.exec(SCHEMA).toArray();
    for (const { pod, everything } of storage.exec("SELECT pod, everything FROM _edgepod_versions")) {
      this.#pod = asNumber(pod);
      this.#everything = asNumber(everything);
    }
    for (const { id, name, version } of storage.exec("SELECT id, name, version FROM _edgepod_tables")) {
      this.#remember(asText(name), { id: asNumber(id), version: asNumber(version) });
    }
  }

  /** The version of the last commit. */
  get current(): number {
    return this.#pod;
  }

  /** The version of the commit that last wrote the table; of the last commit at all for `"*"`. */
  lastWrite(table: string): number {
    if (table === EVERYTHING) return this.#pod;
    return Math.max(this.#tables.get(table)?.version ?? 0, this.#everything);
  }

  /** The tables that a commit after that version has written; `"*"` for one of which nobody knows them. */
  writtenSince(version: number): string[] {
    if (this.#everything > version) return [EVERYTHING];
    return [...this.#tables].flatMap(([name, table]) => (table.version > version ? name : []));
  }

  /** The table's number, never given to another, or null for a name that nothing has ever read or written. */
  idOf(table: string): number | null {
    return this.#tables.get(table)?.id ?? null;
  }

  /** The highest number that a table has. */
  get highestId(): number {
    return this.#highestId;
  }

  nameOf(id: number): string | null {
    return this.#names.get(id) ?? null;
  }

  /** Gives the table a number if it has none. Not for use inside a transaction that may roll back. */
  register(table: string): void {
    if (table === EVERYTHING || this.#tables.has(table)) return;
    const [row] = this.#storage
      .exec("INSERT INTO _edgepod_tables (name, version) VALUES (?, 0) RETURNING id", table)
      .toArray();
    this.#remember(table, { id: asNumber(row?.["id"]), version: 0 });
  }

  /** Raises the version, inside the transaction that wrote `tables`. `apply` makes it known once that has committed. */
  commit(tables: Tables): Commit {
    const [row] = this.#storage.exec("UPDATE _edgepod_versions SET pod = pod + 1 RETURNING pod").toArray();
    const version = asNumber(row?.["pod"]);
    if (tables === "all") {
      this.#storage.exec("UPDATE _edgepod_versions SET everything = pod").toArray();
    } else {
      for (const table of tables) {
        this.#storage
          .exec(
            `INSERT INTO _edgepod_tables (name, version) VALUES (?, ?)
             ON CONFLICT (name) DO UPDATE SET version = excluded.version`,
            table,
            version,
          )
          .toArray();
      }
    }
    return { version, tables };
  }

  /** The commit has happened. */
  apply({ version, tables }: Commit): void {
    this.#pod = version;
    if (tables === "all") {
      this.#everything = version;
      return;
    }
    for (const table of tables) {
      const id = this.#tables.get(table)?.id ?? this.#readId(table);
      this.#remember(table, { id, version });
    }
  }

  #readId(table: string): number {
    const [row] = this.#storage.exec("SELECT id FROM _edgepod_tables WHERE name = ?", table).toArray();
    return asNumber(row?.["id"]);
  }

  #remember(name: string, entry: TableEntry): void {
    this.#tables.set(name, entry);
    this.#names.set(entry.id, name);
    this.#highestId = Math.max(this.#highestId, entry.id);
  }
}
