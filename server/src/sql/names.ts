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
