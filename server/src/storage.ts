/**
 * What the engine needs from a SQL store. A Durable Object's storage is one (`pod/durable-storage.ts`); anything that
 * runs SQLite and can roll back may be another. Leaves tracking, versions and limits to those who use it.
 */

/** A value as SQLite stores it. */
export type SqlValue = ArrayBuffer | string | number | null;

/** The rows of one statement, read once, in order. */
export interface SqlCursor extends Iterable<Record<string, SqlValue>> {
  readonly columnNames: readonly string[];
  /** Rows and index entries written so far, those of triggers and cascades included. */
  readonly rowsWritten: number;
  next(): IteratorResult<Record<string, SqlValue>, undefined>;
  toArray(): Record<string, SqlValue>[];
  /** The same rows as arrays, for two columns of one name would be one member of an object. */
  raw(): IterableIterator<SqlValue[]>;
}

/** A SQLite database that one thread owns. */
export interface Storage {
  /** Its bytes in use, where that can be told. */
  readonly databaseSize?: number;
  /** Runs one statement, or several separated by `;`, to which the parameters of the last belong. */
  exec(sql: string, ...params: readonly unknown[]): SqlCursor;
  /** Runs `body` in a transaction that ends before this returns. A throw rolls back and is rethrown. */
  transactionSync<T>(body: () => T): T;
  /** Runs `body` in a transaction that may await. A rejection rolls back. Nests. No other event is served meanwhile. */
  transaction<T>(body: () => Promise<T>): Promise<T>;
}

/** A value that the schema of the table says is text. */
export function asText(value: SqlValue | undefined): string {
  if (typeof value === "string") return value;
  throw new TypeError(`Expected text in the database and found ${typeof value}.`);
}

/** A value that the schema of the table says is a number. */
export function asNumber(value: SqlValue | undefined): number {
  if (typeof value === "number") return value;
  throw new TypeError(`Expected a number in the database and found ${typeof value}.`);
}
