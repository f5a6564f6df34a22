/** The rows behind an insert's VALUES, and how they are read out of one JSON text with one select for all of them. */
import { isOperator, isWord } from "../sql/lexer.ts";
import type { Token } from "../sql/lexer.ts";
import { closing } from "../sql/statement.ts";
import type { Statement } from "../sql/statement.ts";
import type { Bound } from "./bind.ts";
import { Integer, Packed } from "./packed.ts";
import type { Bind, BoundPack, Cell } from "./packed.ts";

/** Tokens from `from` to before `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The rows behind VALUES, each from its opening parenthesis to behind its closing one. Null where they are a part of a
 * larger select.
 */
export function rowsOf({ kind, tokens, body }: Statement): readonly Range[] | null {
  if (kind !== "insert") return null;
  let at = body;
  while (at < tokens.length && !isWord(tokens[at], "VALUES")) {
    if (isWord(tokens[at], "SELECT")) return null;
    at = isOperator(tokens[at], "(") ? closing(tokens, at) : at + 1;
  }
  const rows: Range[] = [];
  do {
    at += 1;
    if (!isOperator(tokens[at], "(")) return null;
    const to = closing(tokens, at);
    rows.push({ from: at, to });
    at = to;
  } while (isOperator(tokens[at], ","));
  return isWord(tokens[at], "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT") ? null : rows;
}

/** Rows that are ready to be read from JSON. */
export interface PackedRows {
  /** How many parameters they take. */
  readonly parameters: number;
  /** What stands in place of VALUES and all its rows. */
  text(bind: Bind): string;
}

/**
 * Packs `rows`. Null where they must stay as they are, for what is in them might mean something else in a select.
 *
 * @param valueAt What is bound to the parameter at this token.
 */
export function packRows(
  { sql, tokens }: Statement,
  rows: readonly Range[],
  valueAt: (token: number) => Bound,
): PackedRows | null {
  const columns: Column[] = [];
  const cells = rows.map(({ from, to }) => cellsOf(tokens, from, to));
  const width = cells[0]?.length ?? 0;
  for (let index = 0; index < width; index += 1) columns.push(new Column());
  const kept: (readonly Cell[])[][] = [];
  for (const row of cells) {
    if (row.length !== width) return null;
    const places: (readonly Cell[])[] = [];
    for (const [index, range] of row.entries()) {
      const form = formOf(sql, tokens, range, valueAt);
      if (!form) return null;
      places.push([columns[index]?.variant(form.text, form.values.length) ?? 0, ...form.values]);
    }
    kept.push(places);
  }
  if (columns.some((column) => column.variants > MOST_VARIANTS)) return null;
  let place = 0;
  for (const column of columns) place = column.placedAt(place);
  const packed = new Packed();
  for (const row of kept) packed.addRow(row.flatMap((found, index) => columns[index]?.cells(found) ?? []));
  return {
    parameters: packed.parameters,
    text: (bind) => {
      const pack = packed.bind(bind);
      const selected = columns.map((column) => column.select(pack)).join(", ");
      // Materialized, or each column of each row would have the whole row made anew. WHERE, or SQLite would take the ON
      // of ON CONFLICT for a join's.
      return (
        `WITH ${NAME} (${ROW}) AS MATERIALIZED (SELECT value FROM ${pack.source})` +
        ` SELECT ${selected} FROM ${NAME} WHERE true`
      );
    },
  };
}

/** More would make the text as long as the rows themselves. */
const MOST_VARIANTS = 32;

// No table or column of the user's has such a name.
const NAME = "_edgepod_rows";
const ROW = "_edgepod_row";

/** One column of the rows: the forms that its cells have, and where in a row's JSON their values are. */
class Column {
  readonly #variants = new Map<string, number>();
  #most = 0;
  #place = 0;

  get variants(): number {
    return this.#variants.size;
  }

  /** The number of the form `text`, which has so many values. */
  variant(text: string, values: number): number {
    this.#most = Math.max(this.#most, values);
    const known = this.#variants.get(text);
    if (known !== undefined) return known;
    this.#variants.set(text, this.#variants.size);
    return this.#variants.size - 1;
  }

  /** Gives the place behind it. */
  placedAt(place: number): number {
    this.#place = place;
    return place + this.#most + (this.#isMixed ? 1 : 0);
  }

  cells([variant, ...values]: readonly Cell[]): readonly Cell[] {
    const missing = this.#most - values.length;
    const filled = missing === 0 ? values : [...values, ...Array.from({ length: missing }, () => null)];
    return this.#isMixed && typeof variant === "number" ? [new Integer(variant), ...filled] : filled;
  }

  select(pack: BoundPack): string {
    const texts = [...this.#variants.keys()].map((text) => this.#filled(text, pack));
    const [only] = texts;
    if (!this.#isMixed && only !== undefined) return only;
    const cases = texts.map((text, index) => `WHEN ${index} THEN ${text}`);
    return `CASE ${pack.cell(ROW, this.#place)} ${cases.join(" ")} END`;
  }

  get #isMixed(): boolean {
    return this.#variants.size > 1;
  }

  #filled(text: string, pack: BoundPack): string {
    let place = this.#place + (this.#isMixed ? 1 : 0);
    return text
      .split(HOLE)
      .map((part, index) => (index === 0 ? part : `(${pack.cell(ROW, place++)})${part}`))
      .join("");
  }
}

/** Where a value stands in a form. No token holds it, but a string may; such a cell isn't packed. */
const HOLE = "\u0000";

interface Form {
  readonly text: string;
  readonly values: readonly Cell[];
}

/** A cell as a form and its values, or null if it may mean something else in a select. */
function formOf(
  sql: string,
  tokens: readonly Token[],
  { from, to }: Range,
  valueAt: (token: number) => Bound,
): Form | null {
  if (to - from === 1) {
    // Nearly every cell is one.
    if (tokens[from]?.kind === "parameter") return { text: HOLE, values: [valueAt(from)] };
    const value = constantOf(tokens[from]);
    if (value !== undefined) return { text: HOLE, values: [value] };
  }
  const values: Cell[] = [];
  let text = "";
  let copied = tokens[from]?.start ?? 0;
  for (let index = from; index < to; index += 1) {
    const token = tokens[index];
    if (!token) return null;
    if (token.kind === "parameter") {
      values.push(valueAt(index));
      text += sql.slice(copied, token.start) + HOLE;
      copied = token.end;
    } else if (!isScalar(tokens, index)) return null;
  }
  text += sql.slice(copied, tokens[to - 1]?.end);
  return text.split(HOLE).length - 1 === values.length ? { text, values } : null;
}

/** The value of a literal that JSON holds as it is. */
function constantOf(token: Token | undefined): Cell | undefined {
  if (isWord(token, "NULL")) return null;
  if (token?.kind === "string") return token.value;
  if (token?.kind === "number" && /^\d{1,15}$/.test(token.value)) return new Integer(Number(token.value));
  return undefined;
}

/**
 * Whether a token can be a part of an expression over nothing but values. A subquery might see what earlier rows have
 * caused, and an aggregate would make one row of all.
 */
function isScalar(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  switch (token?.kind) {
    case "word":
      return isOperator(tokens[index + 1], "(") ? FUNCTIONS.has(token.value) : WORDS.has(token.value);
    case "quoted":
      return false;
    default:
      return token !== undefined;
  }
}

const FUNCTIONS = new Set(
  (
    "ABS CAST CHAR COALESCE CONCAT CONCAT_WS DATE DATETIME FORMAT HEX IFNULL IIF INSTR JSON JSON_ARRAY JSON_EXTRACT " +
    "JSON_INSERT JSON_OBJECT JSON_PATCH JSON_QUOTE JSON_REMOVE JSON_REPLACE JSON_SET JSONB JSONB_ARRAY JSONB_OBJECT " +
    "JULIANDAY LENGTH LOWER LTRIM NULLIF PRINTF QUOTE RANDOM RANDOMBLOB REPLACE ROUND RTRIM STRFTIME SUBSTR SUBSTRING " +
    "TIME TRIM TYPEOF UNHEX UNIXEPOCH UPPER ZEROBLOB"
  ).split(" "),
);
const WORDS = new Set(
  (
    "NULL TRUE FALSE CURRENT_TIME CURRENT_DATE CURRENT_TIMESTAMP CASE WHEN THEN ELSE END AND OR NOT IS ISNULL NOTNULL " +
    "BETWEEN LIKE GLOB COLLATE NOCASE RTRIM BINARY AS INTEGER REAL TEXT BLOB NUMERIC"
  ).split(" "),
);

/** The cells of the row from its opening parenthesis at `from` to behind its closing one. */
function cellsOf(tokens: readonly Token[], from: number, to: number): readonly Range[] {
  const cells: Range[] = [];
  let start = from + 1;
  for (let index = start; index < to; index += 1) {
    if (isOperator(tokens[index], "(")) index = closing(tokens, index) - 1;
    else if (isOperator(tokens[index], ",") || index === to - 1) {
      cells.push({ from: start, to: index });
      start = index + 1;
    }
  }
  return cells;
}
