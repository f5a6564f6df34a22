/** The rows of a statement that has been read to its end already. */
import type { SqlCursor, SqlValue } from "../storage.ts";

type Row = Record<string, SqlValue>;

export class DrainedCursor implements SqlCursor {
  readonly columnNames: readonly string[];
  readonly rowsWritten: number;
  readonly #rows: SqlValue[][];
  #next = 0;

  constructor(cursor: SqlCursor) {
    this.#rows = [...cursor.raw()];
    this.columnNames = cursor.columnNames;
    this.rowsWritten = cursor.rowsWritten;
  }

  next(): IteratorResult<Row, undefined> {
    const row = this.#rows[this.#next];
    if (!row) return { done: true, value: undefined };
    this.#next += 1;
    return { value: this.#toObject(row) };
  }

  toArray(): Row[] {
    return this.#takeRest().map((row) => this.#toObject(row));
  }

  raw(): IterableIterator<SqlValue[]> {
    return this.#takeRest().values();
  }

  *[Symbol.iterator](): Iterator<Row> {
    yield* this.toArray();
  }

  #takeRest(): SqlValue[][] {
    const rest = this.#rows.slice(this.#next);
    this.#next = this.#rows.length;
    return rest;
  }

  #toObject(row: readonly SqlValue[]): Row {
    return Object.fromEntries(this.columnNames.map((name, index) => [name, row[index] ?? null]));
  }
}
