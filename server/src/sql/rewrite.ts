/**
 * Writes a statement anew in the small part of SQL that node-sql-parser's grammar knows, so that the same tables stand in
 * the same scopes: names become plain words, values become `1`, and what can't name a table is left out. The text is
 * only ever parsed, never run.
 */
import { isOperator, isWord, nameOf, type Token } from "./lexer.ts";
import { closing, type Statement } from "./statement.ts";

/** A statement as the parser gets it. */
export interface Rewritten {
  /** `WITH … SELECT 1` of an insert, update or delete, whose names hold in every one of `texts`. */
  readonly scope?: string;
  /** The statement, then those of its clauses that the grammar doesn't know in their place. */
  readonly texts: readonly string[];
  /** What each plain word stands for. */
  readonly names: ReadonlyMap<string, string>;
  /** How often a table stands in a FROM clause. A parser that finds another number has misunderstood something. */
  readonly sources: number;
}

/** The statement rewritten, or `null` where a clause has no equal in the grammar. */
export function rewrite(statement: Statement): Rewritten | null {
  const writer = new Writer(statement);
  try {
    const { scope, texts } = writer.statement();
    return { ...(scope !== undefined && { scope }), texts, names: writer.names, sources: writer.sources };
  } catch (error) {
    if (error instanceof NoEqual) return null;
    throw error;
  }
}

class NoEqual extends Error {}

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

class Writer {
  readonly names = new Map<string, string>();
  sources = 0;
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  readonly #statement: Statement;
  readonly #standIns = new Map<string, string>();

  constructor(statement: Statement) {
    this.#statement = statement;
    this.#sql = statement.sql;
    this.#tokens = statement.tokens;
  }

  statement(): { scope?: string; texts: string[] } {
    const { kind, body } = this.#statement;
    const end = this.#tokens.length;
    if (kind === "select") return { texts: [this.#write(0, end)] };
    const scope = body > 0 ? { scope: `${this.#write(0, body)} SELECT 1` } : {};
    // SQLite's RETURNING closes a statement but for ORDER BY and LIMIT, which none of its outputs needs.
    const returning = this.#find(body, end, (index) => isWord(this.#tokens[index], "RETURNING"));
    const texts = kind === "insert" ? this.#insert(body, returning) : this.#change(body, returning);
    if (returning < end) texts.push(`SELECT ${this.#write(returning + 1, end)}`);
    return { ...scope, texts };
  }

  /** `INSERT [OR …] INTO t [AS alias] … [ON CONFLICT …]…` */
  #insert(start: number, end: number): string[] {
    let index = this.#skipOr(start + 1) + 1;
    const [target, behind] = this.#name(index);
    index = isWord(this.#tokens[behind], "AS") ? behind + 2 : behind;
    // The grammar would count columns and values, which are left out below.
    if (isOperator(this.#tokens[index], "(")) index = closing(this.#tokens, index);
    const conflict = (from: number) =>
      this.#find(from, end, (at) => isWord(this.#tokens[at], "ON") && isWord(this.#tokens[at + 1], "CONFLICT"));
    let upsert = conflict(index);
    const rest = isWord(this.#tokens[index], "DEFAULT") ? "VALUES (1)" : this.#write(index, upsert, { insert: true });
    const texts = [`INSERT INTO ${target} ${rest}`];
    while (upsert < end) {
      const next = conflict(upsert + 1);
      const set = this.#find(upsert, next, (at) => isWord(this.#tokens[at], "SET"));
      if (this.#mayNameTable(upsert, set)) throw new NoEqual();
      if (set < next) texts.push(`UPDATE ${target} ${this.#write(set, next)}`);
      upsert = next;
    }
    return texts;
  }

  /** `UPDATE [OR …] t SET … [FROM …] …` or `DELETE FROM t …` */
  #change(start: number, end: number): string[] {
    if (this.#statement.kind === "delete") return [this.#write(start, end)];
    const target = this.#skipOr(start + 1);
    const set = this.#find(target, end, (index) => isWord(this.#tokens[index], "SET"));
    const from = this.#find(set, end, (index) => this.#isFrom(index));
    const where = this.#find(from, end, (index) => isWord(this.#tokens[index], "WHERE", "ORDER", "LIMIT"));
    const [name] = this.#name(target);
    const texts = [`UPDATE ${name} ${this.#write(set, from)} ${this.#write(where, end)}`];
    if (from < where) texts.push(`SELECT 1 ${this.#write(from, where)}`);
    return texts;
  }

  #skipOr(index: number): number {
    return isWord(this.#tokens[index], "OR") ? index + 2 : index;
  }

  /** The tokens from `start` to `end`, whose parentheses match. */
  #write(start: number, end: number, options: { insert?: boolean; table?: boolean; call?: boolean } = {}): string {
    const { insert = false, table = false, call = false } = options;
    const level: Level = { from: table, table, ordered: false, call };
    const out: string[] = [];
    for (let index = start; index < end;) {
      const token = this.#tokens[index];
      if (token === undefined) break;
      if (token.kind === "operator") index = this.#operator(index, level, out);
      else if (token.kind === "word" && !this.#isName(index)) index = this.#word(index, end, level, out, insert);
      else if (
        token.kind === "word" ||
        token.kind === "quoted" ||
        (token.kind === "string" && this.#isName(index, level))
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
      out.push(`( SELECT 1 FROM ${this.#write(inner, end - 1, { table: true })} )`);
      return end;
    }
    level.table = false;
    const previous = this.#tokens[open - 1];
    const call = !select && (previous?.kind === "quoted" || (previous?.kind === "word" && this.#isName(open - 1)));
    // In nested selects the grammar knows no parenthesis as the first thing selected.
    if (isWord(previous, "SELECT", "DISTINCT")) out.push("1 +");
    const plain = isWord(previous, "IN") && !this.#mayNameTable(inner, end - 1);
    if (plain || (call && isOperator(this.#tokens[inner], "*"))) out.push("( 1 )");
    else
      out.push(
        `( ${this.#write(call && isWord(this.#tokens[inner], "DISTINCT") ? inner + 1 : inner, end - 1, { call })} )`,
      );
    return end;
  }

  /** A keyword and what belongs to it. */
  #word(index: number, end: number, level: Level, out: string[], insert: boolean): number {
    const token = this.#tokens[index];
    const next = this.#tokens[index + 1];
    const word = token?.value ?? "";
    switch (word) {
      case "WITH":
        return this.#with(index, out);
      case "SELECT":
        level.from = level.ordered = false;
        out.push(word);
        return isWord(next, "ALL") ? index + 2 : index + 1;
      case "VALUES":
        if (!insert) out.push("SELECT");
        else if (this.#mayNameTable(index + 1, end)) out.push("VALUES");
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
      case "WHERE":
      case "HAVING":
        level.from = false;
        out.push(word);
        return index + 1;
      case "GROUP":
        level.from = false;
        out.push("GROUP BY");
        return index + 2;
      case "PARTITION":
        return index + 2;
      case "ORDER":
        level.from = false;
        out.push(level.call ? (out.length > 0 ? "," : "") : "ORDER BY");
        level.ordered = true;
        return index + 2;
      case "ASC":
      case "DESC":
        if (!level.call) out.push(word);
        return index + 1;
      case "NULLS":
      case "COLLATE":
        return index + 2;
      case "LIMIT":
        level.from = false;
        if (!this.#mayNameTable(index, end)) {
          out.push("LIMIT 1");
          return end;
        }
        // The grammar wants a number here. A further ORDER BY term sees the same tables.
        out.push(level.ordered ? "," : "ORDER BY");
        return index + 1;
      case "OFFSET":
        out.push(",");
        return index + 1;
      case "SET":
        out.push(word);
        return this.#rowTarget(index + 1, out);
      case "IS":
        return this.#is(index, out);
      case "ISNULL":
      case "NOTNULL":
        out.push("IS NULL");
        return index + 1;
      case "NOT":
        if (isWord(next, "INDEXED")) return index + 2;
        out.push(isWord(next, "NULL") && endsExpression(this.#tokens[index - 1]) ? "IS NOT" : "NOT");
        return index + 1;
      case "INDEXED":
        return index + 3;
      case "LIKE":
      case "GLOB":
      case "MATCH":
      case "REGEXP":
        out.push("LIKE");
        return index + 1;
      case "ESCAPE":
        out.push("+");
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
      const [name, behind] = this.#name(index + 1);
      let open = isOperator(this.#tokens[behind], "(") ? closing(this.#tokens, behind) : behind;
      while (open < this.#tokens.length && !isOperator(this.#tokens[open], "(")) open++;
      index = closing(this.#tokens, open);
      ctes.push(`${name} AS ( ${this.#write(open + 1, index - 1)} )`);
    } while (isOperator(this.#tokens[index], ","));
    out.push(`WITH ${ctes.join(" , ")}`);
    return index;
  }

  /** `(a, b) =` → `a =` */
  #rowTarget(index: number, out: string[]): number {
    if (!isOperator(this.#tokens[index], "(")) return index;
    const end = closing(this.#tokens, index);
    if (!isOperator(this.#tokens[end], "=") || this.#mayNameTable(index, end)) return index;
    if (nameOf(this.#tokens[index + 1], this.#sql) === undefined) return index;
    const [name] = this.#name(index + 1);
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
    const [, behind] = this.#name(index + 1);
    const end = isOperator(this.#tokens[behind], "(") ? closing(this.#tokens, behind) : behind;
    out.push(`( SELECT 1 FROM ${this.#write(index + 1, end, { table: true })} )`);
    return end;
  }

  /** `CAST(e AS type)` → `f(e)` */
  #cast(index: number, out: string[]): number {
    const end = closing(this.#tokens, index + 1);
    const as = this.#find(index + 2, end, (at) => isWord(this.#tokens[at], "AS"));
    out.push(`f ( ${this.#write(index + 2, Math.min(as, end - 1))} )`);
    return end;
  }

  /** `FILTER (WHERE e)` and `OVER (…)` → `+ (…)` where a table may stand in them, otherwise nothing. */
  #window(index: number, out: string[]): number {
    const open = index + 1;
    if (!isOperator(this.#tokens[open], "(")) return index + 2;
    const end = closing(this.#tokens, open);
    if (this.#mayNameTable(open, end)) {
      const inner = isWord(this.#tokens[open + 1], "WHERE") ? open + 2 : open + 1;
      const frame = this.#find(inner, end - 1, (at) => isWord(this.#tokens[at], "ROWS", "RANGE", "GROUPS"));
      if (this.#mayNameTable(frame, end)) throw new NoEqual();
      out.push(`+ ( ${this.#write(inner, frame, { call: true })} )`);
    }
    return end;
  }

  /** `WINDOW name AS (…), …` → nothing. */
  #windows(index: number): number {
    const start = index;
    do {
      const [, behind] = this.#name(index + 1);
      index = closing(this.#tokens, behind + 1);
    } while (isOperator(this.#tokens[index], ","));
    if (this.#mayNameTable(start, index)) throw new NoEqual();
    return index;
  }

  /** A column, a table, a function's name. */
  #column(index: number, level: Level, out: string[]): number {
    const [name, behind] = this.#name(index);
    if (level.table) this.sources++;
    level.table = false;
    out.push(name);
    return behind;
  }

  /** `name[.name]…[.*]` as one word, and the index behind it. */
  #name(index: number): [name: string, behind: number] {
    const parts = [this.#standIn(index++)];
    while (isOperator(this.#tokens[index], ".")) {
      parts.push(isOperator(this.#tokens[index + 1], "*") ? "*" : this.#standIn(index + 1));
      index += 2;
    }
    // The grammar knows no `schema.table.column`, and a column needs no schema.
    return [parts.slice(-2).join("."), index];
  }

  #standIn(index: number): string {
    const name = nameOf(this.#tokens[index], this.#sql);
    if (name === undefined) throw new NoEqual();
    let standIn = this.#standIns.get(name);
    if (standIn === undefined) {
      standIn = `n${this.#standIns.size}_`;
      this.#standIns.set(name, standIn);
      this.names.set(standIn, name);
    }
    return standIn;
  }

  /** Whether the word at `index` is a name: no keyword at all, or one in a place where it can't be meant. */
  #isName(index: number, level?: Level): boolean {
    const token = this.#tokens[index];
    const previous = this.#tokens[index - 1];
    const next = this.#tokens[index + 1];
    // SQLite takes a string for a name where a table or an alias must stand.
    if (token?.kind === "string") return level?.table === true || isWord(previous, "AS") || endsExpression(previous);
    if (isOperator(previous, ".") || isOperator(next, ".")) return true;
    if (isWord(previous, "AS")) return !isWord(token, "NOT", "MATERIALIZED");
    const word = token?.value ?? "";
    if (!KEYWORDS.has(word)) return true;
    if (JOIN.has(word)) return !this.#beginsJoin(index);
    if (OPERATORS.has(word)) return !endsExpression(isWord(previous, "NOT") ? this.#tokens[index - 2] : previous);
    switch (word) {
      case "FILTER":
        return !isOperator(previous, ")") || !isOperator(next, "(");
      case "OVER":
        return !isOperator(previous, ")") || !(isOperator(next, "(") || this.#isName(index + 1));
      case "WINDOW":
        return !endsExpression(previous) || !isWord(this.#tokens[index + 2], "AS");
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

  #beginsJoin(index: number): boolean {
    while (isWord(this.#tokens[index], "NATURAL", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER")) index++;
    return isWord(this.#tokens[index], "JOIN");
  }

  /** Whether the FROM at `index` begins a clause, as it doesn't in `IS DISTINCT FROM`. */
  #isFrom(index: number): boolean {
    return isWord(this.#tokens[index], "FROM") && !isWord(this.#tokens[index - 1], "DISTINCT");
  }

  /** Whether a table may be named between `start` and `end`. Elsewhere than in a SELECT one stands only behind IN. */
  #mayNameTable(start: number, end: number): boolean {
    for (let index = start; index < end; index++) {
      const token = this.#tokens[index];
      if (isWord(token, "SELECT", "FROM", "VALUES")) return true;
      if (isWord(token, "IN") && !isOperator(this.#tokens[index + 1], "(")) return true;
    }
    return false;
  }

  /** The first index outside of parentheses that `matches`, or `end`. */
  #find(start: number, end: number, matches: (index: number) => boolean): number {
    for (let index = start; index < end; index++) {
      if (isOperator(this.#tokens[index], "(")) index = closing(this.#tokens, index) - 1;
      else if (matches(index)) return index;
    }
    return end;
  }
}

/** Whether an expression may end at `token`, so that an operator can follow and no operand. */
function endsExpression(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === "operator") return token.value === ")";
  return token.kind !== "word" || !KEYWORDS.has(token.value) || token.value === "END" || token.value === "NULL";
}

const ARITHMETIC = new Set(["||", "&", "|", "<<", ">>", "%", "->", "->>"]);
const JOIN = new Set(["JOIN", "NATURAL", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER"]);
const OPERATORS = new Set(["LIKE", "GLOB", "MATCH", "REGEXP", "ESCAPE", "ISNULL", "NOTNULL", "COLLATE"]);
const KEYWORDS = new Set([
  ...JOIN,
  ...OPERATORS,
  ..."SELECT DISTINCT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET WITH VALUES ALL UNION INTERSECT EXCEPT".split(" "),
  ..."DELETE SET AS ON USING AND OR NOT NULL IN IS BETWEEN CASE WHEN THEN ELSE END EXISTS CAST ASC DESC".split(" "),
  ..."NULLS INDEXED PARTITION FILTER OVER WINDOW".split(" "),
]);
