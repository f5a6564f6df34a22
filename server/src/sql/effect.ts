/** One effect on one table, and what SQLite does for its sake that no name in a statement shows. */
import type { Entry } from "./catalog.ts";
import { fold } from "./names.ts";
import type { Operation } from "./write.ts";

export interface Effect {
  readonly table: string;
  readonly operation: Operation;
  /** The columns that an update sets, or `null` for any. */
  readonly columns: ReadonlySet<string> | null;
  /** The columns that an insert gives values for, or `null` for all. */
  readonly given: ReadonlySet<string> | null;
  /** Rows in the way are deleted. An outer OR REPLACE overrides what the statements of triggers say. */
  readonly replace: boolean;
  /** Whether no more than one row is inserted, or updated in its place. */
  readonly single: boolean;
  readonly readsItself: boolean;
  /** What is named where it may be a column of the table that is read. */
  readonly named: ReadonlySet<string>;
  /** Whether the rows deleted are those in the way of others. */
  readonly isReplaced?: boolean;
}

/** Of an effect that no statement asks for. */
export const IMPLIED = { given: null, replace: false, single: false, readsItself: false, named: new Set<string>() };

/** Whether a statement may look at columns of the table itself. */
export function namesColumn({ kind, columns }: Entry, { named }: Effect): boolean {
  // Virtual tables have columns that nobody declared.
  if (kind === "virtual") return named.size > 0;
  return named.has("*") || [...named].some((name) => columns.has(name) || ROWID.has(name));
}

/** Whether a row that is written can be in the way of another one, as far as SQLite looks. */
export function mayCollide(entry: Entry, { operation, columns, given }: Effect): boolean {
  const { name, unique, uniqueByDefault, parents, children } = entry;
  if (operation === "delete") return false;
  if (operation === "insert") return uniqueByDefault || overlap(unique, given);
  // Where an update may set off others in the same table, SQLite looks at every index.
  const comesBack =
    parents.some(({ parent, from }) => parent === name && overlap(from, columns)) ||
    children.some(({ onUpdate, to }) => onUpdate !== "none" && overlap(to, columns));
  return comesBack || overlap(unique, columns);
}

/** Whether the insert of one row does anything besides: fires triggers, or updates a key where the row is there. */
export function doesMore({ triggers, parents, children }: Entry, updated: ReadonlySet<string> | null): boolean {
  const updates = updated?.size !== 0;
  return (
    triggers?.some(({ event, of }) => event === "insert" || (updates && event === "update" && overlap(of, updated))) !==
      false ||
    (updates && (parents.some(({ from }) => overlap(from, updated)) || children.some(({ to }) => overlap(to, updated))))
  );
}

/** Whether SQLite looks at the rows before it changes any, although the statement itself asks for none. */
export function looksFirst({ name, kind, key, triggers, parents, children }: Entry, effect: Effect): boolean {
  const { operation, columns, given, replace, isReplaced = false } = effect;
  if (kind === "virtual") return operation !== "insert" || isCommand(name, given);
  if (operation === "insert") return false;
  const changed = operation === "delete" ? null : columns;
  // What points to a row must know which one goes.
  if (children.some(({ to }) => overlap(to, changed))) return true;
  if (isReplaced) return false;
  const fires = triggers?.some(({ event, of }) => event === operation && overlap(of, changed)) !== false;
  const points = parents.some(({ from }) => overlap(from, changed));
  return replace || fires || points || (operation === "update" && overlap(key, columns));
}

/**
 * Whether an insert is a command to FTS5, such as 'rebuild', which looks at the rows: a value for the column named like
 * the table. The command 'delete' brings a rowid and looks at none.
 */
function isCommand(table: string, given: ReadonlySet<string> | null): boolean {
  return given?.has(fold(table)) === true && [...given].every((column) => column === fold(table) || column === "rank");
}

/** Whether a column gets its default, and that looks at clock or chance. REPLACE also gives it for a NULL. */
export function takesVolatileDefault({ volatile, replaces }: Entry, { operation, given, replace }: Effect): boolean {
  if (operation === "delete" || volatile.size === 0) return false;
  return (
    replace ||
    replaces ||
    (operation === "insert" && given !== null && [...volatile].some((column) => !given.has(column)))
  );
}

/** Whether two sets of columns meet. `null` is all columns. */
export function overlap(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): boolean {
  return a === null || b === null || [...b].some((name) => a.has(name) || ROWID.has(name));
}

// Three more names of an INTEGER PRIMARY KEY.
const ROWID = new Set(["rowid", "oid", "_rowid_"]);
