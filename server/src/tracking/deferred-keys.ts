/**
 * Foreign keys that SQLite looks at only when it commits. A commit that fails breaks the Durable Object, with everything
 * that it was doing, so what they would say then is asked before, while the transaction can still be undone by itself.
 */
import { EdgePodError } from "@edgepod/core/protocol";
import type { Tables } from "../sql/analysis.ts";
import { fold } from "../sql/names.ts";
import { asText } from "../storage.ts";
import type { Storage } from "../storage.ts";

interface Key {
  readonly child: string;
  readonly parent: string;
}

const ALL_KEYS = String.raw`
  SELECT DISTINCT t.name AS child, f."table" AS parent
  FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f
  WHERE t.type = 'table' AND t.name NOT LIKE '\_cf\_%' ESCAPE '\'`;
// Whether a key is deferred no pragma says; a table that has one has all of its keys looked at.
const DEFERRED_KEYS = `${ALL_KEYS} AND t.sql LIKE '%INITIALLY%DEFERRED%'`;

export class DeferredKeys {
  readonly #storage: Storage;
  /** Those declared so, read once for every schema: none in most, and then nothing here costs anything. */
  #declared: readonly Key[] | null = null;
  /** Whether `PRAGMA defer_foreign_keys` may be on, which makes every key a deferred one until the next commit. */
  #mayDeferAll = false;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** To be called after DDL, a rollback of it, and after pragmas. */
  schemaChanged(): void {
    this.#declared = null;
    this.#mayDeferAll = true;
  }

  /**
   * Whether a transaction that has written these tables can be committed. Costs a look at every row of the tables that
   * have such keys and were written, or whose parents were.
   *
   * @throws EdgePodError `FOREIGN_KEY_VIOLATED`.
   */
  check(writes: Tables): void {
    const written = writes === "all" ? null : new Set(writes.map(fold));
    const children = this.#keys()
      .filter(({ child, parent }) => written === null || written.has(fold(child)) || written.has(fold(parent)))
      .map(({ child }) => child);
    for (const child of new Set(children)) {
      const [violation] = this.#storage.exec("SELECT parent FROM pragma_foreign_key_check(?) LIMIT 1", child).toArray();
      if (!violation) continue;
      throw new EdgePodError(
        "FOREIGN_KEY_VIOLATED",
        `Rows of "${child}" refer to rows of "${asText(violation["parent"])}" that don't exist, and so can't be committed.`,
      );
    }
  }

  #keys(): readonly Key[] {
    if (this.#mayDeferAll) {
      const [row] = this.#storage.exec("PRAGMA defer_foreign_keys").raw();
      if (row?.[0] === 1) return this.#read(ALL_KEYS);
      this.#mayDeferAll = false;
    }
    this.#declared ??= this.#read(DEFERRED_KEYS);
    return this.#declared;
  }

  #read(sql: string): readonly Key[] {
    return this.#storage
      .exec(sql)
      .toArray()
      .map(({ child, parent }) => ({ child: asText(child), parent: asText(parent) }));
  }
}
