/**
 * One value of one row, exactly: on its way out of SQLite, as JSON, and on its way in again. A number of JavaScript's is
 * neither an integer of 64 bits nor does it say whether it is one, so SQLite is asked for each value's type with it.
 */
import type { SqlValue } from "../storage.ts";

/** A value as a dump holds it: NULL, text and small integers as they are, anything else in an object of one member. */
export type Cell =
  | null
  | string
  | number
  /** An integer that a JavaScript number would round, in digits. */
  | { readonly i: string }
  /** A REAL; those that JSON doesn't know by their names. */
  | { readonly r: number | string }
  /** A BLOB, in base64. */
  | { readonly b: string }
  /** Text whose bytes aren't UTF-8, in base64. */
  | { readonly t: string };

/** The expression that selects a column so that `readCell` understands it. */
export function cellExpression(column: string, form: "plain" | "bytes"): string {
  // A result has 100 columns at most, and so may a table: the type must travel in the value itself.
  return form === "plain"
    ? `CASE typeof(${column}) WHEN 'integer' THEN 'i' || ${column} WHEN 'text' THEN 't' || ${column} ELSE ${column} END`
    : `CASE typeof(${column}) WHEN 'integer' THEN 'i' || ${column} WHEN 'text' THEN CAST('t' || ${column} AS BLOB)
       WHEN 'blob' THEN 'b' || hex(${column}) ELSE ${column} END`;
}

/** What `cellExpression` gave for a column. */
export function readCell(value: SqlValue, form: "plain" | "bytes"): Cell {
  if (value === null) return null;
  if (typeof value === "number") return { r: Number.isFinite(value) && !Object.is(value, -0) ? value : nameOf(value) };
  if (typeof value !== "string") {
    return form === "plain" ? { b: toBase64(new Uint8Array(value)) } : textOf(new Uint8Array(value, 1));
  }
  const rest = value.slice(1);
  if (value.startsWith("t")) return rest;
  if (value.startsWith("b")) return { b: toBase64(fromHex(rest)) };
  const integer = Number(rest);
  return Number.isSafeInteger(integer) ? integer : { i: rest };
}

/** Whether text may have lost bytes on its way, so that it must be read again in the form of bytes. */
export function mayHaveLost(value: SqlValue): boolean {
  return typeof value === "string" && value.includes("\uFFFD");
}

/** The expression that a cell is written by, and what is bound to it. */
export function boundCell(cell: Cell): { readonly expression: string; readonly param: SqlValue } {
  if (cell === null || typeof cell === "string") return { expression: "?", param: cell };
  // Numbers are bound as REAL.
  if (typeof cell === "number") return { expression: "CAST(? AS INTEGER)", param: cell };
  if ("i" in cell) return { expression: "CAST(? AS INTEGER)", param: cell.i };
  if ("r" in cell) return { expression: "?", param: Number(cell.r) };
  if ("b" in cell) return { expression: "?", param: fromBase64(cell.b) };
  return { expression: "CAST(? AS TEXT)", param: fromBase64(cell.t) };
}

/** Whether something that was read from a dump is a cell. */
export function isCell(value: unknown): value is Cell {
  if (value === null || typeof value === "string") return true;
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value !== "object" || Array.isArray(value)) return false;
  const [[kind, content] = [], more] = Object.entries(value as Record<string, unknown>);
  if (more) return false;
  switch (kind) {
    case "i":
      return typeof content === "string" && /^-?\d{1,19}$/.test(content);
    case "r":
      return typeof content === "number" || (typeof content === "string" && NAMES.has(content));
    case "b":
    case "t":
      return typeof content === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(content);
    default:
      return false;
  }
}

const NAMES: ReadonlySet<string> = new Set(["Infinity", "-Infinity", "-0"]);

function nameOf(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function textOf(bytes: Uint8Array): Cell {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { t: toBase64(bytes) };
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

function fromBase64(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16));
}
