/** node-sql-parser's SQLite grammar, behind the one call that is made of it. What it answers is untyped. */
import sqlite from "node-sql-parser/build/sqlite.js";

/** The tree of one statement, or `undefined` where the grammar rejects it. */
export function parseSqlite(text: string): unknown {
  parser ??= new sqlite.Parser();
  try {
    return parser.astify(text, { database: "Sqlite" });
  } catch {
    // Its errors say where it stopped in a text that nobody wrote. Who needs an answer asks the next layer.
    return undefined;
  }
}

let parser: InstanceType<typeof sqlite.Parser> | undefined;
