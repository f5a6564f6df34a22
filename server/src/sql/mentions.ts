/** The tables that a statement itself names as sources, from the parser's tree and from the clause scanner below it. */
import { parse } from "./parse.ts";
import { scan } from "./scan.ts";
import { sourcesOf } from "./sources.ts";
import type { Statement } from "./statement.ts";

/** Folded names, each layer's own answer; `null` where a layer has none. */
export interface Mentions {
  readonly ast: ReadonlySet<string> | null;
  readonly scanner: ReadonlySet<string> | null;
}

export interface MentionsOptions {
  /** Leaves the parser out, as if it rejected everything. */
  readonly withoutAst?: boolean;
}

export function mentionsOf(statement: Statement, { withoutAst = false }: MentionsOptions = {}): Mentions {
  const scanner = scan(statement);
  // Where the parentheses are wrong, nothing is to be had from a parser either.
  return { ast: withoutAst || scanner === null ? null : namedInTree(statement), scanner };
}

function namedInTree(statement: Statement): ReadonlySet<string> | null {
  try {
    const tree = parse(statement);
    return tree && sourcesOf(tree);
  } catch (error) {
    // Deeper than the stack goes, and so than SQLite would go.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What either layer found, or `null` if nobody found anything out. */
export function allOf({ ast, scanner }: Mentions): ReadonlySet<string> | null {
  if (ast === null || scanner === null) return ast ?? scanner;
  return new Set([...ast, ...scanner]);
}
