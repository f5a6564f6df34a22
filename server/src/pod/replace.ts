/** Puts a dump in the place of a pod's data, all or nothing. What the pod keeps in memory is then of before. */
import { EdgePodError } from "@edgepod/core/protocol";
import { badDump } from "../dump/format.ts";
import { importLines } from "../dump/import.ts";
import type { Imported } from "../dump/import.ts";
import { linesOf } from "../dump/lines.ts";
import type { Staging } from "../dump/staging.ts";
import type { Versions } from "../reactivity/versions.ts";
import { asNumber } from "../storage.ts";
import type { Storage } from "../storage.ts";
import { drawLife } from "./epoch.ts";
import type { KeptCalls } from "./kept-calls.ts";
import { MigrationError, checkForeignKeys, missingMigrations, runMigration, withoutForeignKeys } from "./migrate.ts";
import type { Migration } from "./migration.ts";

export interface ImportOptions {
  /** Whether what the pod holds may be lost. Otherwise only one is written to in which nothing has been written yet. */
  readonly replace?: boolean;
}

/** What has come of an import. */
export interface ImportResult {
  readonly tables: number;
  readonly rows: number;
}

export interface Replaced {
  readonly storage: Storage;
  readonly staging: Staging;
  readonly versions: Versions;
  readonly kept: KeptCalls;
}

/**
 * Takes in the dump that waits in `staging`. Nothing else may be served meanwhile.
 *
 * @throws EdgePodError `BAD_DUMP`, `POD_NOT_EMPTY`, `MIGRATION_FAILED`; then everything is as before.
 */
export function replaceData(
  { storage, staging, versions, kept }: Replaced,
  migrations: readonly Migration[],
  options: ImportOptions,
): Promise<ImportResult> {
  return withoutForeignKeys(storage, () =>
    storage.transaction(async () => {
      checkReplaceable(storage, versions, options);
      drawLife(storage);
      const imported = importLines(storage, linesOf(staging.chunks()));
      bringUpToDate(storage, migrations);
      const { greatest } = kept;
      kept.forgetAll(imported.keys > greatest ? imported.keys : greatest);
      // The tables keep their numbers and the versions go on, so nothing that anybody has heard can be mistaken for news.
      versions.commit("all");
      staging.clear();
      return resultOf(imported);
    }),
  );
}

/** @throws EdgePodError `POD_NOT_EMPTY` unless nothing but migrations has ever been committed, or that may be lost. */
export function checkReplaceable(storage: Storage, versions: Versions, { replace = false }: ImportOptions): void {
  if (replace) return;
  const [row] = storage.exec("SELECT count(*) AS applied FROM _edgepod_migrations").toArray();
  if (versions.current <= asNumber(row?.["applied"])) return;
  throw new EdgePodError("POD_NOT_EMPTY", "The pod has data of its own. Say `replace: true` if they may be lost.");
}

/** A dump may be older than the code. */
function bringUpToDate(storage: Storage, migrations: readonly Migration[]): void {
  try {
    checkForeignKeys(storage);
  } catch (error) {
    throw badDump(error instanceof Error ? error.message : String(error), error);
  }
  try {
    for (const migration of missingMigrations(storage, migrations)) runMigration(storage, migration);
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    throw new EdgePodError("MIGRATION_FAILED", `The dump was not imported. ${error.message}`, { cause: error });
  }
}

function resultOf({ tables, rows }: Imported): ImportResult {
  return { tables, rows };
}
