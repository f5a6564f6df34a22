/** Node's own SQLite as the engine's storage, set up as a Durable Object sets up its own. */
import { DatabaseSync } from "node:sqlite";
import type { SqlCursor, SqlValue, Storage } from "@edgepod/server/sql";

/** An empty database in memory. */
export function openMemory(): { readonly storage: Storage; readonly run: (sql: string) => void } {
  const database = new DatabaseSync(":memory:", { enableDoubleQuotedStringLiterals: true });
  const storage: Storage = {
    exec: (sql, ...params) => cursorOf(rowsOf(database, sql, params)),
    transactionSync: (body) => atomic(database, body),
    transaction: () => Promise.reject(new Error("Node's SQLite waits for nobody: use transactionSync.")),
  };
  return { storage, run: (sql) => database.exec(sql) };
}

type Row = Record<string, SqlValue>;

function rowsOf(database: DatabaseSync, sql: string, params: readonly unknown[]): Row[] {
  // A program is the same whatever is bound, and Node binds by position no parameter that has a name.
  const values = /^EXPLAIN\b/.test(sql) ? [] : (params as SqlValue[]).map(bind);
  return database
    .prepare(sql)
    .all(...values)
    .map((row) => Object.assign<Row, object>({}, row));
}

function bind(value: SqlValue): string | number | null | Uint8Array {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
}

function atomic<T>(database: DatabaseSync, body: () => T): T {
  database.exec("SAVEPOINT atomic");
  try {
    const result = body();
    database.exec("RELEASE atomic");
    return result;
  } catch (error) {
    database.exec("ROLLBACK TO atomic; RELEASE atomic");
    throw error;
  }
}

function cursorOf(rows: Row[]): SqlCursor {
  const left = rows.values();
  return {
    columnNames: Object.keys(rows[0] ?? {}),
    rowsWritten: 0,
    next: () => left.next(),
    toArray: () => [...left],
    raw: () => [...left].map((row) => Object.values(row)).values(),
    [Symbol.iterator]: () => left,
  };
}
