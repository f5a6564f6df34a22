/**
 * Writes tokens anew in the small part of SQL that node-sql-parser's grammar knows, so that the same tables stand in the
 * same scopes: names become plain words, values become `1`, and what can't name a table is left out. The text is only
 * ever parsed, never run.
 */
import { endsExpression, isName, JOIN, mayNameTable } from "./keywords.ts";
import { isOperator, isWord, nameOf, type Token } from "./lexer.ts";
import { NoEqual, PlainNames } from "./plain-names.ts";
import { closing, outside, type Statement } from "./statement.ts";

/** One pair of parentheses, or the statement itself. */
interface Level {
  /** Whether a comma is followed by a table. */
  from: boolean;
  /** Whether a table must follow. */
  table: boolean;
  /** Whether an ORDER BY stands before. */
  ordered: boolean;
  /** Whether these are the arguments of a function. */
  readonly call: boolean;
}

/** Writes parts of one statement. */
export class PlainText {
  /** How many tables stand in the FROM clauses written so far. */
  sources = 0;
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  readonly #names: PlainNames;

  constructor(statement: Statement) {
    this.#sql = statement.sql;
    this.#tokens = statement.tokens;
    this.#names = new PlainNames(statement);
  }

  /** What each plain word stands for. */
  get names(): ReadonlyMap<string, string> {
    return this.#names.meant;
  }

  /** `name[.name]…[.*]` as one word, and the index behind it. */
  name(index: number): [name: string, behind: number] {
    return this.#names.at(index);
  }

  /** The tokens from `start` to `end`, whose parentheses match. */
  write(start: number, end: number, options: { insert?: boolean; table?: boolean; call?: boolean } = {}): string {
    const { insert = false, table = false, call = false } = options;
    const level: Level = { from: table, table, ordered: false, call };
    const out: string[] = [];
    for (let index = start; index < end;) {
      const token = this.#tokens[index];
      if (token === undefined) break;
      if (token.kind === "operator") index = this.#operator(index, level, out);
      else if (token.kind === "word" && !isName(this.#tokens, index))
        index = this.#word(index, end, level, out, insert);
      else if (
        token.kind === "word" ||
        token.kind === "quoted" ||
        (token.kind === "string" && isName(this.#tokens, index, level.table))
      )
        index = this.#column(index, level, out);
      else {
        out.push("1");
        index++;
      }
    }
    return out.join(" ");
  }

  #operator(index: number, level: Level, out: string[]): number {
    const value = this.#tokens[index]?.value ?? "";
    if (value === "(") return this.#parentheses(index, level, out);
    if (value === ",") {
      level.table = level.from;
      // The grammar knows no comma behind a join.
      out.push(level.from ? "JOIN" : ",");
      // `SET (a, b) = …` after a comma; elsewhere a row value is never followed by `=` where a column could stand.
      return this.#rowTarget(index + 1, out);
    }
    out.push(ARITHMETIC.has(value) ? "+" : value === "==" ? "=" : value);
    return index + 1;
  }

  #parentheses(open: number, level: Level, out: string[]): number {
    const end = closing(this.#tokens, open);
    const inner = open + 1;
    const select = isWord(this.#tokens[inner], "SELECT", "WITH", "VALUES");
    if (level.table && !select) {
      level.table = false;
      out.push(`( SELECT 1 FROM ${this.write(inner, end - 1, { table: true })} )`);
      return end;
    }
    level.table = false;
    const previous = this.#tokens[open - 1];
    const call =
      !select && (previous?.kind === "quoted" || (previous?.kind === "word" && isName(this.#tokens, open - 1)));
    // The grammar knows no parenthesis as the first thing selected in nested selects, nor as what CASE compares, and
    // takes twice as long with each that stands in another.
    if (isWord(previous, "SELECT", "DISTINCT", "CASE")) out.push("1 +");
    const plain = isWord(previous, "IN") && !mayNameTable(this.#tokens, inner, end - 1);
    if (plain || (call && isOperator(this.#tokens[inner], "*"))) out.push("( 1 )");
    else
      out.push(
        `( ${this.write(call && isWord(this.#tokens[inner], "DISTINCT") ? inner + 1 : inner, end - 1, { call })} )`,
      );
    return end;
  }

  /** A keyword and what belongs to it. */
  #word(index: number, end: number, level: Level, out: string[], insert: boolean): number {
    const token = this.#tokens[index];
    const next = this.#tokens[index + 1];
    const word = token?.value ?? "";
    const plain = PLAIN.get(word);
    if (plain !== undefined) {
      const [text, tokens] = plain;
      if (ENDS_FROM.has(word)) level.from = false;
      if (text !== "") out.push(text);
      return index + tokens;
    }
    switch (word) {
      case "WITH":
        return this.#with(index, out);
      case "SELECT":
        level.from = level.ordered = false;
        out.push(word);
        return isWord(next, "ALL") ? index + 2 : index + 1;
      case "VALUES":
        if (!insert) out.push("SELECT");
        else if (mayNameTable(this.#tokens, index + 1, end)) out.push("VALUES");
        else {
          // Thousands of values cost the parser most of its time and tell it nothing.
          out.push("VALUES ( 1 )");
          return end;
        }
        return index + 1;
      case "UNION":
      case "INTERSECT":
      case "EXCEPT":
        level.from = level.ordered = false;
        out.push("UNION");
        if (!isWord(next, "ALL")) return index + 1;
        out.push("ALL");
        return index + 2;
      case "DELETE":
      case "FROM":
        level.from = level.table = word === "FROM";
        out.push(word);
        return index + 1;
      case "ORDER":
        level.from = false;
        out.push(level.call ? (out.length > 0 ? "," : "") : "ORDER BY");
        level.ordered = true;
        return index + 2;
      case "ASC":
      case "DESC":
        if (!level.call) out.push(word);
        return index + 1;
      case "LIMIT":
        level.from = false;
        if (!mayNameTable(this.#tokens, index, end)) {
          out.push("LIMIT 1");
          return end;
        }
        // The grammar wants a number here. A further ORDER BY term sees the same tables.
        out.push(level.ordered ? "," : "ORDER BY");
        return index + 1;
      case "SET":
        out.push(word);
        return this.#rowTarget(index + 1, out);
      case "IS":
        return this.#is(index, out);
      case "NOT":
        if (isWord(next, "INDEXED")) return index + 2;
        out.push(isWord(next, "NULL") && endsExpression(this.#tokens[index - 1]) ? "IS NOT" : "NOT");
        return index + 1;
      case "IN":
        return this.#in(index, out);
      case "CAST":
        return this.#cast(index, out);
      case "FILTER":
      case "OVER":
        return this.#window(index, out);
      case "WINDOW":
        return this.#windows(index);
      default:
        if (JOIN.has(word)) {
          while (!isWord(this.#tokens[index], "JOIN")) index++;
          level.from = level.table = true;
          out.push("JOIN");
        } else out.push(word);
        return index + 1;
    }
  }

  /** `WITH [RECURSIVE] name [(columns)] AS [[NOT] MATERIALIZED] (…), …` */
  #with(index: number, out: string[]): number {
    const ctes: string[] = [];
    if (isWord(this.#tokens[index + 1], "RECURSIVE") && !isWord(this.#tokens[index + 2], "AS")) index++;
    do {
      const [name, behind] = this.name(index + 1);
      let open = isOperator(this.#tokens[behind], "(") ? closing(this.#tokens, behind) : behind;
      while (open < this.#tokens.length && !isOperator(this.#tokens[open], "(")) open++;
      index = closing(this.#tokens, open);
      ctes.push(`${name} AS ( ${this.write(open + 1, index - 1)} )`);
    } while (isOperator(this.#tokens[index], ","));
    out.push(`WITH ${ctes.join(" , ")}`);
    return index;
  }

  /** `(a, b) =` → `a =` */
  #rowTarget(index: number, out: string[]): number {
    if (!isOperator(this.#tokens[index], "(")) return index;
    const end = closing(this.#tokens, index);
    if (!isOperator(this.#tokens[end], "=") || mayNameTable(this.#tokens, index, end)) return index;
    if (nameOf(this.#tokens[index + 1], this.#sql) === undefined) return index;
    const [name] = this.name(index + 1);
    out.push(name);
    return end;
  }

  /** `IS [NOT] [DISTINCT FROM]` → `=`, but for NULL. */
  #is(index: number, out: string[]): number {
    const not = isWord(this.#tokens[index + 1], "NOT") ? 1 : 0;
    const operand = index + 1 + not;
    if (isWord(this.#tokens[operand], "NULL")) out.push(not ? "IS NOT" : "IS");
    else out.push("=");
    return isWord(this.#tokens[operand], "DISTINCT") ? operand + 2 : operand;
  }

  /** `IN table`, `IN main.table` and `IN function(…)` → `IN (SELECT 1 FROM …)` */
  #in(index: number, out: string[]): number {
    out.push("IN");
    if (isOperator(this.#tokens[index + 1], "(")) return index + 1;
    const [, behind] = this.name(index + 1);
    const end = isOperator(this.#tokens[behind], "(") ? closing(this.#tokens, behind) : behind;
    out.push(`( SELECT 1 FROM ${this.write(index + 1, end, { table: true })} )`);
    return end;
  }

  /** `CAST(e AS type)` → `f(e)` */
  #cast(index: number, out: string[]): number {
    const end = closing(this.#tokens, index + 1);
    const as = outside(this.#tokens, index + 2, (at) => isWord(this.#tokens[at], "AS"), end);
    out.push(`f ( ${this.write(index + 2, as === -1 ? end - 1 : as)} )`);
    return end;
  }

  /** `FILTER (WHERE e)` and `OVER (…)` → `+ (…)` where a table may stand in them, otherwise nothing. */
  #window(index: number, out: string[]): number {
    const open = index + 1;
    if (!isOperator(this.#tokens[open], "(")) return index + 2;
    const end = closing(this.#tokens, open);
    if (mayNameTable(this.#tokens, open, end)) {
      const inner = isWord(this.#tokens[open + 1], "WHERE") ? open + 2 : open + 1;
      const bounds = outside(this.#tokens, inner, (at) => isWord(this.#tokens[at], "ROWS", "RANGE", "GROUPS"), end - 1);
      const frame = bounds === -1 ? end - 1 : bounds;
      if (mayNameTable(this.#tokens, frame, end)) throw new NoEqual();
      out.push(`+ ( ${this.write(inner, frame, { call: true })} )`);
    }
    return end;
  }

  /** `WINDOW name AS (…), …` → nothing. */
  #windows(index: number): number {
    const start = index;
    do {
      const [, behind] = this.name(index + 1);
      index = closing(this.#tokens, behind + 1);
    } while (isOperator(this.#tokens[index], ","));
    if (mayNameTable(this.#tokens, start, index)) throw new NoEqual();
    return index;
  }

  /** A column, a table, a function's name. */
  #column(index: number, level: Level, out: string[]): number {
    const [name, behind] = this.name(index);
    if (level.table) this.sources++;
    level.table = false;
    out.push(name);
    return behind;
  }
}

/** Words that always become the same, and how many tokens that takes. */
const PLAIN: ReadonlyMap<string, readonly [text: string, tokens: number]> = new Map([
  // As a plain subquery: of EXISTS in EXISTS the grammar makes every one twice if it has no place for what is inside.
  ["EXISTS", ["1 +", 1]],
  ["WHERE", ["WHERE", 1]],
  ["HAVING", ["HAVING", 1]],
  ["GROUP", ["GROUP BY", 2]],
  ["PARTITION", ["", 2]],
  ["NULLS", ["", 2]],
  ["COLLATE", ["", 2]],
  ["INDEXED", ["", 3]],
  ["OFFSET", [",", 1]],
  ["ISNULL", ["IS NULL", 1]],
  ["NOTNULL", ["IS NULL", 1]],
  ["LIKE", ["LIKE", 1]],
  ["GLOB", ["LIKE", 1]],
  ["MATCH", ["LIKE", 1]],
  ["REGEXP", ["LIKE", 1]],
  ["ESCAPE", ["+", 1]],
]);
const ENDS_FROM = new Set(["WHERE", "HAVING", "GROUP"]);
const ARITHMETIC = new Set(["||", "&", "|", "<<", ">>", "%", "->", "->>"]);
