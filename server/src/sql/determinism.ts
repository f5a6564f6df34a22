/** Tells statements whose rows follow from tables and parameters alone from those that look at clock, chance or connection. */
import { isOperator, isWord } from "./lexer.ts";
import type { Statement } from "./statement.ts";

/** Whether nothing in the text itself looks elsewhere. What the views it reads from look at, the catalog knows. */
export function isDeterministic({ tokens }: Statement): boolean {
  return !tokens.some((token, index) => {
    if (isWord(token, ...CLOCK)) return !isOperator(tokens[index - 1], ".") && !isOperator(tokens[index + 1], ".");
    // SQLite takes quoted names for functions, too.
    const name = token.kind === "word" || token.kind === "quoted" ? token.value.toUpperCase() : "";
    if (!isOperator(tokens[index + 1], "(")) return false;
    if (ELSEWHERE.has(name)) return true;
    return DATES.has(name) && !isConstant(tokens, index + 2);
  });
}

/**
 * Whether a date is made of literals alone, none of them 'now'. A parameter or a column may hold that word, and
 * 'localtime' asks the machine; a date without arguments is the present.
 */
function isConstant(all: Statement["tokens"], start: number): boolean {
  if (isOperator(all[start], ")")) return false;
  let times = 0;
  for (let index = start; index < all.length && !isOperator(all[index], ")"); index++) {
    const token = all[index];
    if (isOperator(token, ",")) continue;
    if (token?.kind !== "string" && token?.kind !== "number") return false;
    if (/^\s*(?:now|localtime|utc|subsec|subsecond)\s*$/i.test(token.value)) return false;
    times++;
  }
  // The first argument of strftime is its format.
  return times > 1 || all[start - 2]?.value.toUpperCase() !== "STRFTIME";
}

const CLOCK = ["CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"];
const DATES = new Set(["DATE", "TIME", "DATETIME", "JULIANDAY", "UNIXEPOCH", "STRFTIME", "TIMEDIFF"]);
const ELSEWHERE = new Set(
  (
    "RANDOM RANDOMBLOB CHANGES TOTAL_CHANGES LAST_INSERT_ROWID SQLITE_VERSION SQLITE_SOURCE_ID SQLITE_OFFSET " +
    "SQLITE_COMPILEOPTION_GET SQLITE_COMPILEOPTION_USED"
  ).split(" "),
);
