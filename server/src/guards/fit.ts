/**
 * Makes a statement fit the platform, which binds at most 100 parameters: long lists travel as one JSON text, and an
 * insert of many rows becomes several inserts. What fits already is left alone.
 */
import { EdgePodError } from "@edgepod/core/protocol";
import { closing, statementsOf } from "../sql/statement.ts";
import type { Statement } from "../sql/statement.ts";
import { isOperator, isWord } from "../sql/lexer.ts";
import type { Token } from "../sql/lexer.ts";

/** A text and what is bound to it. */
export interface BoundStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

const MAX_PARAMETERS = 100;
const MAX_INSERTED_ROWS = 1000;

/**
 * The statements to run, in order and all or nothing, in place of this one. Usually it alone; also where nothing helps,
 * for SQLite will say so.
 *
 * @throws EdgePodError `LIMIT_EXCEEDED` for an insert of more than 1,000 rows.
 */
export function fit(sql: string, params: readonly unknown[]): readonly BoundStatement[] {
  if (params.length <= MAX_PARAMETERS) return [{ sql, params }];
  const packed = packLists({ sql, params });
  if (packed.params.length <= MAX_PARAMETERS) return [packed];
  return splitInsert(packed) ?? [packed];
}

/** `IN (?, ?, …)` as `IN (SELECT value FROM json_each(?))`, which compares alike and is one text for every length. */
function packLists({ sql, params }: BoundStatement): BoundStatement {
  const tokens = parse(sql)?.tokens;
  if (!tokens) return { sql, params };
  let text = "";
  let copied = 0;
  let bound = 0;
  const packed: unknown[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const end = isWord(tokens[index], "IN") ? endOfList(tokens, index + 1) : null;
    if (end === null) {
      if (tokens[index]?.kind === "parameter") packed.push(params[bound++]);
      continue;
    }
    const count = (end - index - 2) / 2;
    const values = params.slice(bound, bound + count);
    bound += count;
    if (!values.every(isJson)) {
      packed.push(...values);
    } else {
      text += `${sql.slice(copied, tokens[index]?.end)} (SELECT value FROM json_each(?))`;
      copied = tokens[end - 1]?.end ?? sql.length;
      packed.push(
        `[${values.map((value) => (typeof value === "bigint" ? String(value) : JSON.stringify(value))).join()}]`,
      );
    }
    index = end - 1;
  }
  return bound === params.length ? { sql: text + sql.slice(copied), params: packed } : { sql, params };
}

/** The index behind `(?, ?, …)` at `open`, or null if something else stands there. */
function endOfList(tokens: readonly Token[], open: number): number | null {
  if (!isOperator(tokens[open], "(")) return null;
  for (let index = open + 1; ; index += 2) {
    if (tokens[index]?.value !== "?") return null;
    if (isOperator(tokens[index + 1], ")")) return index + 2;
    if (!isOperator(tokens[index + 1], ",")) return null;
  }
}

/** What comes out of `json_each` as it would have been bound. */
function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return ["string", "boolean", "bigint"].includes(typeof value) || value === null;
}

/** `INSERT … VALUES (…), (…), …` as several inserts of as many rows as fit, or null where there is nothing to split. */
function splitInsert({ sql, params }: BoundStatement): readonly BoundStatement[] | null {
  const statement = parse(sql);
  if (statement?.kind !== "insert") return null;
  const rows = rowsOf(statement);
  if (!rows) return null;
  if (rows.length > MAX_INSERTED_ROWS) {
    throw new EdgePodError(
      "LIMIT_EXCEEDED",
      `An insert into "${statement.target ?? "?"}" has ${rows.length} rows; at most ${MAX_INSERTED_ROWS} go at once. Insert them in parts.`,
    );
  }
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return null;
  const countIn = (from: number, to: number): number =>
    statement.tokens.slice(from, to).filter(({ kind }) => kind === "parameter").length;
  const before = countIn(0, first.from);
  const behind = countIn(last.to, statement.tokens.length);
  const widest = Math.max(...rows.map(({ from, to }) => countIn(from, to)));
  const fitting = Math.floor((MAX_PARAMETERS - before - behind) / widest);
  if (fitting < 1) return null;
  const textOf = (from: number, to: number): string =>
    sql.slice(statement.tokens[from]?.start, statement.tokens[to - 1]?.end);
  const head = sql.slice(0, statement.tokens[first.from]?.start);
  const tail = sql.slice(statement.tokens[last.to - 1]?.end);
  const parts: BoundStatement[] = [];
  let bound = before;
  for (let at = 0; at < rows.length; at += fitting) {
    const part = rows.slice(at, at + fitting);
    const count = part.reduce((sum, { from, to }) => sum + countIn(from, to), 0);
    const own = params.slice(bound, bound + count);
    bound += count;
    parts.push({
      sql: `${head}${part.map(({ from, to }) => textOf(from, to)).join(", ")}${tail}`,
      params: [...params.slice(0, before), ...own, ...params.slice(params.length - behind)],
    });
  }
  return parts;
}

/**
 * The rows behind VALUES, each from its opening parenthesis to behind its closing one, as indices of tokens. Null where
 * they are a part of a larger select, which would be inserted once for every part.
 */
function rowsOf({ tokens, body }: Statement): readonly { readonly from: number; readonly to: number }[] | null {
  let at = body;
  while (at < tokens.length && !isWord(tokens[at], "VALUES")) {
    if (isWord(tokens[at], "SELECT")) return null;
    at = isOperator(tokens[at], "(") ? closing(tokens, at) : at + 1;
  }
  const rows: { from: number; to: number }[] = [];
  do {
    at += 1;
    if (!isOperator(tokens[at], "(")) return null;
    const to = closing(tokens, at);
    rows.push({ from: at, to });
    at = to;
  } while (isOperator(tokens[at], ","));
  return isWord(tokens[at], "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT") ? null : rows;
}

/** The one statement of a text whose parameters count from left to right. */
function parse(sql: string): Statement | null {
  const statements = statementsOf(sql);
  const [statement] = statements ?? [];
  if (!statement || statements?.length !== 1) return null;
  return statement.tokens.some(({ kind, value }) => kind === "parameter" && value !== "?") ? null : statement;
}
