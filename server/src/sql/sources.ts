/** Finds the tables in a statement's tree, as scopes hide and show them. What a name implies, the catalog says. */
import { ELSEWHERE, fold } from "./names.ts";
import type { Tree } from "./parse.ts";

/** The folded names that a tree reads from, a written table aside, or `null` where it can't be the statement's. */
export function sourcesOf(tree: Tree): ReadonlySet<string> | null {
  const walk = new Walk(tree);
  const scope = tree.scope === undefined ? NO_NAMES : walk.node(tree.scope, NO_NAMES);
  for (const root of tree.roots) walk.visit(root, scope);
  // The grammar took a table for something else, such as an alias.
  return walk.count === tree.sources ? walk.sources : null;
}

/** The names of common table expressions that hide tables. */
type Names = ReadonlySet<string>;
const NO_NAMES: Names = new Set();

/** Visits every node, known or not, so that no kind of node can hide a subquery. */
class Walk {
  readonly sources = new Set<string>();
  count = 0;
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  visit(value: unknown, scope: Names): void {
    if (Array.isArray(value)) for (const child of value) this.visit(child, scope);
    else if (isNode(value)) this.node(value, scope);
  }

  /** Visits a node and gives the names that hold inside of it. */
  node(node: unknown, outer: Names): Names {
    if (!isNode(node)) return outer;
    const scope = this.#with(node["with"], outer);
    // A DELETE names what it deletes from as its source, too.
    const isTarget = node["type"] === "delete";
    for (const [key, child] of Object.entries(node)) {
      if (key === "from" && Array.isArray(child)) for (const source of child) this.#source(source, scope, isTarget);
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
  #source(source: unknown, scope: Names, isTarget: boolean): void {
    if (isNode(source) && typeof source["table"] === "string") {
      this.count++;
      const name = fold(this.#name(source["table"]));
      const schema = source["db"] ?? source["schema"];
      if (isTarget) return;
      if (typeof schema === "string") this.sources.add(fold(this.#name(schema)) === "main" ? name : ELSEWHERE);
      else if (!scope.has(name)) this.sources.add(name);
    } else if (isNode(source) && isNode(source["expr"]) && source["expr"]["type"] === "function") {
      this.count++;
      this.sources.add(fold(this.#name(functionName(source["expr"]))));
    }
    this.visit(source, scope);
  }

  /** What a name in the tree stands for in the statement, if anything. */
  #name(word: unknown): string {
    return typeof word === "string" ? (this.#tree.names.get(word) ?? ELSEWHERE) : ELSEWHERE;
  }
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
