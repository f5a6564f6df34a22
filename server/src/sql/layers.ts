/** What each layer says about one statement, and what they say together. */
import type { Storage } from "../storage.ts";
import type { Analysis, Tables } from "./analysis.ts";
import { isEmpty, NO_TABLES, union } from "./analysis.ts";
import type { Catalog } from "./catalog.ts";
import { isDeterministic } from "./determinism.ts";
import { Expansion, type Reason } from "./expansion.ts";
import { explain, type Opened, type RootPages } from "./explain.ts";
import { allOf, type Mentions, mentionsOf } from "./mentions.ts";
import { isHidden, isOwn } from "./names.ts";
import { refuse } from "./refuse.ts";
import type { Statement } from "./statement.ts";
import { writeOf } from "./write.ts";

/** What there is to ask. A layer that is left out is as one that knows nothing. */
export interface Sources {
  readonly catalog: Catalog;
  /** SQLite itself, where it is asked. */
  readonly sqlite?: { readonly storage: Storage; readonly rootPages: RootPages };
  readonly withoutAst?: boolean;
}

/** One statement's analysis with all that led to it. */
export interface Layers {
  readonly analysis: Analysis;
  readonly mentions: Mentions;
  readonly reasons: { readonly reads: ReadonlyMap<string, Reason>; readonly writes: ReadonlyMap<string, Reason> };
  /** What SQLite's program opens, SQLite's refusal, or `null` if it wasn't asked. */
  readonly opened: Opened | Error | null;
  /** What one layer knows and another missed. There should be none; the union is used all the same. */
  readonly disagreements: readonly string[];
}

export function layersOf(statement: Statement, { catalog, sqlite, withoutAst = false }: Sources): Layers {
  refuse(statement);
  const write = writeOf(statement);
  const isKnown = statement.kind === "select" || write !== undefined;
  const mentions = isKnown ? mentionsOf(statement, { withoutAst }) : { ast: null, scanner: null };
  const names = allOf(mentions);
  const expansion = new Expansion(catalog, { withoutAst });
  // In SQLite no select writes: a CTE holds a select, and no function has a side effect on a table. The first words
  // say which kind a statement is, whatever the grammar makes of the rest.
  if (names === null) expansion.everything({ writes: statement.kind !== "select" && statement.kind !== "explain" });
  for (const name of names ?? []) expansion.read(name, NAMED);
  if (names !== null && write) expansion.write(write, NAMED);
  const opened = isKnown && sqlite ? explain(sqlite.storage, statement, sqlite.rootPages) : null;
  const seen = opened === null || opened instanceof Error ? { reads: [], writes: [] } : userTables(opened);
  const missed = {
    reads: missing(seen.reads, union(expansion.reads, expansion.writes)),
    writes: missing(seen.writes, expansion.writes),
  };
  const reads = union(expansion.reads, missed.reads);
  const writes = union(expansion.writes, missed.writes);
  return {
    analysis: {
      reads,
      writes,
      // A pragma may change the rules by which triggers and foreign keys fire.
      ddl: statement.kind === "schema" || statement.kind === "pragma",
      parsedBy: mentions.ast !== null ? "ast" : mentions.scanner !== null ? "scanner" : "none",
      // By what only SQLite saw, something else may have come that nobody looked into.
      deterministic:
        expansion.deterministic && isDeterministic(statement) && isEmpty(missed.reads) && isEmpty(missed.writes),
      unfiltered: write?.unfiltered === true ? [write.table] : [],
    },
    mentions,
    reasons: { reads: expansion.reasons("reads"), writes: expansion.reasons("writes") },
    opened,
    disagreements: disagreementsOf(mentions, expansion, { reads, writes }),
  };
}

const NAMED = "named in the statement";

/** What SQLite opens, but for its own tables and ours. */
function userTables({ reads, writes }: Opened): {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
} {
  const isUser = (name: string) => !isOwn(name) && !isHidden(name);
  return { reads: [...reads].filter(isUser), writes: [...writes].filter(isUser) };
}

/** Those of `tables` that a set which must hold them lacks. */
function missing(tables: readonly string[], set: Tables): Tables {
  return set === "all" ? NO_TABLES : tables.filter((table) => !set.includes(table)).sort();
}

function disagreementsOf(
  { ast, scanner }: Mentions,
  expansion: Expansion,
  sets: Pick<Analysis, "reads" | "writes">,
): string[] {
  const found: string[] = [];
  if (ast !== null && scanner !== null) {
    for (const name of ast) if (!scanner.has(name)) found.push(`only the parser saw "${name}"`);
    for (const name of scanner) if (!ast.has(name)) found.push(`only the scanner saw "${name}"`);
  }
  for (const set of ["reads", "writes"] as const) {
    const all = sets[set];
    for (const table of all === "all" ? [] : missing(all, expansion[set])) found.push(`only SQLite ${set} "${table}"`);
  }
  return found;
}
