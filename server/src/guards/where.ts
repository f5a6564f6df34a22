/** An UPDATE or DELETE of every row must say that it means every row. */
import { EdgePodError } from "@edgepod/core/protocol";
import { sql } from "drizzle-orm";
import { SQLiteDeleteBase, SQLiteUpdateBase } from "drizzle-orm/sqlite-core";

/** @throws EdgePodError `WHERE_MISSING` for the tables of an UPDATE or DELETE without WHERE. */
export function requireWhere(unfiltered: readonly string[]): void {
  const [table] = unfiltered;
  if (table === undefined) return;
  throw new EdgePodError(
    "WHERE_MISSING",
    `This would update or delete every row of "${table}", for it has no WHERE (where(undefined) is none).` +
      " Say .withoutWhere() if every row is meant, or WHERE true in raw SQL.",
  );
}

/**
 * Gives Drizzle's builders `.withoutWhere()`. What it makes has a WHERE, so the guard needs no exception, and no other
 * way of building a statement can get around it.
 */
export function installWithoutWhere(): void {
  for (const builder of [SQLiteUpdateBase, SQLiteDeleteBase]) {
    Object.defineProperty(builder.prototype, "withoutWhere", {
      configurable: true,
      value(this: { where(condition: unknown): unknown }) {
        return this.where(sql`true`);
      },
    });
  }
}
