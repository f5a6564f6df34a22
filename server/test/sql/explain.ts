// SQLite's own answer: the tables whose pages a statement's program opens. No part of the engine has a hand in it.
import type { Storage } from "../../src/storage.ts";

export interface Opened {
  readonly reads: string[];
  readonly writes: string[];
}

/** Every table that the program of `sql` opens, by its declared name, or `null` where SQLite has no program for it. */
export function opened(storage: Storage, sql: string): Opened | null {
  // EXPLAIN would hold for the first of several statements alone, and Durable Objects don't drain that one: it would
  // then still be running at the commit, which fails and resets the object.
  if (sql.includes(";")) return null;
  const tables = new Map<unknown, string>();
  for (const { rootpage, tbl_name } of storage.exec("SELECT rootpage, tbl_name FROM sqlite_schema").toArray()) {
    if (typeof tbl_name === "string") tables.set(rootpage, tbl_name);
  }
  const reads = new Set<string>();
  const writes = new Set<string>();
  const parameters = Array.from({ length: parameterCount(sql) }, () => null);
  let program;
  try {
    program = storage.exec(`EXPLAIN ${sql}`, ...parameters).toArray();
  } catch {
    // Such as an IN of the wrong width. It will read nothing.
    return null;
  }
  for (const { opcode, p1, p2 } of program) {
    const table = tables.get(opcode === "Clear" ? p1 : p2);
    if (table === undefined) continue;
    if (opcode === "OpenRead" || opcode === "ReopenIdx") reads.add(table);
    if (opcode === "OpenWrite" || opcode === "Clear") writes.add(table);
  }
  return { reads: [...reads].sort(), writes: [...writes].sort() };
}

/** Every kind of parameter in the statements of these tests, counted as SQLite numbers them. */
function parameterCount(sql: string): number {
  const bare = sql.replace(/'[^']*'|"[^"]*"/g, "");
  return (bare.match(/\?\d*|[:@$]\w+/g) ?? []).length;
}
