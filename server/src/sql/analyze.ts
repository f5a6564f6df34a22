/** Finds the tables in a statement's tree, as scopes hide and show them. What a table name implies, the catalog says. */
import { NO_TABLES, union, type Tables } from "./analysis.ts";
import { type Catalog, fold, isOwn, type WriteKind } from "./catalog.ts";
import { ReservedTableError } from "./errors.ts";
import { isWord } from "./lexer.ts";
import { parse, type Tree } from "./parse.ts";
import type { Statement } from "./statement.ts";

/** The read and the write set of a statement, or `null` where its tree can't be had or isn't certain. */
export interface TableSets {
  readonly reads: Tables;
  readonly writes: Tables;
}

export function analyze(statement: Statement, catalog: Catalog): TableSets | null {
  refuseReserved(statement);
  if (statement.kind !== "select" && statement.target === undefined) return null;
  const tree = parse(statement);
  if (tree === null) return null;
  const walk = new Walk(tree, catalog);
  const scope = tree.scope === undefined ? NO_NAMES : walk.select(tree.scope, NO_NAMES);
  for (const root of tree.roots) walk.visit(root, scope);
  // The grammar took a table for something else, such as an alias.
  if (walk.sources !== tree.sources) return null;
  if (statement.target === undefined) return { reads: walk.reads, writes: NO_TABLES };
  const effects = catalog.writes(statement.target, writeKind(statement));
  const own = writeKind(statement) === "insert" ? NO_TABLES : catalog.reads(statement.target);
  return { reads: union(union(walk.reads, own), effects.reads), writes: effects.writes };
}

/** Throws where a statement would change one of the engine's own tables. */
function refuseReserved({ kind, target, tokens }: Statement): void {
  if (target !== undefined && isOwn(target)) throw new ReservedTableError(target);
  // No grammar is needed for DDL: it has no business with such a name, neither as a target nor in a trigger's body.
  if (kind !== "schema") return;
  const own = tokens.find((token) => (token.kind === "word" || token.kind === "quoted") && isOwn(token.value));
  if (own) throw new ReservedTableError(fold(own.value));
}

/** An insert that replaces rows is also a delete, one with ON CONFLICT may also be an update. */
function writeKind({ kind, tokens, body }: Statement): WriteKind {
  switch (kind) {
    case "update":
    case "delete":
      return kind;
    default: {
      if (isWord(tokens[body], "REPLACE") || isWord(tokens[body + 2], "REPLACE")) return "replace";
      return tokens.some((token) => isWord(token, "CONFLICT")) ? "update" : "insert";
    }
  }
}

/** The names of common table expressions that hide tables. */
type Names = ReadonlySet<string>;
const NO_NAMES: Names = new Set();

/**
 * Visits every node, known or not, so that no kind of node can hide a subquery: only what names a table is looked at
 * more closely.
 */
class Walk {
  reads: Tables = NO_TABLES;
  sources = 0;
  readonly #tree: Tree;
  readonly #catalog: Catalog;

  constructor(tree: Tree, catalog: Catalog) {
    this.#tree = tree;
    this.#catalog = catalog;
  }

  visit(node: unknown, scope: Names): void {
    if (Array.isArray(node)) for (const child of node) this.visit(child, scope);
    else if (isNode(node)) this.select(node, scope);
  }

  /** Visits a node and gives the names that hold inside of it. */
  select(node: unknown, outer: Names): Names {
    if (!isNode(node)) return outer;
    const scope = this.#with(node["with"], outer);
    for (const [key, child] of Object.entries(node)) {
      if (key === "from" && Array.isArray(child)) for (const source of child) this.#source(source, scope);
      else if (key !== "with") this.visit(child, scope);
    }
    return scope;
  }

  /** All names of a WITH hold in all of its bodies: SQLite reads each as if RECURSIVE stood there. */
  #with(ctes: unknown, outer: Names): Names {
    if (!Array.isArray(ctes)) return outer;
    const scope = new Set(outer);
    for (const cte of ctes) scope.add(fold(this.#name(isNode(cte) && isNode(cte["name"]) && cte["name"]["value"])));
    for (const cte of ctes) this.visit(cte, scope);
    return scope;
  }

  /** One entry of a FROM clause. */
  #source(source: unknown, scope: Names): void {
    if (isNode(source) && typeof source["table"] === "string") {
      this.sources++;
      const name = this.#name(source["table"]);
      const schema = source["db"];
      if (typeof schema === "string")
        this.#read(fold(this.#name(schema)) === "main" ? this.#catalog.reads(name) : "all");
      else if (!scope.has(fold(name))) this.#read(isTableFunction(name) ? NO_TABLES : this.#catalog.reads(name));
    } else if (isNode(source) && isNode(source["expr"]) && source["expr"]["type"] === "function") {
      this.sources++;
      const name = this.#name(functionName(source["expr"]));
      if (!isTableFunction(name)) this.#read(this.#catalog.reads(name));
    }
    this.visit(source, scope);
  }

  #read(tables: Tables): void {
    this.reads = union(this.reads, tables);
  }

  /** What a name in the tree stands for in the statement. The empty name, which is no table, if it stands for nothing. */
  #name(word: unknown): string {
    return typeof word === "string" ? (this.#tree.names.get(word) ?? "") : "";
  }
}

/** Functions in a FROM clause that see nothing but their arguments. */
function isTableFunction(name: string): boolean {
  return ["json_each", "json_tree", "jsonb_each", "jsonb_tree"].includes(fold(name));
}

/** `{ name: { name: [{ value }] } }` */
function functionName(call: Record<string, unknown>): unknown {
  const name = isNode(call["name"]) ? call["name"]["name"] : undefined;
  const part: unknown = Array.isArray(name) && name.length === 1 ? name[0] : undefined;
  return isNode(part) ? part["value"] : undefined;
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
