/**
 * What a statement really reads and writes, by SQLite itself: its authorizer, asked when the statement is prepared, the
 * pages that its program opens, and the tables whose rows are others afterwards. Nothing of the engine has a hand in it.
 */
import init, { type Database, type Sqlite3Static } from "@sqlite.org/sqlite-wasm";

export interface Truth {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

export interface Oracle {
  readonly database: Database;
  /** The truth about one statement, or `null` where SQLite rejects it. What it wrote is taken back. */
  truth(sql: string): Truth | null;
}

let sqlite3: Sqlite3Static | undefined;

/** A database with this schema and these rows, and what of `more` it takes, to be asked about statements. */
export async function openOracle(
  schema: string,
  rows: string,
  more?: (run: (sql: string) => void) => void,
): Promise<Oracle> {
  sqlite3 ??= await quietly();
  const database = new sqlite3.oo1.DB(":memory:");
  database.exec("PRAGMA foreign_keys = ON");
  database.exec(schema);
  database.exec(rows);
  more?.((sql) => attempt(() => database.exec(sql)));
  return oracleOf(sqlite3, database);
}

/** SQLite, that prints none of the errors which statements are meant to have. */
function quietly(): Promise<Sqlite3Static> {
  Object.assign(globalThis, { sqlite3ApiConfig: { warn: () => {}, error: () => {} } });
  return init({ print: () => {}, printErr: () => {} });
}

function oracleOf({ capi }: Sqlite3Static, database: Database): Oracle {
  const shadows = names(database, "SELECT name FROM pragma_table_list WHERE type = 'shadow'");
  const tables = names(
    database,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  );
  const isTable = new Set(tables);
  const owners = names(database, "SELECT tbl_name FROM sqlite_schema WHERE rootpage > 0 ORDER BY rootpage");
  const roots = database.selectValues("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0 ORDER BY rootpage");
  const pages = new Map(roots.map((page, index) => [page, owners[index]]));
  let mayHide = false;
  const authorized = { reads: new Set<string>(), writes: new Set<string>() };
  capi.sqlite3_set_authorizer(
    database,
    (_, action, name, column) => {
      if (typeof name !== "string" || !isTable.has(name)) return capi.SQLITE_OK;
      // Where no column is asked for, SQLite reports the name as it was written, also if it is a CTE's.
      if (action === capi.SQLITE_READ && column === "" && mayHide) return capi.SQLITE_OK;
      if (action === capi.SQLITE_READ) authorized.reads.add(name);
      if (WRITES.includes(action)) authorized.writes.add(name);
      return capi.SQLITE_OK;
    },
    0,
  );
  const WRITES: readonly number[] = [capi.SQLITE_INSERT, capi.SQLITE_UPDATE, capi.SQLITE_DELETE];
  const contents = () => tables.map((table) => JSON.stringify(rowsOf(database, table)));

  return {
    database,
    truth(sql) {
      authorized.reads.clear();
      authorized.writes.clear();
      mayHide = /\bwith\b/i.test(sql);
      let program;
      try {
        program = valuesFor(database, `EXPLAIN ${sql}`, (values) => database.selectObjects(`EXPLAIN ${sql}`, values));
      } catch {
        return null;
      }
      // An index on virtual tables asks its shadow tables in between; they are the index, not what is asked.
      const reads = new Set([...authorized.reads].filter((table) => !shadows.includes(table)));
      const writes = new Set([...authorized.writes].filter((table) => !shadows.includes(table)));
      for (const { opcode, p1, p2, p3 } of program) {
        if (opcode === "OpenRead" && p3 === 0) add(reads, pages.get(p2 ?? null), isTable);
        if (opcode === "OpenWrite" && p3 === 0) add(writes, pages.get(p2 ?? null), isTable);
        if (opcode === "Clear" && p2 === 0) add(writes, pages.get(p1 ?? null), isTable);
      }
      for (const [table, content] of Object.entries(CONTENT)) if (reads.has(table)) reads.add(content);
      if (!/^\s*(?:select|values)/i.test(sql)) {
        for (const table of changedBy(database, sql, tables, contents)) writes.add(table);
      }
      return { reads: [...reads].sort(), writes: [...writes].sort() };
    },
  };
}

/** Virtual tables of the corpus that take their rows from another, as FTS5's documentation has it. */
const CONTENT = { search: "posts", words: "notes" };

function changedBy(database: Database, sql: string, tables: readonly string[], contents: () => string[]): string[] {
  database.exec("SAVEPOINT before");
  try {
    const before = contents();
    // It fails, as often as not, by a constraint. Then nothing is changed.
    attempt(() => valuesFor(database, sql, (bind) => database.exec({ sql, ...(bind && { bind }) })));
    const after = contents();
    return tables.filter((_, index) => before[index] !== after[index]);
  } finally {
    database.exec("ROLLBACK TO before; RELEASE before");
  }
}

function attempt(body: () => unknown): void {
  try {
    body();
  } catch {
    // What SQLite refuses isn't there.
  }
}

/** Runs `body` with a value for every parameter. */
function valuesFor<T>(database: Database, sql: string, body: (values: number[] | undefined) => T): T {
  const prepared = database.prepare(sql);
  const count = prepared.parameterCount;
  prepared.finalize();
  return body(count === 0 ? undefined : Array.from({ length: count }, () => 2));
}

function names(database: Database, sql: string): string[] {
  return database.selectValues(sql).flatMap((value) => (typeof value === "string" ? value : []));
}

function rowsOf(database: Database, table: string): unknown[] {
  try {
    return database
      .selectArrays(`SELECT * FROM "${table.replaceAll('"', '""')}"`)
      .map((row) =>
        row.map((value) =>
          typeof value === "bigint" ? `${value}n` : value instanceof Uint8Array ? [...value] : value,
        ),
      );
  } catch {
    return [];
  }
}

function add(set: Set<string>, table: string | undefined, known: ReadonlySet<string>): void {
  if (table !== undefined && known.has(table)) set.add(table);
}
