/** Makes a statement's syntax tree. Leaves what the tree means to `analyze.ts`. */
import { parseSqlite } from "./grammar.ts";
import { rewrite } from "./rewrite.ts";
import type { Statement } from "./statement.ts";

/** The trees of one statement: itself, and clauses that had to be parsed as statements of their own. */
export interface Tree {
  /** A select whose `WITH` holds for all of `roots`, if an insert, update or delete has one. */
  readonly scope?: unknown;
  readonly roots: readonly unknown[];
  /** The name that a plain word in the trees stands for. */
  readonly names: ReadonlyMap<string, string>;
  /** How many tables must be found in FROM clauses. */
  readonly sources: number;
}

/** The tree of `statement`, or `null` where the grammar has no place for it. */
export function parse(statement: Statement): Tree | null {
  const rewritten = rewrite(statement);
  if (rewritten === null) return null;
  const { names, sources } = rewritten;
  const scope = rewritten.scope === undefined ? undefined : parseSqlite(rewritten.scope);
  if (scope === undefined && rewritten.scope !== undefined) return null;
  const roots: unknown[] = [];
  for (const text of rewritten.texts) {
    const root = parseSqlite(text);
    if (root === undefined) return null;
    roots.push(root);
  }
  return { ...(scope !== undefined && { scope }), roots, names, sources };
}
