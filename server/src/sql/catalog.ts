/**
 * The facts that no statement shows: what a name stands for, and what else moves when a table is written. Read once per
 * schema; what views and triggers hold is taken apart when it is first asked for, so that a waking pod parses nothing.
 */
import type { SqlValue, Storage } from "../storage.ts";
import { isDeterministic } from "./determinism.ts";
import { isOperator, isWord, lex, nameOf, type Token } from "./lexer.ts";
import { fold, isHidden } from "./names.ts";
import { moduleOf, selectOfView, type Trigger, triggerOf } from "./schema-object.ts";
import { recursiveTriggers } from "./schema-hash.ts";
import { type Statement, statementsOf } from "./statement.ts";

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

type Row = Record<string, SqlValue>;

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
    const columns = columnsOf(storage.exec(COLUMNS).toArray(), storage.exec(UNIQUE).toArray());
    const keys = foreignKeys(storage.exec(FOREIGN_KEYS).toArray(), columns, visible);
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
    ...uniqueness(fold(name), columns),
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

/** By table, folded. */
interface Columns {
  readonly all: Sets;
  readonly keys: Sets;
  readonly generated: Sets;
  readonly defaulted: Sets;
  readonly volatile: Sets;
  /** The columns of unique indexes. One over an expression has none, and that is in `expressions`. */
  readonly unique: Sets;
  readonly expressions: ReadonlySet<string>;
}

type Sets = ReadonlyMap<string, ReadonlySet<string>>;

function columnsOf(columns: readonly Row[], indexed: readonly Row[]): Columns {
  const noted = (rows: readonly Row[], isNoted: (row: Row) => boolean): Sets => {
    const byTable = Map.groupBy(rows.filter(isNoted), (row) => fold(text(row, "table")));
    return new Map([...byTable].map(([table, some]) => [table, new Set(some.map((row) => fold(text(row, "column"))))]));
  };
  return {
    all: noted(columns, () => true),
    keys: noted(columns, (row) => row["pk"] !== 0),
    generated: noted(columns, (row) => row["hidden"] !== 0),
    defaulted: noted(columns, (row) => row["default"] !== null),
    volatile: noted(columns, (row) => !(statementsOf(`SELECT ${text(row, "default")}`) ?? []).every(isDeterministic)),
    unique: noted(indexed, () => true),
    expressions: new Set(indexed.flatMap((row) => (row["column"] === null ? [fold(text(row, "table"))] : []))),
  };
}

function uniqueness(table: string, columns: Columns): Pick<Entry, "unique" | "uniqueByDefault"> {
  const unique = [...(columns.keys.get(table) ?? []), ...(columns.unique.get(table) ?? [])];
  // A generated column changes with others.
  const isKnown =
    !columns.expressions.has(table) && !unique.some((column) => columns.generated.get(table)?.has(column));
  return {
    unique: isKnown ? new Set(unique) : null,
    uniqueByDefault: unique.some((column) => columns.defaulted.get(table)?.has(column)),
  };
}

function foreignKeys(rows: readonly Row[], { keys, generated }: Columns, objects: readonly Row[]): ForeignKey[] {
  const byId = Map.groupBy(rows, (row) => JSON.stringify([row["child"], row["id"]]));
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

function same(a: string, b: string): boolean {
  return fold(a) === fold(b);
}

function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

const TABLES = String.raw`FROM sqlite_schema AS t, %s WHERE t.type = 'table' AND t.name NOT LIKE '\_cf\_%' ESCAPE '\'`;
const FOREIGN_KEYS = `
  SELECT t.name AS child, f.id, f."table" AS parent, f."from", f."to", f.on_delete, f.on_update
  ${TABLES.replace("%s", "pragma_foreign_key_list(t.name) AS f")}`;
const COLUMNS = `
  SELECT t.name AS "table", c.name AS "column", c.pk, c.hidden IN (2, 3) AS hidden, c.dflt_value AS "default"
  ${TABLES.replace("%s", "pragma_table_xinfo(t.name) AS c")}`;
const UNIQUE = `
  SELECT t.name AS "table", c.name AS "column"
  ${TABLES.replace("%s", "pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c")} AND i."unique"`;
