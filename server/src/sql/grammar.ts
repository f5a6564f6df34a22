/**
 * node-sql-parser's SQLite grammar, behind the one call that is made of it. What it answers is untyped. Its evaluation
 * costs as much as a Worker's whole start, so that it waits for the first text that nobody knows yet.
 */
import { load } from "./grammar.generated.js";

export { ENGINE_BUILD } from "./grammar.generated.js";

/** The tree of one statement, or `undefined` where the grammar rejects it. */
export function parseSqlite(text: string): unknown {
  parser ??= new (load().Parser)();
  try {
    return parser.astify(text, { database: "Sqlite" });
  } catch {
    // Its errors say where it stopped in a text that nobody wrote. Who needs an answer asks the next layer.
    return undefined;
  }
}

/** Whether the parser has been evaluated in this isolate. */
export function isLoaded(): boolean {
  return parser !== undefined;
}

let parser: InstanceType<ReturnType<typeof load>["Parser"]> | undefined;
