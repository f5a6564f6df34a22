/** The foreign keys of all tables. */
import type { SqlValue, Storage } from "../storage.ts";
import type { Columns } from "./columns.ts";
import { fold } from "./names.ts";
import { type Row, TABLES, text } from "./schema-rows.ts";

export interface ForeignKey {
  /** Declared names, and folded columns. `null` for columns that can't be told, so that any change may be one. */
  readonly child: string;
  readonly parent: string;
  readonly from: ReadonlySet<string> | null;
  readonly to: ReadonlySet<string> | null;
  readonly onDelete: Action;
  readonly onUpdate: Action;
  readonly deferred: boolean;
}

export type Action = "CASCADE" | "SET NULL" | "SET DEFAULT" | "none";

/** @param objects The rows of `sqlite_schema`. */
export function readForeignKeys(
  storage: Storage,
  { keys, generated }: Columns,
  objects: readonly Row[],
): readonly ForeignKey[] {
  const byId = Map.groupBy(storage.exec(FOREIGN_KEYS).toArray(), (row) => JSON.stringify([row["child"], row["id"]]));
  return [...byId.values()].flatMap((parts) => {
    const [first] = parts;
    if (first === undefined) return [];
    const child = text(first, "child");
    const parent = text(first, "parent");
    const from = new Set(parts.map((part) => fold(text(part, "from"))));
    // Without columns a foreign key points to the primary key.
    const to = parts.some((part) => part["to"] === null)
      ? (keys.get(fold(parent)) ?? null)
      : new Set(parts.map((part) => fold(text(part, "to"))));
    // A generated column changes with others.
    const changesAlone = (table: string, columns: ReadonlySet<string>) =>
      [...columns].every((column) => !generated.get(fold(table))?.has(column));
    const sql = text(objects.find(({ type, name }) => type === "table" && name === child) ?? {}, "sql");
    return {
      child,
      parent,
      from: changesAlone(child, from) ? from : null,
      to: to && changesAlone(parent, to) ? to : null,
      onDelete: action(first["on_delete"]),
      onUpdate: action(first["on_update"]),
      deferred: /\bdeferred\b/i.test(sql),
    };
  });
}

function action(value: SqlValue | undefined): Action {
  return value === "CASCADE" || value === "SET NULL" || value === "SET DEFAULT" ? value : "none";
}

const FOREIGN_KEYS = `
  SELECT t.name AS child, f.id, f."table" AS parent, f."from", f."to", f.on_delete, f.on_update
  ${TABLES.replace("%s", "pragma_foreign_key_list(t.name) AS f")}`;
