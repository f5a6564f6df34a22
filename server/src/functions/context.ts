/** What a function is given beside its arguments. Types only, and none of a platform: browsers' programs read them too. */
import type { SQL, Subquery } from "drizzle-orm";
import type { BaseSQLiteDatabase, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { SQLiteDeleteWithout } from "drizzle-orm/sqlite-core/query-builders/delete";
import type { SQLiteUpdateWithout } from "drizzle-orm/sqlite-core/query-builders/update";
import type { SQLiteViewBase } from "drizzle-orm/sqlite-core/view-base";

/** A schema module, as `import * as schema from "./schema"` gives it. */
export type Schema = Record<string, unknown>;

type Database<S extends Schema> = BaseSQLiteDatabase<"sync", void, S>;

/** Methods of Drizzle's database that take SQL as it stands. */
type RawMethod = "run" | "all" | "get" | "values";

/**
 * Drizzle's database over the pod's SQLite. Every statement is tracked. Without the methods that take raw SQL, for which
 * there is `ctx.unsafeRawDb`.
 */
export interface PodDatabase<S extends Schema> extends Omit<Database<S>, RawMethod | "transaction" | "$cache" | "_"> {
  /**
   * Runs `body` all or nothing: a throw, also after an await, undoes what it wrote. Nests.
   *
   * @example
   * await ctx.db.transaction(async (tx) => {
   *   await tx.insert(accounts).values({ name });
   *   await tx.update(totals).set({ count: sql`count + 1` }).where(eq(totals.id, 1));
   * });
   */
  transaction<T>(body: (tx: Transaction<S>) => Promise<T>): Promise<T>;
}

/** The database inside `db.transaction`. */
export interface Transaction<S extends Schema> extends PodDatabase<S> {
  /** Undoes the transaction, by throwing. */
  rollback(): never;
}

/** The same database with the methods that take raw SQL: `run`, `all`, `get` and `values`. Tracked all the same. */
export interface RawDatabase<S extends Schema> extends PodDatabase<S>, Pick<Database<S>, RawMethod> {}

/** Who calls, as `authenticate` gave it: usually the payload of a verified token. */
export type User = Readonly<Record<string, unknown>>;

/** Writes to the pod's log. `details` must be plain JSON, and no secret. */
export interface Log {
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/**
 * What a function is given as its first parameter. Valid until the function ends.
 *
 * @example
 * import type { Context } from "@edgepod/server";
 * import type * as schema from "./schema";
 * export type Ctx = Context<typeof schema>;
 */
export interface Context<S extends Schema, Env extends object = object, U extends User | null = User | null> {
  readonly db: PodDatabase<S>;
  readonly unsafeRawDb: RawDatabase<S>;
  readonly user: U;
  /** The Worker's bindings and variables. */
  readonly env: Env;
  /** The caller's request headers; empty where the call didn't come over HTTP. */
  readonly headers: Headers;
  readonly log: Log;
  /**
   * Says that tables changed in a way no statement shows, so that whoever reads them refetches. Signalled like a write:
   * after the commit, and not at all when a mutation throws.
   *
   * @throws EdgePodError `UNKNOWN_TABLE` for a table that the database doesn't have; `QUERY_WROTE` in a query.
   */
  invalidate(tables: readonly string[] | "*"): void;
}

// `.withoutWhere()` for the type checker; `guards/where.ts` installs it. The builders' own type parameters, to the letter, or the declarations wouldn't merge.
declare module "drizzle-orm/sqlite-core/query-builders/delete" {
  interface SQLiteDeleteBase<
    TTable extends SQLiteTable,
    TResultType extends "sync" | "async",
    TRunResult,
    TReturning extends Record<string, unknown> | undefined = undefined,
    TDynamic extends boolean = false,
    TExcludedMethods extends string = never,
  > {
    /** Says that every row is meant. Without it, or a `where`, the statement is refused. */
    withoutWhere(): SQLiteDeleteWithout<this, TDynamic, "where" | "withoutWhere">;
  }
}
declare module "drizzle-orm/sqlite-core/query-builders/update" {
  interface SQLiteUpdateBase<
    TTable extends SQLiteTable = SQLiteTable,
    TResultType extends "sync" | "async" = "sync" | "async",
    TRunResult = unknown,
    TFrom extends SQLiteTable | Subquery | SQLiteViewBase | SQL | undefined = undefined,
    TReturning = undefined,
    TDynamic extends boolean = false,
    TExcludedMethods extends string = never,
  > {
    /** Says that every row is meant. Without it, or a `where`, the statement is refused. */
    withoutWhere(): SQLiteUpdateWithout<this, TDynamic, "where" | "withoutWhere">;
  }
}
