/**
 * The rows of a statement, read when it runs: SQLite can't commit while a statement that writes is half read, and one
 * that reads would show later what has been written meanwhile.
 */
import type { SqlCursor, SqlValue } from "../storage.ts";
import { MAX_VALUE_BYTES, sizeOf } from "./bind.ts";

type Row = Record<string, SqlValue>;

/** Rows that an answer holds at most. */
export const MAX_ROWS = 1000;

export interface RowsOptions {
  /** A statement that writes is read to its end, whatever is kept of it. */
  readonly isWrite: boolean;
  /** How many of them are kept. */
  readonly limit: number;
  /** Told when there were more rows than are kept. */
  readonly cut: () => void;
}

export class Rows implements SqlCursor {
  readonly columnNames: readonly string[];
  readonly rowsWritten: number;
  readonly #rows: SqlValue[][] = [];
  #next = 0;

  constructor(cursor: SqlCursor, { isWrite, limit, cut }: RowsOptions) {
    let isCut = false;
    let isTooBig = false;
    for (const row of cursor.raw()) {
      isTooBig ||= row.some((value) => sizeOf(value) > MAX_VALUE_BYTES);
      if (this.#rows.length < limit) this.#rows.push(row);
      else isCut = true;
      if ((isCut || isTooBig) && !isWrite) break;
    }
    this.columnNames = cursor.columnNames;
    this.rowsWritten = cursor.rowsWritten;
    // Production would have refused to make such a value.
    if (isTooBig) throw new Error("string or blob too big: locally it is none");
    if (isCut) cut();
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
    const rest = this.#next === 0 ? this.#rows : this.#rows.slice(this.#next);
    this.#next = this.#rows.length;
    return rest;
  }

  #toObject(row: readonly SqlValue[]): Row {
    return Object.fromEntries(this.columnNames.map((name, index) => [name, row[index] ?? null]));
  }
}
