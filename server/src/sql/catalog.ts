/**
 * The facts that no statement shows: what a name stands for, and what else moves when a table is written. Read once per
 * schema; `analyzer.ts` throws it away when the schema changes.
 */
import type { SqlValue, Storage } from "../storage.ts";
import type { Tables } from "./analysis.ts";
import { isWord, lex } from "./lexer.ts";

export type WriteKind = "insert" | "replace" | "update" | "delete";

interface Entry {
  readonly name: string;
  readonly kind: "table" | "view" | "virtual";
  /** Whether one of its constraints says ON CONFLICT REPLACE, so that a plain insert or update may delete. */
  readonly replaces: boolean;
  triggers: boolean;
  /** Whether a delete or update here may write other tables by a foreign key action. */
  actions: boolean;
  /** Tables whose foreign keys point here: a delete or update looks for their rows. */
  readonly children: Set<string>;
  /** Tables that this one's foreign keys point to: a write looks for their rows. */
  readonly parents: Set<string>;
}

export class Catalog {
  readonly #entries = new Map<string, Entry>();

  constructor(storage: Storage) {
    for (const { type, name, sql } of storage.exec("SELECT type, name, sql FROM sqlite_schema").toArray()) {
      if ((type !== "table" && type !== "view") || typeof name !== "string" || isHidden(name)) continue;
      const tokens = (typeof sql === "string" && lex(sql)) || [];
      const kind = type === "view" ? "view" : isWord(tokens[1], "VIRTUAL") ? "virtual" : "table";
      const replaces = tokens.some((token, at) => isWord(token, "REPLACE") && isWord(tokens[at - 1], "CONFLICT"));
      const keys = { actions: false, children: new Set<string>(), parents: new Set<string>() };
      this.#entries.set(fold(name), { name, kind, replaces, triggers: false, ...keys });
    }
    for (const { tbl_name } of storage.exec("SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger'").toArray()) {
      const entry = this.#find(tbl_name);
      if (entry) entry.triggers = true;
    }
    for (const row of storage.exec(FOREIGN_KEYS).toArray()) {
      const child = this.#find(row["child"]);
      const parent = this.#find(row["parent"]);
      if (!child || !parent) continue;
      child.parents.add(parent.name);
      parent.children.add(child.name);
      if (acts(row["on_delete"]) || acts(row["on_update"])) parent.actions = true;
    }
  }

  /** The base tables behind a name in a FROM clause. */
  reads(name: string): Tables {
    if (isOwn(name)) return [];
    const entry = this.#find(name);
    // Views and virtual tables hide what they read; what isn't in the schema may be anything.
    return entry?.kind === "table" ? [entry.name] : "all";
  }

  /** What a write of this kind to the table of this name changes, and what it reads to check foreign keys. */
  writes(name: string, kind: WriteKind): { readonly reads: Tables; readonly writes: Tables } {
    const entry = this.#find(name);
    if (entry?.kind !== "table" || entry.triggers) return { reads: "all", writes: "all" };
    // REPLACE deletes the rows in its way, and their children may follow them.
    const plainInsert = kind === "insert" && !entry.replaces;
    if (!plainInsert && entry.actions) return { reads: "all", writes: "all" };
    const children = plainInsert ? [] : entry.children;
    return { reads: [...new Set([...entry.parents, ...children])].sort(), writes: [entry.name] };
  }

  #find(name: SqlValue | undefined): Entry | undefined {
    return typeof name === "string" ? this.#entries.get(fold(name)) : undefined;
  }
}

/** Names as SQLite compares them: it folds the case of ASCII alone. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether the table is the engine's own, which users may read and only the engine may write. */
export function isOwn(name: string): boolean {
  return fold(name).startsWith("_edgepod_");
}

// SQLite's own tables are in no set: those who read the schema read everything. Those of the platform can't be read.
function isHidden(name: string): boolean {
  return /^(?:sqlite_|_cf_)/i.test(name);
}

function acts(action: SqlValue | undefined): boolean {
  return action === "CASCADE" || action === "SET NULL" || action === "SET DEFAULT";
}

const FOREIGN_KEYS = `
  SELECT t.name AS child, f."table" AS parent, f.on_delete AS on_delete, f.on_update AS on_update
  FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f
  WHERE t.type = 'table' AND t.name NOT LIKE '\\_cf\\_%' ESCAPE '\\'`;
