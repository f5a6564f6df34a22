/**
 * Reads a dump into the database, in place of everything of the user's that is in it. To be called inside of a
 * transaction that is undone if this throws, and with foreign keys off. Leaves the life of the data and their versions to
 * its caller.
 */
import { EdgePodError } from "@edgepod/core/protocol";
import { asText } from "../storage.ts";
import type { SqlValue, Storage } from "../storage.ts";
import { boundCell } from "./cell.ts";
import type { Cell } from "./cell.ts";
import { Checksum, badDump, parseLine } from "./format.ts";
import type { DumpLine } from "./format.ts";
import { dumpedTables, isUsers, quoted } from "./tables.ts";

/** What was imported, and what there is to know of where it came from. */
export interface Imported {
  readonly tables: number;
  readonly rows: number;
  /** The greatest idempotency key of the calls that may have had a part in the data. */
  readonly keys: string;
}

/**
 * Takes in a whole dump.
 *
 * @throws EdgePodError `BAD_DUMP`.
 */
export function importLines(storage: Storage, texts: Iterable<string>): Imported {
  try {
    dropEverything(storage);
    return new Import(storage).run(texts);
  } catch (error) {
    if (error instanceof EdgePodError) throw error;
    throw badDump(error instanceof Error ? error.message : String(error), error);
  }
}

class Import {
  readonly #storage: Storage;
  readonly #sum = new Checksum();
  #keys: string | null = null;
  #tables = 0;
  #rows = 0;
  #into: (DumpLine & { readonly table: string }) | null = null;
  #isOver = false;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  run(texts: Iterable<string>): Imported {
    for (const text of texts) {
      const line = parseLine(text);
      if (this.#isOver) throw badDump("it goes on after its end");
      if (this.#keys === null && !("edgepod" in line)) throw badDump("it has no beginning");
      this.#take(line);
      this.#sum.add(text);
    }
    if (this.#keys === null) throw badDump("it is empty");
    if (!this.#isOver) throw badDump("its end is missing");
    return { tables: this.#tables, rows: this.#rows, keys: this.#keys };
  }

  #take(line: DumpLine): void {
    if (isRow(line)) this.#insert(line);
    else if ("edgepod" in line) this.#keys = line.keys;
    else if ("migration" in line) this.#note(line.migration);
    else if ("table" in line) this.#create(line);
    else if ("rebuild" in line) {
      this.#run(`INSERT INTO ${quoted(line.rebuild)} (${quoted(line.rebuild)}) VALUES ('rebuild')`);
    } else if ("sequence" in line) this.#continue(line);
    else if ("object" in line) this.#run(line.object);
    else this.#end(line.end);
  }

  #create(line: DumpLine & { readonly table: string; readonly sql: string }): void {
    if (!isUsers(line.table)) throw badDump(`"${line.table}" is no table of the user's`);
    this.#run(line.sql);
    this.#into = line;
    this.#tables += 1;
  }

  #insert(row: readonly Cell[]): void {
    const into = this.#into;
    if (!into || !("columns" in into)) throw badDump("a row belongs to no table");
    const { rowid, columns } = into;
    if (row.length !== columns.length + (rowid === null ? 0 : 1))
      throw badDump(`a row of "${into.table}" has other columns`);
    const cells = rowid === null ? row : row.slice(1);
    const id = rowid === null ? [] : [integerText(row[0] ?? null)];
    const names = rowid === null ? columns : [rowid, ...columns];
    const bound = cells.map(boundCell);
    // A statement binds 100 values and a table has as many columns, so the rowid stands in the text where there are.
    const isFull = columns.length >= 100;
    const values = [
      ...id.map((text) => (isFull ? text : "CAST(? AS INTEGER)")),
      ...bound.map(({ expression }) => expression),
    ];
    this.#run(
      `INSERT OR ABORT INTO ${quoted(into.table)} (${names.map(quoted).join(", ")}) VALUES (${values.join(", ")})`,
      ...(isFull ? [] : id),
      ...bound.map(({ param }) => param),
    );
    this.#rows += 1;
  }

  #note({ id, sql, appliedAt }: { readonly id: string; readonly sql: string; readonly appliedAt: string }): void {
    this.#run("INSERT INTO _edgepod_migrations (id, sql, applied_at) VALUES (?, ?, ?)", id, sql, appliedAt);
  }

  #continue({ sequence, last }: { readonly sequence: string; readonly last: Cell }): void {
    const { expression, param } = boundCell(last);
    this.#run("DELETE FROM sqlite_sequence WHERE name = ?", sequence);
    this.#run(`INSERT INTO sqlite_sequence (name, seq) VALUES (?, ${expression})`, sequence, param);
  }

  #end({
    rows,
    sum,
    changed,
  }: {
    readonly rows: number;
    readonly sum: string;
    readonly changed: readonly string[];
  }): void {
    if (rows !== this.#rows || sum !== this.#sum.text) throw badDump("it isn't as it was written");
    if (changed.length > 0) {
      throw badDump(`it isn't of one moment: ${changed.join(", ")} was written while it was made. Export it again`);
    }
    this.#isOver = true;
  }

  #run(sql: string, ...params: SqlValue[]): void {
    this.#storage.exec(sql, ...params).toArray();
  }
}

/** Triggers and views first, which may speak of tables; an index goes with its table, and a shadow with who casts it. */
function dropEverything(storage: Storage): void {
  const objects = storage
    .exec("SELECT type, name, tbl_name FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY type")
    .toArray();
  for (const { type, name, tbl_name: table } of objects) {
    if (isUsers(asText(table))) storage.exec(`DROP ${asText(type)} ${quoted(asText(name))}`).toArray();
  }
  // Last made, first dropped: a full-text table before the one whose rows it shows.
  for (const { name } of dumpedTables(storage).toReversed()) storage.exec(`DROP TABLE ${quoted(name)}`).toArray();
  storage.exec("DELETE FROM _edgepod_migrations").toArray();
}

function isRow(line: DumpLine): line is readonly Cell[] {
  return Array.isArray(line);
}

function integerText(cell: Cell): string {
  if (typeof cell === "number") return String(cell);
  if (typeof cell === "object" && cell !== null && "i" in cell) return cell.i;
  throw badDump("a rowid isn't an integer");
}
