/** A table's rows, a page at a time: no cursor stays open between two, so tables may change and pods may sleep. */
import type { SqlValue, Storage } from "../storage.ts";
import { boundCell, cellExpression, mayHaveLost, readCell } from "./cell.ts";
import type { Cell } from "./cell.ts";
import { quoted } from "./tables.ts";
import type { DumpedTable } from "./tables.ts";

const ROWS_PER_PAGE = 500;
/** A page ends after the row by which it has so many characters or bytes. */
const PAGE_LENGTH = 512 * 1024;

/** The rows, in the order of the key. Between two of them no statement is open. */
export function* rowsOf(storage: Storage, table: DumpedTable): Generator<readonly Cell[]> {
  if (table.rows !== "own") return;
  for (let after: Place | null = null; ;) {
    const { rows, place }: Page = readPage(storage, table, after);
    yield* rows;
    if (place === null) return;
    after = place;
  }
}

/** Where a page ended: the last row's key, and how many rows there were up to it. */
interface Place {
  readonly key: readonly Cell[];
  readonly count: number;
}

interface Page {
  readonly rows: readonly (readonly Cell[])[];
  /** Where the next one begins, or null after the last. */
  readonly place: Place | null;
}

function readPage(storage: Storage, table: DumpedTable, after: Place | null): Page {
  const { columns, rowid } = table;
  const { values, isCut } = select(storage, table, { columns, after, form: "plain", limit: ROWS_PER_PAGE });
  const limit = values.length;
  const form = values.some((row) => row.some(mayHaveLost)) ? "bytes" : "plain";
  const read =
    form === "plain" ? values : select(storage, table, { columns, after, form, limit, isWhole: true }).values;
  let rows = read.map((row) => row.map((value) => readCell(value, form)));
  if (rowid !== null) {
    // Asked for by themselves: with a hundred columns there is no room for them in one result.
    const ids = select(storage, table, { columns: [rowid], after, form: "plain", limit, isWhole: true }).values;
    rows = rows.map((row, index) => [readCell(ids[index]?.[0] ?? null, "plain"), ...row]);
  }
  const last = rows.at(-1);
  if (!isCut || !last) return { rows, place: null };
  const names = rowid === null ? columns : [rowid, ...columns];
  const key = (table.key ?? []).map((name) => last[names.indexOf(name)] ?? null);
  return { rows, place: { key, count: (after?.count ?? 0) + rows.length } };
}

interface Selection {
  readonly columns: readonly string[];
  readonly after: Place | null;
  readonly form: "plain" | "bytes";
  readonly limit: number;
  /** Whether there are as many rows as that, however long they are. */
  readonly isWhole?: boolean;
}

/** The next rows, and whether there may be more. */
function select(
  storage: Storage,
  { name, key }: DumpedTable,
  { columns, after, form, limit, isWhole = false }: Selection,
): { readonly values: SqlValue[][]; readonly isCut: boolean } {
  const bound = (after?.key ?? []).map(boundCell);
  // The collation that tells apart whatever can be told apart. `+` takes the affinity of CAST away from its result.
  const binary = (key ?? []).map((column) => `${quoted(column)} COLLATE BINARY`).join(", ");
  const isKeyed = key !== null && key.length > 0;
  const where =
    isKeyed && after ? `WHERE (${binary}) > (${bound.map(({ expression }) => `+${expression}`).join(", ")})` : "";
  const order = isKeyed ? `ORDER BY ${binary}` : "";
  const offset = isKeyed || !after ? "" : `OFFSET ${after.count}`;
  const cells = columns.map((column) => cellExpression(quoted(column), form)).join(", ");
  const cursor = storage.exec(
    `SELECT ${cells} FROM ${quoted(name)} ${where} ${order} LIMIT ${limit} ${offset}`,
    ...(isKeyed ? bound.map(({ param }) => param) : []),
  );
  const values: SqlValue[][] = [];
  let length = 0;
  let count = 0;
  // Read to its end, for a statement that is half read stands in the way of others; but not kept.
  for (const row of cursor.raw()) {
    count += 1;
    if (length >= PAGE_LENGTH && !isWhole) continue;
    values.push(row);
    for (const value of row) length += lengthOf(value);
  }
  return { values, isCut: count === limit || values.length < count };
}

function lengthOf(value: SqlValue): number {
  if (typeof value === "string") return value.length;
  return value === null || typeof value === "number" ? 8 : value.byteLength;
}
