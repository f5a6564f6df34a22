/**
 * Turns a statement into texts that node-sql-parser's grammar knows: a select as it is, of everything else what stands
 * where the grammar knows no place for it as a statement of its own.
 */
import { mayNameTable } from "./keywords.ts";
import { isOperator, isWord, type Token } from "./lexer.ts";
import { NoEqual } from "./plain-names.ts";
import { PlainText } from "./plain-text.ts";
import { closing, outside, type Statement } from "./statement.ts";

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
  const plain = new PlainText(statement);
  try {
    const { scope, texts } = textsOf(statement, plain);
    return { ...(scope !== undefined && { scope }), texts, names: plain.names, sources: plain.sources };
  } catch (error) {
    if (error instanceof NoEqual) return null;
    throw error;
  }
}

function textsOf(statement: Statement, plain: PlainText): { scope?: string; texts: string[] } {
  const { kind, tokens, body } = statement;
  const end = tokens.length;
  if (kind === "select") return { texts: [plain.write(0, end)] };
  const scope = body > 0 ? { scope: `${plain.write(0, body)} SELECT 1` } : {};
  // RETURNING comes last but for ORDER BY and LIMIT, and sees the same names as the rest.
  const returning = find(tokens, body, end, (index) => isWord(tokens[index], "RETURNING"));
  const texts = kind === "insert" ? insert(statement, returning, plain) : change(statement, returning, plain);
  if (returning < end) texts.push(`SELECT ${plain.write(returning + 1, end)}`);
  return { ...scope, texts };
}

/** `INSERT [OR …] INTO t [AS alias] … [ON CONFLICT …]…` */
function insert({ tokens, body }: Statement, end: number, plain: PlainText): string[] {
  let index = skipOr(tokens, body + 1) + 1;
  const [target, behind] = plain.name(index);
  index = isWord(tokens[behind], "AS") ? behind + 2 : behind;
  // The grammar would count columns and values, which are left out below.
  if (isOperator(tokens[index], "(")) index = closing(tokens, index);
  const conflict = (from: number) =>
    find(tokens, from, end, (at) => isWord(tokens[at], "ON") && isWord(tokens[at + 1], "CONFLICT"));
  let upsert = conflict(index);
  const rest = isWord(tokens[index], "DEFAULT") ? "VALUES (1)" : plain.write(index, upsert, { insert: true });
  const texts = [`INSERT INTO ${target} ${rest}`];
  while (upsert < end) {
    const next = conflict(upsert + 1);
    const set = find(tokens, upsert, next, (at) => isWord(tokens[at], "SET"));
    if (mayNameTable(tokens, upsert, set)) throw new NoEqual();
    if (set < next) texts.push(`UPDATE ${target} ${plain.write(set, next)}`);
    upsert = next;
  }
  return texts;
}

/** `UPDATE [OR …] t SET … [FROM …] …` or `DELETE FROM t …` */
function change({ kind, tokens, body }: Statement, end: number, plain: PlainText): string[] {
  if (kind === "delete") return [plain.write(body, end)];
  const target = skipOr(tokens, body + 1);
  const set = find(tokens, target, end, (index) => isWord(tokens[index], "SET"));
  const from = find(tokens, set, end, (index) => isFrom(tokens, index));
  const where = find(tokens, from, end, (index) => isWord(tokens[index], "WHERE", "ORDER", "LIMIT"));
  const [name] = plain.name(target);
  const texts = [`UPDATE ${name} ${plain.write(set, from)} ${plain.write(where, end)}`];
  if (from < where) texts.push(`SELECT 1 ${plain.write(from, where)}`);
  return texts;
}

function skipOr(tokens: readonly Token[], index: number): number {
  return isWord(tokens[index], "OR") ? index + 2 : index;
}

/** Whether a FROM clause begins here, as it doesn't in `IS DISTINCT FROM`. */
function isFrom(tokens: readonly Token[], index: number): boolean {
  return isWord(tokens[index], "FROM") && !isWord(tokens[index - 1], "DISTINCT");
}

/** The first index outside of parentheses that `matches`, or `end`. */
function find(tokens: readonly Token[], start: number, end: number, matches: (index: number) => boolean): number {
  const index = outside(tokens, start, matches, end);
  return index === -1 ? end : index;
}
