/** One statement of a text and what its first words say about it, which is certain even where no grammar knows more. */
import { isOperator, isWord, lex, nameOf, type Token } from "./lexer.ts";

export type StatementKind = "select" | "insert" | "update" | "delete" | "explain" | "pragma" | "schema";

export interface Statement {
  readonly kind: StatementKind;
  /** The text that the tokens point into. */
  readonly sql: string;
  /** Never empty, and without the semicolon. */
  readonly tokens: readonly Token[];
  /** Where the statement proper begins, behind `WITH …`. */
  readonly body: number;
  /** The table that an insert, update or delete names, as it was written. */
  readonly target?: string;
  /** The index of the token that names it. */
  readonly targetAt?: number;
}

/** The statements of a text, in order, or `null` where it isn't SQL. */
export function statementsOf(sql: string): readonly Statement[] | null {
  const tokens = lex(sql);
  if (tokens === null) return null;
  const statements: Statement[] = [];
  for (let start = 0; start < tokens.length;) {
    const end = statementEnd(tokens, start);
    if (end > start) statements.push(statement(sql, tokens.slice(start, end)));
    start = end + 1;
  }
  return statements;
}

/** The text of one statement. */
export function textOf({ sql, tokens }: Statement): string {
  return sql.slice(tokens[0]?.start, tokens.at(-1)?.end);
}

/** The index behind the parenthesis that closes the one at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (isOperator(tokens[index], "(")) depth++;
    else if (isOperator(tokens[index], ")") && --depth === 0) return index + 1;
  }
  return tokens.length;
}

/**
 * Whether the word at `index` begins `WITH [RECURSIVE] name [(…)] AS [[NOT] MATERIALIZED] (`. SQLite takes it for a name
 * everywhere else, such as a column.
 */
export function beginsWith(tokens: readonly Token[], index: number): boolean {
  if (!isWord(tokens[index], "WITH")) return false;
  const name = isWord(tokens[index + 1], "RECURSIVE") && !isWord(tokens[index + 2], "AS") ? index + 2 : index + 1;
  if (isWord(tokens[name], "AS")) return false;
  let as = isOperator(tokens[name + 1], "(") ? closing(tokens, name + 1) : name + 1;
  if (!isWord(tokens[as], "AS")) return false;
  while (isWord(tokens[as + 1], "NOT", "MATERIALIZED")) as++;
  return isOperator(tokens[as + 1], "(");
}

/** The first index from `start` on, outside of parentheses, that `matches`, or -1. */
export function outside(
  tokens: readonly Token[],
  start: number,
  matches: (index: number) => boolean,
  end: number = tokens.length,
): number {
  for (let index = start; index < end; index++) {
    if (isOperator(tokens[index], "(")) index = closing(tokens, index) - 1;
    else if (matches(index)) return index;
  }
  return -1;
}

// A trigger's body holds semicolons, the last of them before its END. A CASE's END stands behind none.
function statementEnd(tokens: readonly Token[], start: number): number {
  const head = tokens.slice(start, start + 3);
  const isTrigger = isWord(head[0], "CREATE") && head.some((token) => isWord(token, "TRIGGER"));
  const end = tokens.findIndex(
    (token, index) =>
      index >= start &&
      isOperator(token, ";") &&
      (!isTrigger || (isWord(tokens[index - 1], "END") && isOperator(tokens[index - 2], ";"))),
  );
  return end === -1 ? tokens.length : end;
}

/** The statement that these tokens of `sql` are. */
export function statement(sql: string, tokens: readonly Token[]): Statement {
  const body = isWord(tokens[0], "WITH") ? bodyOf(tokens) : 0;
  const kind = kindOf(tokens[body]);
  const targetAt = targetOf(kind, tokens, body);
  const target = targetAt === undefined ? undefined : nameOf(tokens[targetAt], sql);
  return { kind, sql, tokens, body, ...(target !== undefined && targetAt !== undefined && { target, targetAt }) };
}

function bodyOf(tokens: readonly Token[]): number {
  for (let index = 1; index < tokens.length; index++) {
    if (isOperator(tokens[index], "(")) index = closing(tokens, index) - 1;
    else if (isWord(tokens[index], "SELECT", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE")) {
      // `WITH replace AS (…)`: a name there, since it is no reserved word.
      if (!isWord(tokens[index], "REPLACE") || isWord(tokens[index + 1], "INTO")) return index;
    }
  }
  return 0;
}

function kindOf(token: Token | undefined): StatementKind {
  if (token?.kind !== "word") return "schema";
  switch (token.value) {
    case "SELECT":
    case "VALUES":
      return "select";
    case "INSERT":
    case "REPLACE":
      return "insert";
    case "UPDATE":
      return "update";
    case "DELETE":
      return "delete";
    case "EXPLAIN":
      return "explain";
    case "PRAGMA":
      return "pragma";
    default:
      // CREATE, DROP, ALTER; ANALYZE creates tables, too. What we don't know may do anything.
      return "schema";
  }
}

function targetOf(kind: StatementKind, tokens: readonly Token[], body: number): number | undefined {
  if (kind !== "insert" && kind !== "update" && kind !== "delete") return undefined;
  let index = body + 1;
  if (isWord(tokens[index], "OR")) index += 2;
  if (kind !== "update") index++;
  return isOperator(tokens[index + 1], ".") ? index + 2 : index;
}
