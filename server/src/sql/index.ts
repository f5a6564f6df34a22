/** The SQL stage for whoever isn't a pod: the command line, tests, another store. */
export { Analyzer } from "./analyzer.ts";
export { ReservedTableError } from "./errors.ts";
export { explain } from "./explain.ts";
export { statementsOf } from "./statement.ts";

export type { Analysis, Tables } from "./analysis.ts";
export type { AnalyzerOptions } from "./analyzer.ts";
export type { Layers } from "./layers.ts";
export type { Statement } from "./statement.ts";
export type { SqlCursor, SqlValue, Storage } from "../storage.ts";
