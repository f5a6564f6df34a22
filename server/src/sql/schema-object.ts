/** Takes the statement that made a view, a trigger or a virtual table apart, as `sqlite_schema` keeps it. */
import { isOperator, isWord, lex, nameOf, type Token } from "./lexer.ts";
import { fold } from "./names.ts";
import { outside, statement, statementsOf, type Statement } from "./statement.ts";
import type { Operation } from "./write.ts";

export interface Trigger {
  readonly name: string;
  readonly event: Operation;
  /** The columns behind UPDATE OF, folded, or `null` for any. */
  readonly of: ReadonlySet<string> | null;
  /** The condition, as a select, and the statements of the body. */
  readonly steps: readonly Statement[];
  /** Whether any of them looks at the row that is written. */
  readonly looksAtRow: boolean;
}

/** A virtual table's module and arguments. */
export interface Module {
  readonly name: string;
  readonly args: readonly (readonly Token[])[];
}

/** The select of `CREATE VIEW name AS …`, or `null` if it can't be found. */
export function selectOfView(sql: string): Statement | null {
  const tokens = lex(sql) ?? [];
  const as = outside(tokens, 2, (at) => isWord(tokens[at], "AS") && isWord(tokens[at + 1], "SELECT", "WITH", "VALUES"));
  return as === -1 ? null : statement(sql, tokens.slice(as + 1));
}

/** `CREATE TRIGGER name [BEFORE | AFTER | INSTEAD OF] event ON table [WHEN …] BEGIN …; END`, or `null` if it isn't. */
export function triggerOf(name: string, sql: string): Trigger | null {
  const tokens = lex(sql) ?? [];
  const at = tokens.findIndex(
    (token, index) => index > 2 && isWord(token, "INSERT", "UPDATE", "DELETE") && isEvent(tokens, index),
  );
  // A column may be called so, too.
  const begin = outside(
    tokens,
    Math.max(at, 0),
    (index) => isWord(tokens[index], "BEGIN") && !isOperator(tokens[index - 1], "."),
  );
  const on = outside(tokens, Math.max(at, 0), (index) => isWord(tokens[index], "ON"));
  if (at === -1 || begin === -1 || on === -1 || !isWord(tokens.at(-1), "END")) return null;
  const steps = statementsOf(sql.slice(tokens[begin]?.end, tokens.at(-1)?.start));
  if (steps === null) return null;
  const when = outside(tokens, Math.max(on, 0), (index) => isWord(tokens[index], "WHEN"));
  const condition = when === -1 || when > begin ? null : sql.slice(tokens[when]?.end, tokens[begin]?.start);
  const conditions = condition === null ? [] : statementsOf(`SELECT ${condition}`);
  if (conditions === null) return null;
  const of = isWord(tokens[at + 1], "OF") ? namesIn(tokens.slice(at + 2, on), sql) : null;
  const looksAtRow = tokens.slice(on).some((token) => ROW.has(fold(nameOf(token, sql) ?? "")));
  return { name, event: eventOf(tokens[at]), of, steps: [...conditions, ...steps], looksAtRow };
}

/** `CREATE VIRTUAL TABLE name USING module (…)`, or `null` if it isn't. */
export function moduleOf(sql: string): Module | null {
  const tokens = lex(sql) ?? [];
  const using = tokens.findIndex((token) => isWord(token, "USING"));
  const name = nameOf(tokens[using + 1], sql);
  if (using === -1 || name === undefined) return null;
  const args: Token[][] = [[]];
  for (const token of tokens.slice(using + 3, -1)) {
    if (isOperator(token, ",")) args.push([]);
    else args.at(-1)?.push(token);
  }
  return { name: fold(name), args };
}

const ROW = new Set(["new", "old"]);

/** An event is followed by ON, or by OF and columns. Elsewhere such a word is the trigger's own name. */
function isEvent(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at + 1], "ON") || (isWord(tokens[at], "UPDATE") && isWord(tokens[at + 1], "OF"));
}

function eventOf(token: Token | undefined): Operation {
  if (isWord(token, "INSERT")) return "insert";
  return isWord(token, "UPDATE") ? "update" : "delete";
}

function namesIn(tokens: readonly Token[], sql: string): ReadonlySet<string> {
  return new Set(tokens.flatMap((token) => nameOf(token, sql) ?? []).map(fold));
}
