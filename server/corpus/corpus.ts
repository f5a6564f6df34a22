/** The statements of the corpus: random ones of two generators, and by hand what neither would make. */
import { Analyzer, type AnalyzerOptions } from "../src/sql/analyzer.ts";
import type { SqlCursor, SqlValue, Storage } from "../src/storage.ts";
import { drizzleStatement } from "./drizzle-statements.ts";
import { HAND_WRITTEN } from "./hand-written.ts";
import { Random } from "./random.ts";
import { rawStatement, type Relation } from "./raw-statements.ts";
import type { Oracle } from "./truth.ts";

/** `count` different statements that the real Drizzle builder emits. */
export function fromDrizzle(count: number, seed: number): string[] {
  const random = new Random(seed);
  return distinct(count, () => drizzleStatement(random));
}

/** `count` different statements over what is in the oracle's database. */
export function byHand(count: number, seed: number, oracle: Oracle): string[] {
  const random = new Random(seed);
  const relations = relationsOf(oracle);
  return [...HAND_WRITTEN, ...distinct(count - HAND_WRITTEN.length, () => rawStatement(random, relations))];
}

function distinct(count: number, make: () => string | null): string[] {
  const texts = new Set<string>();
  while (texts.size < count) {
    const text = make();
    if (text !== null) texts.add(text);
  }
  return [...texts];
}

function relationsOf({ database }: Oracle): Relation[] {
  const names = (sql: string, ...bind: string[]) =>
    database
      .selectValues(sql, bind.length > 0 ? bind : undefined)
      .flatMap((value) => (typeof value === "string" ? value : []));
  const writable = names(
    `SELECT name FROM sqlite_schema AS s WHERE name <> 'words' AND
     (type = 'table' OR EXISTS (SELECT 1 FROM sqlite_schema t WHERE t.type = 'trigger' AND t.tbl_name = s.name))`,
  );
  const all = names(
    `SELECT s.name FROM sqlite_schema AS s JOIN pragma_table_list(s.name) AS l
     WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite_%' AND l.type <> 'shadow'`,
  );
  return all.map((name) => ({
    name,
    writable: writable.includes(name),
    columns: names("SELECT name FROM pragma_table_xinfo(?) WHERE hidden IN (0, 2)", name),
  }));
}

/** An analyzer on the oracle's database, as a pod has one on its own. */
export function analyzerOn({ database }: Oracle, options: AnalyzerOptions): Analyzer {
  const exec = (sql: string, ...params: readonly unknown[]): SqlCursor => {
    const rows = database.selectObjects(sql, params.length > 0 ? params.map(() => null) : undefined);
    return cursorOf(rows as Record<string, SqlValue>[]);
  };
  const unused = (): never => {
    throw new Error("An analysis opens no transaction.");
  };
  const storage: Storage = { exec, transactionSync: unused, transaction: unused };
  return new Analyzer(storage, options);
}

function cursorOf(rows: Record<string, SqlValue>[]): SqlCursor {
  const iterator = rows.values();
  return {
    columnNames: Object.keys(rows[0] ?? {}),
    rowsWritten: 0,
    next: () => iterator.next(),
    toArray: () => [...iterator],
    raw: () => rows.map((row) => Object.values(row)).values(),
    [Symbol.iterator]: () => iterator,
  };
}
