/** What `sqlite_schema` and the pragmas answer, as rows. */
import type { SqlValue } from "../storage.ts";

export type Row = Record<string, SqlValue>;

/** Every table that isn't the platform's, joined to what stands in place of `%s`. */
export const TABLES = String.raw`FROM sqlite_schema AS t, %s WHERE t.type = 'table' AND t.name NOT LIKE '\_cf\_%' ESCAPE '\'`;

export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}
