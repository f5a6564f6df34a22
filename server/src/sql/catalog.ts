/**
 * The facts that no statement shows: what a name stands for, and what else moves when a table is written. Read once per
 * schema; what views and triggers hold is taken apart when it is first asked for, so that a waking pod parses nothing.
 */
import type { Storage } from "../storage.ts";
import { type Columns, readColumns, uniquenessOf } from "./columns.ts";
import { type ForeignKey, readForeignKeys } from "./foreign-keys.ts";
import { isOperator, isWord, lex, nameOf, type Token } from "./lexer.ts";
import { fold, isHidden } from "./names.ts";
import { type Row, text } from "./schema-rows.ts";
import { moduleOf, selectOfView, type Trigger, triggerOf } from "./schema-object.ts";
import { recursiveTriggers } from "./schema-hash.ts";
import type { Statement } from "./statement.ts";

/** A table, a view or a virtual table. */
export interface Entry {
  /** As it was declared. */
  readonly name: string;
  readonly kind: "table" | "view" | "virtual";
  /** A view's select, `null` if it can't be found. */
  readonly select: Statement | null;
  /** `null` if one of them can't be read. */
  readonly triggers: readonly Trigger[] | null;
  /** Its own foreign keys, and those of others that point here. */
  readonly parents: readonly ForeignKey[];
  readonly children: readonly ForeignKey[];
  /** Whether a constraint says ON CONFLICT REPLACE, so that a plain insert or update may delete. */
  readonly replaces: boolean;
  /** Virtual tables: others that hold its rows. A shadow table: the one whose rows it holds. */
  readonly stores: readonly string[];
  /** Virtual tables: others whose rows it shows. `null` if its module isn't known. */
  readonly shows: readonly string[] | null;
  /** Virtual tables that show this one's rows. */
  readonly shownIn: readonly View[];
  /** The primary key's columns, folded. */
  readonly key: ReadonlySet<string>;
  /** Columns, folded, whose defaults look at clock or chance. */
  readonly volatile: ReadonlySet<string>;
  /** All columns, folded. */
  readonly columns: ReadonlySet<string>;
  /** Those by which a row can be in the way of another, folded. `null` where they can't be told. */
  readonly unique: ReadonlySet<string> | null;
  /** Those of them that have a value where none is given. */
  readonly uniqueByDefault: boolean;
}

/** A virtual table that shows columns of a table; `null` for any. */
interface View {
  readonly name: string;
  readonly columns: ReadonlySet<string> | null;
}

export class Catalog {
  /** Whether the rows that REPLACE deletes fire triggers. */
  readonly recursiveTriggers: boolean;
  /** Virtual tables that show the rows of a view, and so those of tables that only the view names. */
  readonly shownThroughViews: readonly { readonly name: string; readonly view: string }[];
  readonly #entries = new Map<string, Entry>();

  constructor(storage: Storage) {
    const objects = storage.exec("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").toArray();
    const visible = objects.filter((object) => !isHidden(text(object, "name")));
    this.recursiveTriggers = recursiveTriggers(storage);
    const columns = readColumns(storage);
    const keys = readForeignKeys(storage, columns, visible);
    const shadows = storage
      .exec("SELECT name FROM pragma_table_list WHERE type = 'shadow'")
      .toArray()
      .map((row) => text(row, "name"));
    const virtuals = visible.filter((object) => /^create\s+virtual\b/i.test(text(object, "sql")));
    const views = virtuals.map((virtual) => ({ name: text(virtual, "name"), ...shownBy(text(virtual, "sql")) }));
    const isView = (name: string) =>
      visible.some((other) => other["type"] === "view" && same(text(other, "name"), name));
    this.shownThroughViews = views.flatMap(({ name, tables }) =>
      (tables ?? []).filter(isView).map((view) => ({ name, view })),
    );
    for (const object of visible) {
      if (object["type"] !== "table" && object["type"] !== "view") continue;
      const name = text(object, "name");
      const triggers = visible.filter((other) => other["type"] === "trigger" && same(text(other, "tbl_name"), name));
      const owner = shadows.includes(name) ? ownerOf(name, virtuals) : undefined;
      this.#entries.set(fold(name), entry(object, { triggers, columns, keys, shadows, virtuals, views, owner }));
    }
  }

  find(name: string): Entry | undefined {
    return this.#entries.get(fold(name));
  }
}

interface Surroundings {
  readonly triggers: readonly Row[];
  readonly columns: Columns;
  readonly keys: readonly ForeignKey[];
  readonly shadows: readonly string[];
  readonly virtuals: readonly Row[];
  readonly views: readonly (View & { readonly tables: readonly string[] | null })[];
  readonly owner: string | undefined;
}

function entry(object: Row, { triggers, columns, keys, shadows, virtuals, views, owner }: Surroundings): Entry {
  const name = text(object, "name");
  const sql = text(object, "sql");
  const virtual = virtuals.includes(object);
  const tokens = object["type"] === "view" || virtual ? [] : (lex(sql) ?? []);
  return {
    name,
    kind: object["type"] === "view" ? "view" : virtual ? "virtual" : "table",
    select: object["type"] === "view" ? selectOfView(sql) : null,
    triggers: triggersOf(triggers),
    parents: keys.filter((key) => same(key.child, name)),
    children: keys.filter((key) => same(key.parent, name)),
    replaces: tokens.some((token, at) => isWord(token, "REPLACE") && isWord(tokens[at - 1], "CONFLICT")),
    stores: virtual
      ? shadows.filter((shadow) => ownerOf(shadow, virtuals) === name)
      : owner === undefined
        ? []
        : [owner],
    shows: virtual ? shownBy(sql).tables : [],
    shownIn: shownIn(name, views, columns),
    key: columns.keys.get(fold(name)) ?? new Set(),
    ...uniquenessOf(fold(name), columns),
    volatile: columns.volatile.get(fold(name)) ?? new Set(),
    columns: columns.all.get(fold(name)) ?? new Set(),
  };
}

/** A generated column changes with others, so that a view of one may change with any. */
function shownIn(name: string, views: Surroundings["views"], { generated }: Columns): readonly View[] {
  const alone = generated.get(fold(name)) ?? new Set();
  return views
    .filter(({ tables }) => tables?.some((table) => same(table, name)))
    .map((view) => ([...(view.columns ?? [])].some((column) => alone.has(column)) ? { ...view, columns: null } : view));
}

function triggersOf(rows: readonly Row[]): readonly Trigger[] | null {
  const triggers = rows.map((row) => triggerOf(text(row, "name"), text(row, "sql")));
  return triggers.every((trigger) => trigger !== null) ? triggers : null;
}

/** The virtual table whose rows a shadow table holds: SQLite names it `<table>_<part>`. */
function ownerOf(shadow: string, virtuals: readonly Row[]): string | undefined {
  const owners = virtuals.map((row) => text(row, "name")).filter((name) => fold(shadow).startsWith(`${fold(name)}_`));
  return owners.sort((a, b) => b.length - a.length)[0];
}

/** The tables whose rows a virtual table shows besides its own: an FTS5 index of another table, its vocabulary. */
function shownBy(sql: string): { readonly tables: readonly string[] | null } & Pick<View, "columns"> {
  const module = moduleOf(sql);
  switch (module?.name) {
    case "fts5": {
      const isOption = (arg: readonly Token[]) => isOperator(arg[1], "=");
      const content = module.args.find((arg) => isOption(arg) && isWord(arg[0], "CONTENT"))?.[2];
      const table = nameOf(content, sql);
      // It finds rows by the rowid, or by the column that `content_rowid` names.
      const options = module.args
        .filter((arg) => isOption(arg) && isWord(arg[0], "CONTENT_ROWID"))
        .map((arg) => arg[2]);
      const columns = [...module.args.filter((arg) => !isOption(arg)).map(([name]) => name), ...options];
      return {
        tables: table === undefined || table === "" ? [] : [table],
        columns: new Set(columns.flatMap((token) => nameOf(token, sql) ?? []).map(fold)),
      };
    }
    case "fts5vocab": {
      // fts5vocab(table, type) or fts5vocab(schema, table, type)
      const table = nameOf(module.args.at(-2)?.[0], sql);
      return { tables: table === undefined ? null : [table], columns: null };
    }
    case "rtree":
    case "rtree_i32":
    case "geopoly":
      return { tables: [], columns: null };
    default:
      return { tables: null, columns: null };
  }
}

function same(a: string, b: string): boolean {
  return fold(a) === fold(b);
}
