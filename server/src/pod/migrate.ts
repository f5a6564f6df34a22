/** Brings a pod's schema up to date: in order, each migration all or nothing, and never another history than it has. */
import type { Commit, Versions } from "../reactivity/versions.ts";
import { refuse } from "../sql/refuse.ts";
import { statementsOf } from "../sql/statement.ts";
import { asText } from "../storage.ts";
import type { Storage } from "../storage.ts";
import type { Migration } from "./migration.ts";

/** A migration that couldn't be applied. The pod keeps the state before it. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

const HISTORY = `
  CREATE TABLE IF NOT EXISTS _edgepod_migrations (
    id TEXT PRIMARY KEY, sql TEXT NOT NULL, applied_at TEXT NOT NULL
  ) STRICT;
`;

/**
 * Applies what is missing, each migration all or nothing, after which everything is stale.
 *
 * @param onCommit Told of each: sockets may have slept through it.
 * @throws MigrationError when one fails, or when the pod's history isn't the beginning of `migrations`.
 */
export async function migrate(
  storage: Storage,
  migrations: readonly Migration[],
  versions: Versions,
  onCommit: (commit: Commit) => void,
): Promise<void> {
  storage.exec(HISTORY).toArray();
  const missing = missingMigrations(storage, migrations);
  if (missing.length === 0) return;
  await withoutForeignKeys(storage, async () => {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    for (const migration of missing) onCommit(await apply(storage, migration, versions));
  });
}

/**
 * The migrations that the pod doesn't have yet.
 *
 * @throws MigrationError when its history isn't the beginning of `migrations`.
 */
export function missingMigrations(storage: Storage, migrations: readonly Migration[]): readonly Migration[] {
  const applied = storage.exec("SELECT id, sql FROM _edgepod_migrations ORDER BY rowid").toArray();
  for (const [index, { id, sql }] of applied.entries()) {
    const expected = migrations[index];
    if (!expected || expected.id !== id || expected.sql !== sql) {
      throw new MigrationError(
        `The pod's migration ${index + 1} is "${asText(id)}", which is not what the code has at that place` +
          ` (${expected ? `"${expected.id}"${expected.id === id ? ", changed since" : ""}` : "nothing"}).` +
          " Migrations that have been applied anywhere must stay as they are; add a new one instead.",
      );
    }
  }
  return migrations.slice(applied.length);
}

/**
 * Runs one migration and notes it, inside of a transaction and with foreign keys off.
 *
 * @throws MigrationError after which the transaction is to be undone.
 */
export function runMigration(storage: Storage, { id, sql }: Migration): void {
  try {
    for (const statement of statementsOf(sql) ?? []) refuse(statement);
    storage.exec(sql).toArray();
    checkForeignKeys(storage);
    storage
      .exec("INSERT INTO _edgepod_migrations (id, sql, applied_at) VALUES (?, ?, ?)", id, sql, new Date().toISOString())
      .toArray();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(`Migration "${id}" failed and was undone: ${reason}`, { cause });
  }
}

async function apply(storage: Storage, migration: Migration, versions: Versions): Promise<Commit> {
  const commit = await storage.transaction(async () => {
    runMigration(storage, migration);
    return versions.commit("all");
  });
  versions.apply(commit);
  return commit;
}

/** What foreign keys that are off don't. @throws MigrationError */
export function checkForeignKeys(storage: Storage): void {
  const [violation] = storage.exec("PRAGMA foreign_key_check").toArray();
  if (!violation) return;
  const [child, parent] = [asText(violation["table"]), asText(violation["parent"])];
  throw new MigrationError(`rows of "${child}" refer to rows of "${parent}" that don't exist`);
}

/** Nothing else may be served meanwhile. */
export async function withoutForeignKeys<T>(storage: Storage, body: () => Promise<T>): Promise<T> {
  await setForeignKeys(storage, false);
  try {
    return await body();
  } finally {
    await setForeignKeys(storage, true);
  }
}

/**
 * A rebuilt table is dropped on the way, and with foreign keys on that would delete the rows that refer to it. The
 * pragma does nothing while a transaction is open, and the first write of a turn opens one that nobody sees: an empty
 * transaction makes that commit.
 */
async function setForeignKeys(storage: Storage, isOn: boolean): Promise<void> {
  await storage.transaction(async () => undefined);
  storage.exec(`PRAGMA foreign_keys = ${isOn ? "ON" : "OFF"}`).toArray();
  const [row] = storage.exec("PRAGMA foreign_keys").raw();
  if (row?.[0] !== Number(isOn)) throw new MigrationError("The database's foreign keys couldn't be switched.");
}
