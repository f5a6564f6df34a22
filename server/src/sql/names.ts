/** Names of tables as SQLite compares them, and those that aren't the user's. */

/** Folds the case of ASCII letters alone, as SQLite does: `É` and `é` are two tables. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether the table is the engine's own, which users may read and only the engine may write. */
export function isOwn(name: string): boolean {
  return fold(name).startsWith("_edgepod_");
}

/** Whether a name is SQLite's or the platform's: in no set. Who reads SQLite's schema reads everything. */
export function isHidden(name: string): boolean {
  return /^(?:sqlite_|_cf_)/i.test(name);
}

/** Whether this is a function that makes rows of its arguments and sees nothing else. */
export function isTableFunction(name: string): boolean {
  return /^jsonb?_(?:each|tree)$/i.test(name);
}

/** Stands in a list of names for a table of another schema than `main`. No table is called that. */
export const ELSEWHERE = "";

/**
 * The names that one query, or one CTE's body, takes rows from. A CTE that nobody names is never run, so what stands in
 * it counts only where it is used.
 */
export class Frame {
  readonly tables = new Set<string>();
  readonly ctes = new Set<Frame>();

  /** The tables of this query and of the CTEs that it uses, directly or through others. */
  all(): Set<string> {
    const frames = new Set<Frame>([this]);
    // A Set's iteration reaches what is added meanwhile; CTEs that use each other end it all the same.
    for (const frame of frames) for (const cte of frame.ctes) frames.add(cte);
    return new Set([...frames].flatMap((frame) => [...frame.tables]));
  }
}

/** The CTEs that hide tables at some place, by their folded names. */
export type Scope = ReadonlyMap<string, Frame>;
export const NO_CTES: Scope = new Map();

/** Notes a name that stands where a table stands: the CTE that hides it there, or the table. */
export function use(name: string, schema: string | undefined, { frame, scope }: { frame: Frame; scope: Scope }): void {
  const cte = schema === undefined ? scope.get(fold(name)) : undefined;
  if (cte) frame.ctes.add(cte);
  else frame.tables.add(schema === undefined || fold(schema) === "main" ? fold(name) : ELSEWHERE);
}
