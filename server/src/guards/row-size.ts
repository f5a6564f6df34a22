/**
 * A row holds at most 2 MB in production, and locally four times that: nobody would notice before the deploy. Where the
 * platform doesn't say so itself, this looks after a write whether it has made a larger row.
 */
import { EdgePodError } from "@edgepod/core/protocol";
import { asText } from "../storage.ts";
import type { Storage } from "../storage.ts";
import { MAX_VALUE_BYTES, sizeOf } from "./bind.ts";
import type { BoundStatement } from "./fit.ts";

/** What a write may bind without being looked after, unless it makes more out of it. */
const SMALL_BYTES = 16_000;
/** Should production leave it to us as well, a write mustn't read a whole large table. */
const MOST_LOOKED_AT = 10_000;

export class RowSize {
  readonly #storage: Storage;
  #isLeftToUs: boolean | undefined;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Whether this write may make a row that only production would refuse. */
  concerns({ sql, params }: BoundStatement): boolean {
    this.#isLeftToUs ??= this.#takesMore();
    if (!this.#isLeftToUs) return false;
    const bytes = params.reduce<number>((all, value) => all + sizeOf(value), 0);
    return bytes > SMALL_BYTES || MAKES_MORE.test(sql) || (UPDATES.test(sql) && !SETS_VALUES.test(sql));
  }

  /**
   * To be called after the write, inside of a transaction that a throw undoes.
   *
   * @throws EdgePodError `LIMIT_EXCEEDED` if one of `tables` holds a row that is too large.
   */
  check(tables: readonly string[] | "all"): void {
    // A smaller database holds no such row, and this is the one look that is cheap.
    if ((this.#storage.databaseSize ?? Infinity) < MAX_VALUE_BYTES) return;
    const rowids = new Map(this.#tables().map(({ name, hasRowid }) => [name.toLowerCase(), hasRowid]));
    for (const table of tables === "all" ? rowids.keys() : tables) {
      const hasRowid = rowids.get(table.toLowerCase());
      if (hasRowid === undefined) continue;
      const columns = this.#storage
        .exec("SELECT name FROM pragma_table_info(?)", table)
        .toArray()
        .map(({ name }) => `ifnull(octet_length(${quoted(asText(name))}), 0)`);
      const newest = `FROM ${quoted(table)} ${hasRowid ? "ORDER BY rowid DESC" : ""} LIMIT ${MOST_LOOKED_AT}`;
      const sql = `SELECT 1 FROM (SELECT ${sum(columns)} AS size ${newest}) WHERE size > ${MAX_VALUE_BYTES} LIMIT 1`;
      if (this.#storage.exec(sql).toArray().length > 0) throw rowTooLarge(table);
    }
  }

  #takesMore(): boolean {
    try {
      this.#storage.exec(`SELECT length(zeroblob(${MAX_VALUE_BYTES * 1.1}))`).toArray();
      return true;
    } catch {
      return false;
    }
  }

  #tables(): readonly { readonly name: string; readonly hasRowid: boolean }[] {
    return this.#storage
      .exec("SELECT name, wr FROM pragma_table_list WHERE type = 'table' AND schema = 'main'")
      .toArray()
      .map(({ name, wr }) => ({ name: asText(name), hasRowid: wr === 0 }))
      .filter(({ name }) => !/^(?:sqlite_|_cf_)/i.test(name));
  }
}

// Taken from the bare text: a string that holds such a word costs a needless look.
const MAKES_MORE =
  /\|\||\b(?:select|zeroblob|randomblob|replace|printf|format|group_concat|string_agg|concat|concat_ws|hex|quote|char|jsonb?_?\w*)\b/i;
const UPDATES = /\bupdate\b/i;
const SETS_VALUES =
  /\bset\s+(?:"[^"]*"|\w+)\s*=\s*(?:\?|null|\d+)(?:\s*,\s*(?:"[^"]*"|\w+)\s*=\s*(?:\?|null|\d+))*\s*(?:where\b|returning\b|$)/i;

/** A balanced sum, for an expression is at most 100 levels deep. */
function sum(terms: readonly string[]): string {
  if (terms.length <= 2) return terms.join(" + ");
  const half = Math.ceil(terms.length / 2);
  return `(${sum(terms.slice(0, half))}) + (${sum(terms.slice(half))})`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function rowTooLarge(table: string): EdgePodError {
  return new EdgePodError(
    "LIMIT_EXCEEDED",
    `A row of "${table}" is larger than 2 MB in all, the most that the platform stores. Split it, or keep its large values in an object store.`,
  );
}
