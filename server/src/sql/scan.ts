/**
 * The floor under the parser: finds the tables of a statement by its clauses alone. A table's name stands only behind
 * FROM, JOIN, a comma between tables, IN, or in parentheses there; a CTE's name hides one in its own parentheses.
 */
import { isOperator, isWord, nameOf, type Token } from "./lexer.ts";
import { fold, Frame, NO_CTES, type Scope, use } from "./names.ts";
import { beginsWith, closing, type Statement } from "./statement.ts";

/**
 * The folded names that `statement` reads from, its target aside, or `null` where parentheses don't match, or go so deep
 * that SQLite would give up, too.
 */
export function scan(statement: Statement): ReadonlySet<string> | null {
  let depth = 0;
  for (const token of statement.tokens) {
    if (isOperator(token, "(")) depth++;
    else if (isOperator(token, ")")) depth--;
    if (depth < 0 || depth > DEEPEST) return null;
  }
  if (depth !== 0) return null;
  const scanner = new Scanner(statement);
  const frame = new Frame();
  scanner.scan(0, statement.tokens.length, { frame, scope: NO_CTES }, false);
  return frame.all();
}

/** Where a name is looked up and noted. */
interface Place {
  readonly frame: Frame;
  readonly scope: Scope;
}

class Scanner {
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  readonly #target: number;

  constructor({ sql, tokens, targetAt }: Statement) {
    this.#sql = sql;
    this.#tokens = tokens;
    this.#target = targetAt ?? -1;
  }

  /** One pair of parentheses, or the whole statement. */
  scan(start: number, end: number, outer: Place, tables: boolean): void {
    let place = outer;
    /** What holds for the whole of it. */
    let whole = outer;
    /** Whether a comma is followed by a table, and whether one must follow here. */
    let from = tables;
    let table = tables;
    for (let index = start; index < end;) {
      const token = this.#tokens[index];
      if (isOperator(token, "(")) {
        const close = closing(this.#tokens, index);
        this.scan(index + 1, close - 1, place, table && !isWord(this.#tokens[index + 1], "SELECT", "WITH", "VALUES"));
        table = false;
        index = close;
      } else if (isOperator(token, ",")) {
        table = from;
        index++;
      } else if (table && nameOf(token, this.#sql) !== undefined && !isWord(token, "SELECT")) {
        index = this.#table(index, place);
        table = false;
      } else if (beginsWith(this.#tokens, index)) {
        const leads = index === start;
        [index, place] = this.#with(index, place);
        if (leads) whole = place;
      } else {
        // `INSERT … WITH a AS (…) SELECT …` is over here, and its names with it.
        if (this.#endsInsert(index)) place = whole;
        if (isWord(token, "JOIN") || (isWord(token, "FROM") && !isWord(this.#tokens[index - 1], "DISTINCT"))) {
          from = table = true;
        } else if (isWord(token, ...ENDS_FROM) || this.#beginsWindows(index)) {
          from = table = false;
        } else if (isWord(token, "IN") && !isOperator(this.#tokens[index + 1], "(")) {
          index = this.#table(index + 1, place) - 1;
        }
        index++;
      }
    }
  }

  /** Notes the table at `index` and gives the index behind its name. */
  #table(index: number, place: Place): number {
    const qualified = isOperator(this.#tokens[index + 1], ".");
    const at = qualified ? index + 2 : index;
    const name = nameOf(this.#tokens[at], this.#sql);
    // What is written is no source, even where a DELETE says FROM.
    if (name !== undefined && at !== this.#target) {
      use(name, qualified ? nameOf(this.#tokens[index], this.#sql) : undefined, place);
    }
    return at + 1;
  }

  /** The index behind a WITH and the names that hold there. All of them hold in all of its bodies. */
  #with(start: number, { frame, scope: outer }: Place): [index: number, place: Place] {
    const scope = new Map(outer);
    const bodies: [open: number, close: number, frame: Frame][] = [];
    let index = start;
    do {
      if (isWord(this.#tokens[index + 1], "RECURSIVE") && !isWord(this.#tokens[index + 2], "AS")) index++;
      const body = new Frame();
      const name = nameOf(this.#tokens[index + 1], this.#sql);
      if (name !== undefined) scope.set(fold(name), body);
      let open = index + 2;
      if (isOperator(this.#tokens[open], "(")) open = closing(this.#tokens, open);
      while (open < this.#tokens.length && !isOperator(this.#tokens[open], "(")) open++;
      index = closing(this.#tokens, open);
      bodies.push([open, index, body]);
    } while (isOperator(this.#tokens[index], ","));
    for (const [open, close, body] of bodies) this.scan(open + 1, close - 1, { frame: body, scope }, false);
    return [index, { frame, scope }];
  }

  #endsInsert(index: number): boolean {
    const token = this.#tokens[index];
    return isWord(token, "RETURNING") || (isWord(token, "ON") && isWord(this.#tokens[index + 1], "CONFLICT"));
  }

  /** Whether `WINDOW name AS` stands here. SQLite takes the word for a name everywhere else, such as an alias. */
  #beginsWindows(index: number): boolean {
    return isWord(this.#tokens[index], "WINDOW") && isWord(this.#tokens[index + 2], "AS");
  }
}

// SQLite's own limit is 100 for expressions on this platform; a subquery in a subquery adds a few parentheses each.
const DEEPEST = 400;

const ENDS_FROM = "SELECT WHERE GROUP HAVING ORDER LIMIT UNION INTERSECT EXCEPT RETURNING SET VALUES".split(" ");
