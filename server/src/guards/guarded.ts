/**
 * A statement on its way past the guards: what Drizzle hands over, made ready for SQLite. Values are bound as what they
 * mean, the statement fits the platform, and no more rows are read than an answer may hold.
 */
import { isEmpty, together } from "../sql/analysis.ts";
import type { Analysis } from "../sql/analysis.ts";
import type { SqlCursor, Storage } from "../storage.ts";
import { bind } from "./bind.ts";
import type { Bound } from "./bind.ts";
import { fit } from "./fit.ts";
import { explainLimit } from "./limits.ts";
import { wantsFirstRow } from "./first-row.ts";
import { MAX_ROWS, Rows } from "./rows.ts";
import { requireWhere } from "./where.ts";

/** A text that SQLite runs, and what is bound to it. */
interface Part {
  readonly sql: string;
  readonly params: readonly Bound[];
}

export interface GuardedStatement {
  readonly analysis: Analysis;
  readonly isWrite: boolean;
  /** What is run in its place, in order and all or nothing. Usually one. */
  readonly parts: readonly Part[];
}

/**
 * Takes a statement past the guards that look at it before it runs.
 *
 * @throws EdgePodError `WHERE_MISSING`, `UNSUPPORTED_VALUE`, `LIMIT_EXCEEDED`.
 */
export function guard(sql: string, params: readonly unknown[], analyze: (sql: string) => Analysis): GuardedStatement {
  const fitting = fit(sql, params);
  const analysis = together(fitting.map((part) => analyze(part.sql)));
  requireWhere(analysis.unfiltered);
  const subject = (): string => subjectOf(analysis);
  const parts = fitting.map((part) => ({ sql: part.sql, params: bind(part.params, subject) }));
  return { analysis, isWrite: !isEmpty(analysis.writes) || analysis.ddl, parts };
}

/**
 * Runs a guarded statement. Of more rows than an answer may hold the rest is left out, and `cut` is told.
 *
 * @throws EdgePodError `LIMIT_EXCEEDED` for what the platform refuses.
 */
export function runGuarded(storage: Storage, { parts, isWrite, analysis }: GuardedStatement, cut: () => void): Rows {
  const options = wantsFirstRow() ? { isWrite, limit: 1, cut: () => undefined } : { isWrite, limit: MAX_ROWS, cut };
  const read = (): Rows => new Rows(cursorsOf(storage, parts), options);
  try {
    return parts.length === 1 ? read() : storage.transactionSync(read);
  } catch (error) {
    throw explainLimit(error, () => subjectOf(analysis));
  }
}

function* cursorsOf(storage: Storage, parts: readonly Part[]): Generator<SqlCursor> {
  for (const { sql, params } of parts) yield storage.exec(sql, ...params);
}

/** What a statement touches, in words: the tables that it writes, else those that it reads. */
export function subjectOf({ reads, writes }: Analysis): string {
  const tables = isEmpty(writes) ? reads : writes;
  if (tables === "all") return "the database";
  return tables.length === 0 ? "no table" : tables.map((table) => `"${table}"`).join(", ");
}
