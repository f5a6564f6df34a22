/** How a pod's schema comes to be, and what is left of it when that fails. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { durableStorage } from "../src/pod/durable-storage.ts";
import { MigrationError, migrate } from "../src/pod/migrate.ts";
import type { Migration } from "../src/index.ts";
import { Versions } from "../src/reactivity/versions.ts";
import type { Storage } from "../src/storage.ts";

const PARENTS: Migration = {
  id: "0001",
  sql: `CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id) ON DELETE CASCADE);
        INSERT INTO parents VALUES (1, 'a'); INSERT INTO children VALUES (1, 1), (2, 1);`,
};

/** What drizzle-kit writes to make a column NOT NULL. */
const REBUILD: Migration = {
  id: "0002",
  sql: `PRAGMA foreign_keys=OFF;--> statement-breakpoint
        CREATE TABLE __new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);--> statement-breakpoint
        INSERT INTO __new_parents SELECT id, name FROM parents;--> statement-breakpoint
        DROP TABLE parents;--> statement-breakpoint
        ALTER TABLE __new_parents RENAME TO parents;--> statement-breakpoint
        PRAGMA foreign_keys=ON;`,
};

/** A bare object's database, which no pod has touched. */
function inDatabase(test: (storage: Storage, versions: Versions) => Promise<void>): Promise<void> {
  const stub = env.BARE.getByName(crypto.randomUUID());
  return runInDurableObject(stub, async (_instance, state: DurableObjectState) => {
    const storage = durableStorage(state.storage);
    await test(storage, new Versions(storage));
  });
}

const count = (storage: Storage, table: string): unknown =>
  [...storage.exec(`SELECT count(*) FROM ${table}`).raw()][0]?.[0];

describe("migrations", () => {
  it("are applied in order, once, and each raises the version", () =>
    inDatabase(async (storage, versions) => {
      await migrate(storage, [PARENTS], versions, () => undefined);
      await migrate(storage, [PARENTS, REBUILD], versions, () => undefined);
      await migrate(storage, [PARENTS, REBUILD], versions, () => undefined);
      expect(versions.current).toBe(2);
      expect(() => storage.exec("INSERT INTO parents VALUES (2, NULL)")).toThrow("NOT NULL");
    }));

  it("that rebuild a table keep the rows that refer to it", () =>
    inDatabase(async (storage, versions) => {
      await migrate(storage, [PARENTS, REBUILD], versions, () => undefined);
      expect(count(storage, "children")).toBe(2);
      storage.exec("DELETE FROM parents").toArray();
      expect(count(storage, "children")).toBe(0);
    }));

  it("that fail leave the state before them, and those before them applied", () =>
    inDatabase(async (storage, versions) => {
      const broken = { id: "0002", sql: "CREATE TABLE more (id INTEGER); INSERT INTO nowhere VALUES (1);" };
      await expect(migrate(storage, [PARENTS, broken], versions, () => undefined)).rejects.toThrow(MigrationError);
      expect(versions.current).toBe(1);
      expect(() => storage.exec("SELECT * FROM more")).toThrow("no such table");
      expect([...storage.exec("PRAGMA foreign_keys").raw()]).toEqual([[1]]);
    }));

  it.each([
    "CREATE TABLE more (id INTEGER UNIQUE ON CONFLICT ROLLBACK)",
    "CREATE TRIGGER no BEFORE DELETE ON parents BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
    "INSERT OR ROLLBACK INTO parents VALUES (1, 'a')",
    "DROP TABLE _edgepod_tables",
  ])("may not bring what no function may run: %s", (sql) =>
    inDatabase(async (storage, versions) => {
      const applied = migrate(storage, [PARENTS, { id: "0002", sql }], versions, () => undefined);
      await expect(applied).rejects.toThrow(/would end|belongs to EdgePod/);
      expect(versions.current).toBe(1);
    }),
  );

  it("that leave rows without their parents are undone", () =>
    inDatabase(async (storage, versions) => {
      const orphaning = { id: "0002", sql: "DELETE FROM parents;" };
      await expect(migrate(storage, [PARENTS, orphaning], versions, () => undefined)).rejects.toThrow(
        'rows of "children" refer to rows of "parents" that don\'t exist',
      );
      expect(count(storage, "parents")).toBe(1);
    }));

  it.each([
    ["changed", [{ ...PARENTS, sql: `${PARENTS.sql} ` }]],
    ["gone", []],
    ["preceded by another", [{ id: "0000", sql: "SELECT 1" }, PARENTS]],
  ])("are refused when one that was applied is %s", (_, migrations) =>
    inDatabase(async (storage, versions) => {
      await migrate(storage, [PARENTS], versions, () => undefined);
      await expect(migrate(storage, migrations, versions, () => undefined)).rejects.toThrow(
        "Migrations that have been applied anywhere must stay as they are",
      );
    }),
  );
});
