/** Finds the tables in a statement's tree, as scopes hide and show them. What a name implies, the catalog says. */
import { ELSEWHERE, fold, Frame, NO_CTES, type Scope, use } from "./names.ts";
import type { Tree } from "./parse.ts";

/** The folded names that a tree reads from, a written table aside, or `null` where it can't be the statement's. */
export function sourcesOf(tree: Tree): ReadonlySet<string> | null {
  const walk = new Walk(tree);
  const frame = new Frame();
  const place = { frame, scope: NO_CTES };
  const scope = tree.scope === undefined ? NO_CTES : walk.node(tree.scope, place);
  for (const root of tree.roots) walk.visit(root, { frame, scope });
  // The grammar took a table for something else, such as an alias.
  return walk.count === tree.sources ? frame.all() : null;
}

/** Where a name is looked up and noted. */
interface Place {
  readonly frame: Frame;
  readonly scope: Scope;
}

/** Visits every node, known or not, so that no kind of node can hide a subquery. */
class Walk {
  count = 0;
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  visit(value: unknown, place: Place): void {
    if (Array.isArray(value)) for (const child of value) this.visit(child, place);
    else if (isNode(value)) this.node(value, place);
  }

  /** Visits a node and gives the CTEs that hold inside of it. */
  node(node: unknown, { frame, scope: outer }: Place): Scope {
    if (!isNode(node)) return outer;
    const scope = this.#with(node["with"], outer);
    // A DELETE names what it deletes from as its source, too.
    const isTarget = node["type"] === "delete";
    for (const [key, child] of Object.entries(node)) {
      if (key === "from" && Array.isArray(child)) {
        for (const source of child) this.#source(source, { frame, scope }, isTarget);
      } else if (key !== "with") this.visit(child, { frame, scope });
    }
    return scope;
  }

  /** All names of a WITH hold in all of its bodies: SQLite reads each as if RECURSIVE stood there. */
  #with(ctes: unknown, outer: Scope): Scope {
    if (!Array.isArray(ctes)) return outer;
    const scope = new Map(outer);
    const bodies: [cte: unknown, frame: Frame][] = [];
    for (const cte of ctes) {
      const frame = new Frame();
      scope.set(fold(this.#name(isNode(cte) && isNode(cte["name"]) && cte["name"]["value"])), frame);
      bodies.push([cte, frame]);
    }
    for (const [cte, frame] of bodies) this.visit(cte, { frame, scope });
    return scope;
  }

  /** One entry of a FROM clause. */
  #source(source: unknown, place: Place, isTarget: boolean): void {
    if (isNode(source) && typeof source["table"] === "string") {
      this.count++;
      const schema = source["db"] ?? source["schema"];
      if (isTarget) return;
      use(this.#name(source["table"]), typeof schema === "string" ? this.#name(schema) : undefined, place);
    } else if (isNode(source) && isNode(source["expr"]) && source["expr"]["type"] === "function") {
      this.count++;
      use(this.#name(functionName(source["expr"])), undefined, place);
    }
    this.visit(source, place);
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
