/** The way from a statement's text to the tables it touches, remembered by text. One per pod. */
import type { Storage } from "../storage.ts";
import { NO_TABLES, union, type Analysis } from "./analysis.ts";
import { analyze } from "./analyze.ts";
import { Catalog } from "./catalog.ts";
import { statementsOf, type Statement } from "./statement.ts";

const CACHED_TEXTS = 1000;
const LONGEST_CACHED_TEXT = 16 * 1024;

export class Analyzer {
  readonly #storage: Storage;
  readonly #cache = new Map<string, Analysis>();
  #catalog: Catalog | undefined;
  #parses = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** How many texts weren't known and had to be parsed. */
  get parses(): number {
    return this.#parses;
  }

  /**
   * The tables that `sql` reads and writes under the present schema. Throws `ReservedTableError` if it would write one
   * of the engine's own. Text that SQLite will reject has an analysis, too: `"all"`.
   */
  analyze(sql: string): Analysis {
    const known = this.#cache.get(sql);
    if (known !== undefined) {
      // A Map iterates in the order of insertion: used last, dropped last.
      this.#cache.delete(sql);
      this.#cache.set(sql, known);
      return known;
    }
    this.#parses++;
    const analysis = analyzeText(sql, (this.#catalog ??= new Catalog(this.#storage)));
    if (sql.length <= LONGEST_CACHED_TEXT) this.#remember(sql, analysis);
    return analysis;
  }

  /** Forgets everything. To be called after DDL, and after a rollback of DDL. */
  schemaChanged(): void {
    this.#cache.clear();
    this.#catalog = undefined;
  }

  #remember(sql: string, analysis: Analysis): void {
    if (this.#cache.size >= CACHED_TEXTS) {
      for (const oldest of this.#cache.keys()) {
        this.#cache.delete(oldest);
        break;
      }
    }
    this.#cache.set(sql, analysis);
  }
}

function analyzeText(sql: string, catalog: Catalog): Analysis {
  const statements = statementsOf(sql);
  if (statements === null) return { reads: "all", writes: "all", ddl: true, parsedBy: "none" };
  let all: Analysis = { reads: NO_TABLES, writes: NO_TABLES, ddl: false, parsedBy: "ast" };
  for (const statement of statements) {
    const next = analyzeStatement(statement, catalog);
    all = {
      reads: union(all.reads, next.reads),
      writes: union(all.writes, next.writes),
      ddl: all.ddl || next.ddl,
      parsedBy: next.parsedBy === "none" ? "none" : all.parsedBy,
    };
  }
  return all;
}

function analyzeStatement(statement: Statement, catalog: Catalog): Analysis {
  const sets = analyze(statement, catalog);
  if (sets !== null) return { ...sets, ddl: false, parsedBy: "ast" };
  switch (statement.kind) {
    case "select":
    case "explain":
      // In SQLite no select writes: a CTE holds a select, and no function has a side effect on a table. What comes
      // first in a statement says which kind it is, whatever the grammar makes of the rest.
      return { reads: "all", writes: NO_TABLES, ddl: false, parsedBy: "none" };
    case "insert":
    case "update":
    case "delete":
    case "pragma":
      return { reads: "all", writes: "all", ddl: false, parsedBy: "none" };
    case "schema":
      return { reads: "all", writes: "all", ddl: true, parsedBy: "none" };
    default:
      return statement.kind satisfies never;
  }
}
