/** What a statement touches: the value that the SQL stage hands to the rest of the engine. */

/**
 * Base tables by their declared names, sorted; or `"all"` where it isn't certain. Unsure means `"all"`, never fewer: a
 * needless refetch costs, a missed one is a screen that lies.
 */
export type Tables = readonly string[] | "all";

/** The read and the write set of one statement text under one schema. */
export interface Analysis {
  readonly reads: Tables;
  readonly writes: Tables;
  /** Whether the schema may be another afterwards, so that every analysis and the catalog must be made anew. */
  readonly ddl: boolean;
  /** Who found the names: the parser's tree, the clause scanner below it, or nobody, so that it is `"all"`. */
  readonly parsedBy: "ast" | "scanner" | "none";
  /** Whether the same tables and parameters always give the same rows: no clock, no chance, no connection. */
  readonly deterministic: boolean;
  /** The tables that an UPDATE or DELETE without WHERE names, as they are written there. */
  readonly unfiltered: readonly string[];
}

/** Touches nothing, such as `SELECT 1`. */
export const NO_TABLES: Tables = [];

/** Whether a table set is certainly empty. */
export function isEmpty(tables: Tables): boolean {
  return tables !== "all" && tables.length === 0;
}

/** The union of two table sets. */
export function union(a: Tables, b: Tables): Tables {
  if (a === "all" || b === "all") return "all";
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return [...new Set([...a, ...b])].sort();
}

/** Several statements as one. It was parsed by the layer that knows least of those that were needed. */
export function together(analyses: readonly Analysis[]): Analysis {
  const [only] = analyses;
  if (only !== undefined && analyses.length === 1) return only;
  const parsedBy = (["none", "scanner"] as const).find((layer) => analyses.some((one) => one.parsedBy === layer));
  return {
    reads: analyses.reduce((tables, { reads }) => union(tables, reads), NO_TABLES),
    writes: analyses.reduce((tables, { writes }) => union(tables, writes), NO_TABLES),
    ddl: analyses.some(({ ddl }) => ddl),
    parsedBy: parsedBy ?? "ast",
    deterministic: analyses.every(({ deterministic }) => deterministic),
    unfiltered: analyses.flatMap(({ unfiltered }) => unfiltered),
  };
}
