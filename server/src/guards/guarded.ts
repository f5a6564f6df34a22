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
import { Rows } from "./rows.ts";
import { requireWhere } from "./where.ts";

export interface GuardedStatement {
  readonly analysis: Analysis;
  readonly isWrite: boolean;
  /** What it touches, in words, for errors and warnings. */
  readonly subject: string;
  /** What is run in its place, in order and all or nothing. Usually one. */
  readonly parts: readonly { readonly sql: string; readonly params: readonly Bound[] }[];
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
  const subject = subjectOf(analysis);
  const parts = fitting.map((part) => ({ sql: part.sql, params: bind(part.params, subject) }));
  return { analysis, isWrite: !isEmpty(analysis.writes) || analysis.ddl, subject, parts };
}

/**
 * Runs a guarded statement. Of more rows than an answer may hold the rest is left out, and `cut` is told.
 *
 * @throws EdgePodError `LIMIT_EXCEEDED` for what the platform refuses.
 */
export function runGuarded(storage: Storage, statement: GuardedStatement, cut: () => void): Rows {
  const { parts, isWrite, subject } = statement;
  const read = (): Rows => new Rows(cursorsOf(storage, statement), { isWrite, cut });
  try {
    return parts.length === 1 ? read() : storage.transactionSync(read);
  } catch (error) {
    throw explainLimit(error, subject);
  }
}

function* cursorsOf(storage: Storage, { parts }: GuardedStatement): Generator<SqlCursor> {
  for (const { sql, params } of parts) yield storage.exec(sql, ...params);
}

/** The tables that it writes, else those that it reads. */
function subjectOf({ reads, writes }: Analysis): string {
  const tables = isEmpty(writes) ? reads : writes;
  if (tables === "all") return "the database";
  return tables.length === 0 ? "no table" : tables.map((table) => `"${table}"`).join(", ");
}
