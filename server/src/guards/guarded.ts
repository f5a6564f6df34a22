/**
 * A statement on its way past the guards: what Drizzle hands over, made ready for SQLite. Values are bound as what they
 * mean, the statement fits the platform, and no more rows are read than an answer may hold.
 */
import { isEmpty } from "../sql/analysis.ts";
import type { Analysis } from "../sql/analysis.ts";
import type { Storage } from "../storage.ts";
import { bind } from "./bind.ts";
import { fit } from "./fit.ts";
import type { BoundStatement } from "./fit.ts";
import { explainLimit } from "./limits.ts";
import { wantsFirstRow } from "./first-row.ts";
import type { RowSize } from "./row-size.ts";
import { MAX_ROWS, Rows } from "./rows.ts";
import { requireWhere } from "./where.ts";

export interface GuardedStatement {
  readonly analysis: Analysis;
  readonly isWrite: boolean;
  /** The statement as it was written. */
  readonly bound: BoundStatement;
  /** What is run in its place. */
  readonly fitting: BoundStatement;
}

/**
 * Takes a statement past the guards that look at it before it runs.
 *
 * @throws EdgePodError `WHERE_MISSING`, `UNSUPPORTED_VALUE`, `LIMIT_EXCEEDED`.
 */
export function guard(sql: string, params: readonly unknown[], analyze: (sql: string) => Analysis): GuardedStatement {
  const bound = { sql, params: bind(params, () => subjectOf(analyze(sql))) };
  const fitting = fit(sql, bound.params);
  const analysis = analyze(fitting.sql);
  requireWhere(analysis.unfiltered);
  return { analysis, isWrite: !isEmpty(analysis.writes) || analysis.ddl, bound, fitting };
}

export interface RunOptions {
  /** Told when rows were left out. */
  readonly cut: () => void;
  readonly rowSize: RowSize;
}

/**
 * Runs a guarded statement. Of more rows than an answer may hold the rest is left out.
 *
 * @throws EdgePodError `LIMIT_EXCEEDED` for what the platform refuses, here or in production.
 */
export function runGuarded(storage: Storage, statement: GuardedStatement, { cut, rowSize }: RunOptions): Rows {
  const { fitting, bound, isWrite, analysis } = statement;
  const options = wantsFirstRow() ? { isWrite, limit: 1, cut: () => undefined } : { isWrite, limit: MAX_ROWS, cut };
  const run = (): Rows => new Rows(storage.exec(fitting.sql, ...fitting.params), options);
  try {
    if (!isWrite || !rowSize.concerns(bound)) return run();
    return storage.transactionSync(() => {
      const rows = run();
      rowSize.check(analysis.writes);
      return rows;
    });
  } catch (error) {
    throw explainLimit(error, () => subjectOf(analysis));
  }
}

/** What a statement touches, in words: the tables that it writes, else those that it reads. */
export function subjectOf({ reads, writes }: Analysis): string {
  const tables = isEmpty(writes) ? reads : writes;
  if (tables === "all") return "the database";
  return tables.length === 0 ? "no table" : tables.map((table) => `"${table}"`).join(", ");
}
