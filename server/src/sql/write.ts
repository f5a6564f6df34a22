/** What a statement does to the table it names, read off its tokens alone, so that it holds without any grammar. */
import { isOperator, isWord, nameOf } from "./lexer.ts";
import { fold } from "./names.ts";
import { closing, outside, type Statement } from "./statement.ts";

export type Operation = "insert" | "update" | "delete";

export interface Write {
  /** As it was written. */
  readonly table: string;
  /** An upsert is an insert and an update. */
  readonly operations: readonly Operation[];
  /** The columns that an update sets, folded, or `null` if they can't be told. */
  readonly columns: ReadonlySet<string> | null;
  /** The columns that an insert gives values for, folded, or `null` for all. */
  readonly given: ReadonlySet<string> | null;
  /** Whether rows in the way are deleted, here and in every trigger that fires: REPLACE or OR REPLACE. */
  readonly replace: boolean;
  /** Whether it inserts one row, or updates the one in its place. */
  readonly single: boolean;
  /** Whether the outcome depends on rows that the table already has, whatever is named. */
  readonly readsItself: boolean;
  /** What is named where it may be a column of the table that is read, folded. `*` is all of them. */
  readonly named: ReadonlySet<string>;
  /** Whether nothing says which rows it changes. A LIMIT doesn't: `LIMIT -1` is none. */
  readonly unfiltered: boolean;
}

/** The write that an insert, update or delete is, or `undefined` if it is none or names no table. */
export function writeOf(statement: Statement): Write | undefined {
  const { kind, tokens, body, target } = statement;
  if (target === undefined || (kind !== "insert" && kind !== "update" && kind !== "delete")) return undefined;
  const has = (...words: readonly string[]) => outside(tokens, body, (at) => isWord(tokens[at], ...words)) !== -1;
  const conflict = kind === "insert" ? outside(tokens, body, (at) => isConflict(statement, at)) : -1;
  const updates = outside(tokens, body, (at) => isWord(tokens[at], "SET")) !== -1;
  const values = outside(tokens, body, (at) => isWord(tokens[at], "VALUES"));
  const oneRow = values === -1 ? has("DEFAULT") : !isOperator(tokens[closing(tokens, values + 1)], ",");
  return {
    table: target,
    operations: conflict !== -1 && updates ? ["insert", "update"] : [kind],
    columns: kind === "delete" ? null : columnsOf(statement),
    given: givenOf(statement),
    replace: isWord(tokens[body], "REPLACE") || (isWord(tokens[body + 1], "OR") && isWord(tokens[body + 2], "REPLACE")),
    // SQLite makes RETURNING a trigger.
    single: kind === "insert" && oneRow && !has("RETURNING"),
    readsItself:
      (conflict !== -1 && (updates || isOperator(tokens[conflict + 2], "("))) ||
      (kind === "update" && has("FROM")) ||
      (kind !== "insert" && (has("ORDER", "LIMIT") || asksElsewhere(statement))),
    named: namedIn(statement),
    unfiltered: kind !== "insert" && !has("WHERE"),
  };
}

/** The columns that stand before `=` in `SET a = …, (b, c) = …`, those of every upsert clause included. */
function columnsOf(statement: Statement): ReadonlySet<string> | null {
  const { tokens, sql, body } = statement;
  const columns = new Set<string>();
  let index = outside(tokens, body, (at) => isWord(tokens[at], "SET"));
  while (index !== -1) {
    do {
      index++;
      const list = isOperator(tokens[index], "(") ? closing(tokens, index) : index + 1;
      for (let at = index; at < list; at++) {
        const name = nameOf(tokens[at], sql);
        if (name !== undefined) columns.add(fold(name));
      }
      if (!isOperator(tokens[list], "=")) return null;
      index = outside(tokens, list, (at) => isOperator(tokens[at], ",") || endsSet(statement, at));
      if (index === -1) return columns;
    } while (isOperator(tokens[index], ","));
    index = outside(tokens, index, (at) => isWord(tokens[at], "SET"));
  }
  return columns;
}

/** The columns of `INTO t [AS alias] (…)`; none of `DEFAULT VALUES`. */
function givenOf({ tokens, sql, targetAt = 0 }: Statement): ReadonlySet<string> | null {
  const open = isWord(tokens[targetAt + 1], "AS") ? targetAt + 3 : targetAt + 1;
  if (isWord(tokens[open], "DEFAULT")) return new Set();
  if (!isOperator(tokens[open], "(")) return null;
  const list = tokens.slice(open + 1, closing(tokens, open) - 1);
  return new Set(list.flatMap((token) => nameOf(token, sql) ?? []).map(fold));
}

/** Of an insert what stands behind RETURNING; of an update what stands behind SET and isn't set by it. */
function namedIn({ kind, tokens, sql, body, targetAt = 0 }: Statement): ReadonlySet<string> {
  const clause = kind === "insert" ? "RETURNING" : "SET";
  const found = kind === "delete" ? targetAt : outside(tokens, body, (at) => isWord(tokens[at], clause));
  const start = found === -1 ? tokens.length : found;
  const names = tokens.slice(start + 1).flatMap((token, index) => {
    const at = start + 1 + index;
    const isFirst = at === start + 1 || isOperator(tokens[at - 1], ",");
    if (isOperator(token, "*"))
      return isFirst || isWord(tokens[at - 1], "RETURNING") || isOperator(tokens[at - 1], ".") ? ["*"] : [];
    // What is set stands behind SET or a comma; `b` in `SET a = b = 1` is read.
    if (token.kind === "string" || (kind === "update" && isFirst && isOperator(tokens[at + 1], "="))) return [];
    return nameOf(token, sql) ?? [];
  });
  return new Set(names.map(fold));
}

/** Whether a subquery stands in an update or delete. SQLite then finds all rows before it changes the first. */
function asksElsewhere({ tokens, body }: Statement): boolean {
  return tokens.some(
    (token, at) =>
      at > body && (isWord(token, "SELECT", "VALUES") || (isWord(token, "IN") && !isOperator(tokens[at + 1], "("))),
  );
}

function isConflict({ tokens }: Statement, index: number): boolean {
  return isWord(tokens[index], "ON") && isWord(tokens[index + 1], "CONFLICT");
}

/** Whether a clause begins here. The FROM of `IS DISTINCT FROM` begins none, and columns may stand behind it. */
function endsSet({ tokens }: Statement, index: number): boolean {
  if (isWord(tokens[index], "FROM") && isWord(tokens[index - 1], "DISTINCT")) return false;
  return isWord(tokens[index], ...ENDS_SET);
}

const ENDS_SET = ["WHERE", "FROM", "RETURNING", "ON", "ORDER", "LIMIT"];
