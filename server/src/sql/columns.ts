/** What is to be known of the columns of all tables. */
import type { Storage } from "../storage.ts";
import { isDeterministic } from "./determinism.ts";
import { fold } from "./names.ts";
import { type Row, TABLES, text } from "./schema-rows.ts";
import { statementsOf } from "./statement.ts";

/** By table, folded. */
export interface Columns {
  readonly all: Sets;
  readonly keys: Sets;
  readonly generated: Sets;
  readonly defaulted: Sets;
  readonly volatile: Sets;
  /** The columns of unique indexes. One over an expression has none, and that is in `expressions`. */
  readonly unique: Sets;
  readonly expressions: ReadonlySet<string>;
}

type Sets = ReadonlyMap<string, ReadonlySet<string>>;

export function readColumns(storage: Storage): Columns {
  const columns = storage.exec(COLUMNS).toArray();
  const indexed = storage.exec(UNIQUE).toArray();
  const noted = (rows: readonly Row[], isNoted: (row: Row) => boolean): Sets => {
    const byTable = Map.groupBy(rows.filter(isNoted), (row) => fold(text(row, "table")));
    return new Map([...byTable].map(([table, some]) => [table, new Set(some.map((row) => fold(text(row, "column"))))]));
  };
  return {
    all: noted(columns, () => true),
    keys: noted(columns, (row) => row["pk"] !== 0),
    generated: noted(columns, (row) => row["hidden"] !== 0),
    defaulted: noted(columns, (row) => row["default"] !== null),
    volatile: noted(columns, (row) => !(statementsOf(`SELECT ${text(row, "default")}`) ?? []).every(isDeterministic)),
    unique: noted(indexed, () => true),
    expressions: new Set(indexed.flatMap((row) => (row["column"] === null ? [fold(text(row, "table"))] : []))),
  };
}

/** By which columns a row can be in the way of another, and whether one of them has a value where none is given. */
export function uniquenessOf(
  table: string,
  columns: Columns,
): { readonly unique: ReadonlySet<string> | null; readonly uniqueByDefault: boolean } {
  const unique = [...(columns.keys.get(table) ?? []), ...(columns.unique.get(table) ?? [])];
  // A generated column changes with others.
  const isKnown =
    !columns.expressions.has(table) && !unique.some((column) => columns.generated.get(table)?.has(column));
  return {
    unique: isKnown ? new Set(unique) : null,
    uniqueByDefault: unique.some((column) => columns.defaulted.get(table)?.has(column)),
  };
}

const COLUMNS = `
  SELECT t.name AS "table", c.name AS "column", c.pk, c.hidden IN (2, 3) AS hidden, c.dflt_value AS "default"
  ${TABLES.replace("%s", "pragma_table_xinfo(t.name) AS c")}`;
const UNIQUE = `
  SELECT t.name AS "table", c.name AS "column"
  ${TABLES.replace("%s", "pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c")} AND i."unique"`;
