/** Which words are keywords where they stand, for SQLite lets most of them be names elsewhere. */
import { isOperator, isWord, type Token } from "./lexer.ts";
import { beginsWith } from "./statement.ts";

/** Whether the word at `index` is a name: no keyword at all, or one in a place where it can't be meant. */
export function isName(tokens: readonly Token[], index: number, isTable = false): boolean {
  const token = tokens[index];
  const previous = tokens[index - 1];
  const next = tokens[index + 1];
  // SQLite takes a string for a name where a table or an alias must stand.
  if (token?.kind === "string") return isTable || isWord(previous, "AS") || endsExpression(previous);
  if (isOperator(previous, ".") || isOperator(next, ".")) return true;
  if (isWord(previous, "AS")) return !isWord(token, "NOT", "MATERIALIZED");
  const word = token?.value ?? "";
  if (!KEYWORDS.has(word)) return true;
  if (JOIN.has(word)) return !beginsJoin(tokens, index);
  if (OPERATORS.has(word)) return !endsExpression(isWord(previous, "NOT") ? tokens[index - 2] : previous);
  switch (word) {
    case "FILTER":
      return !isOperator(previous, ")") || !isOperator(next, "(");
    case "OVER":
      return !isOperator(previous, ")") || !(isOperator(next, "(") || isName(tokens, index + 1));
    case "WITH":
      return !beginsWith(tokens, index);
    case "WINDOW":
      return !endsExpression(previous) || !isWord(tokens[index + 2], "AS");
    case "INDEXED":
      return !isWord(next, "BY");
    case "NULLS":
      return !isWord(next, "FIRST", "LAST");
    case "PARTITION":
    case "GROUP":
    case "ORDER":
      return !isWord(next, "BY");
    case "CAST":
      return !isOperator(next, "(");
    default:
      return false;
  }
}

function beginsJoin(tokens: readonly Token[], index: number): boolean {
  while (isWord(tokens[index], "NATURAL", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER")) index++;
  return isWord(tokens[index], "JOIN");
}

/** Whether a table may be named between `start` and `end`. Elsewhere than in a SELECT one stands only behind IN. */
export function mayNameTable(tokens: readonly Token[], start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const token = tokens[index];
    if (isWord(token, "SELECT", "FROM", "VALUES")) return true;
    if (isWord(token, "IN") && !isOperator(tokens[index + 1], "(")) return true;
  }
  return false;
}

/** Whether an expression may end at `token`, so that an operator can follow and no operand. */
export function endsExpression(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === "operator") return token.value === ")";
  return token.kind !== "word" || !KEYWORDS.has(token.value) || token.value === "END" || token.value === "NULL";
}

/** What a join is made of, JOIN being the last. */
export const JOIN = new Set(["JOIN", "NATURAL", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER"]);
const OPERATORS = new Set(["LIKE", "GLOB", "MATCH", "REGEXP", "ESCAPE", "ISNULL", "NOTNULL", "COLLATE"]);
const KEYWORDS = new Set([
  ...JOIN,
  ...OPERATORS,
  ..."SELECT DISTINCT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET WITH VALUES ALL UNION INTERSECT EXCEPT".split(" "),
  ..."DELETE SET AS ON USING AND OR NOT NULL IN IS BETWEEN CASE WHEN THEN ELSE END EXISTS CAST ASC DESC".split(" "),
  ..."NULLS INDEXED PARTITION FILTER OVER WINDOW".split(" "),
]);
