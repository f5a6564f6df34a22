/** What of a database's schema a dump holds, in the order in which it can be made again, and where each table's rows are. */
import { fold, isHidden, isOwn } from "../sql/names.ts";
import { moduleOf } from "../sql/schema-object.ts";
import { isOperator, isWord } from "../sql/lexer.ts";
import { asText } from "../storage.ts";
import type { Storage } from "../storage.ts";

export interface DumpedTable {
  readonly name: string;
  readonly sql: string;
  /** Those that are written; generated ones follow from them. */
  readonly columns: readonly string[];
  /** The name of the rowid, where none of the columns is the rowid. */
  readonly rowid: string | null;
  /** What tells its rows apart, and orders them; null if only their places do. */
  readonly key: readonly string[] | null;
  /** Whether its rows are its own, made of another table's, shown of it, or in no form that could be read. */
  readonly rows: "own" | "rebuilt" | "shown" | "unreadable";
}

/** The user's tables in the order in which they were made; shadow tables come with those whose shadows they are. */
export function dumpedTables(storage: Storage): DumpedTable[] {
  const shadows = new Set(
    storage
      .exec("SELECT name FROM pragma_table_list WHERE type = 'shadow'")
      .toArray()
      .map(({ name }) => asText(name)),
  );
  return storage
    .exec("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
    .toArray()
    .map(({ name, sql }) => ({ name: asText(name), sql: typeof sql === "string" ? sql : "" }))
    .filter(({ name }) => isUsers(name) && !shadows.has(name))
    .map((table) =>
      /^create\s+virtual\b/i.test(table.sql) ? virtualTable(storage, table) : realTable(storage, table),
    );
}

/** The statements that make indexes, views and triggers, in that order: a trigger may be a view's. */
export function dumpedObjects(storage: Storage): string[] {
  return storage
    .exec(
      `SELECT name, tbl_name, sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL
       ORDER BY CASE type WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid`,
    )
    .toArray()
    .flatMap(({ tbl_name: table, sql }) => (isUsers(asText(table)) ? asText(sql) : []));
}

/** Whether a table is the user's: not SQLite's, the platform's or the engine's own. */
export function isUsers(name: string): boolean {
  return !isHidden(name) && !isOwn(name);
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

type Declared = Pick<DumpedTable, "name" | "sql">;

function realTable(storage: Storage, table: Declared): DumpedTable {
  const all = columnsOf(storage, table.name);
  const columns = all.filter(({ hidden }) => hidden === 0);
  const key = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
  const names = columns.map(({ name }) => name);
  const [list] = storage
    .exec("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", table.name)
    .toArray();
  if (list?.["wr"] === 1)
    return { ...table, columns: names, rowid: null, key: key.map(({ name }) => name), rows: "own" };
  const taken = new Set(all.map(({ name }) => fold(name)));
  const rowid = ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name)) ?? null;
  const [single, ...others] = key;
  // INTEGER PRIMARY KEY is the rowid by another name. DESC, by an old mistake of SQLite's, makes it a column of its own.
  const isRowid =
    single !== undefined && others.length === 0 && fold(single.type) === "integer" && !hasKeyIndex(storage, table.name);
  if (isRowid) return { ...table, columns: names, rowid: null, key: [single.name], rows: "own" };
  return { ...table, columns: names, rowid, key: rowid === null ? null : [rowid], rows: "own" };
}

function virtualTable(storage: Storage, table: Declared): DumpedTable {
  const module = moduleOf(table.sql);
  const columns = columnsOf(storage, table.name).flatMap(({ name, hidden }) => (hidden === 0 ? name : []));
  switch (module?.name) {
    case "fts5": {
      const content = module.args.find((arg) => isWord(arg[0], "CONTENT") && isOperator(arg[1], "="));
      if (!content) return { ...table, columns, rowid: "rowid", key: ["rowid"], rows: "own" };
      const text = table.sql.slice(content[2]?.start, content[2]?.end);
      return { ...table, columns, rowid: null, key: null, rows: /^(?:''|"")?$/.test(text) ? "unreadable" : "rebuilt" };
    }
    case "fts5vocab":
      return { ...table, columns, rowid: null, key: null, rows: "shown" };
    default:
      // An R-tree: its first column is its key.
      return { ...table, columns, rowid: null, key: columns.slice(0, 1), rows: "own" };
  }
}

function hasKeyIndex(storage: Storage, table: string): boolean {
  return storage.exec("SELECT 1 FROM pragma_index_list(?) WHERE origin = 'pk'", table).toArray().length > 0;
}

function columnsOf(storage: Storage, table: string) {
  return storage
    .exec("SELECT name, type, pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid", table)
    .toArray()
    .map(({ name, type, pk, hidden }) => ({
      name: asText(name),
      type: asText(type),
      pk: Number(pk),
      hidden: Number(hidden),
    }));
}
