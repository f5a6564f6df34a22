/**
 * SQLite's own answer: the tables whose pages the program of a statement opens, triggers and foreign key actions
 * included. Never the only source, for the format of EXPLAIN may change and virtual tables don't show in it.
 */
import type { SqlValue, Storage } from "../storage.ts";
import type { Token } from "./lexer.ts";
import { type Statement, textOf } from "./statement.ts";

/** What a program opens, by the declared names of tables. */
export interface Opened {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
}

/** The table that each root page belongs to; an index belongs to its table. To be made anew with the schema. */
export type RootPages = ReadonlyMap<SqlValue, string>;

export function rootPages(storage: Storage): RootPages {
  const tables = new Map<SqlValue, string>();
  const rows = storage.exec("SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0").toArray();
  for (const { rootpage, tbl_name } of rows) {
    if (rootpage !== undefined && typeof tbl_name === "string") tables.set(rootpage, tbl_name);
  }
  return tables;
}

/** What the program of one statement opens, or the error with which SQLite refuses to make one. */
export function explain(storage: Storage, statement: Statement, tables: RootPages): Opened | Error {
  // One at a time: of several statements only the first would be explained, and a Durable Object would leave it
  // unfinished, so that the commit fails and resets the object.
  const count = Math.min(parameterCount(statement.tokens), MOST_PARAMETERS);
  const parameters = Array.from({ length: count }, () => null);
  let program;
  try {
    program = storage.exec(`EXPLAIN ${textOf(statement)}`, ...parameters).toArray();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const reads = new Set<string>();
  const writes = new Set<string>();
  for (const { opcode, p1, p2, p3 } of program) {
    // The third operand is the database: 0 is main, 1 holds what is temporary, such as sorters.
    if (opcode === "OpenRead" && p3 === 0) add(reads, tables.get(p2 ?? null));
    else if (opcode === "OpenWrite" && p3 === 0) add(writes, tables.get(p2 ?? null));
    else if (opcode === "Clear" && p2 === 0) add(writes, tables.get(p1 ?? null));
  }
  return { reads, writes };
}

// SQLite refuses a higher number, such as `?4000000000`, before it looks at what is bound.
const MOST_PARAMETERS = 32_766;

function add(set: Set<string>, table: string | undefined): void {
  if (table !== undefined) set.add(table);
}

/** How many values must be bound: SQLite numbers `?` on from the highest, and each name once. */
function parameterCount(tokens: readonly Token[]): number {
  const names = new Set<string>();
  let highest = 0;
  for (const { kind, value } of tokens) {
    if (kind !== "parameter") continue;
    if (value === "?") highest++;
    else if (value.startsWith("?")) highest = Math.max(highest, Number(value.slice(1)));
    else if (!names.has(value)) {
      names.add(value);
      highest++;
    }
  }
  return highest;
}
