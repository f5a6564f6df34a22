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
  const objects = database.selectObjects(
    `SELECT s.name, s.type, s.type = 'view' AND NOT EXISTS (SELECT 1 FROM sqlite_schema t WHERE t.type = 'trigger' AND t.tbl_name = s.name) AS fixed
     FROM sqlite_schema s JOIN pragma_table_list(s.name) l
     WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite_%' AND l.type <> 'shadow'`,
  );
  return objects.map(({ name, fixed }) => ({
    name: String(name),
    writable: fixed === 0 && name !== "words",
    columns: database
      .selectValues("SELECT name FROM pragma_table_xinfo(?) WHERE hidden IN (0, 2)", [String(name)])
      .map(String),
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
