/**
 * Values that travel together in a few parameters: as JSON, and as bytes beside it what JSON can't hold or only at
 * length. What comes out of it is of the type and value that was bound. Leaves the statement around it to others.
 */
import { MAX_VALUE_BYTES } from "./bind.ts";
import type { Bound } from "./bind.ts";

/** Makes a parameter and gives the text that stands for it. */
export type Bind = (value: Bound) => string;

/** A whole number as a literal has it. One that is bound is REAL on this platform. */
export class Integer {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export type Cell = Bound | Integer;

/** An escaped character has six bytes, and 100 values of a row must fit into one parameter. */
const LONGEST_IN_JSON = 3000;
/** No character of JSON has more. */
const BYTES_PER_CHARACTER = 3;

/** Rows of cells, or single values, in order. */
export class Packed {
  readonly #chunks: string[][] = [];
  #room = 0;
  readonly #bytes: Uint8Array[][] = [];
  #bytesRoom = 0;
  /** The places in a row where some row's cell stands beside the JSON. */
  readonly #beside = new Set<number>();

  /** How many parameters it takes. */
  get parameters(): number {
    return this.#chunks.length + this.#bytes.length;
  }

  addValue(value: Cell): void {
    this.#add(this.#encode(value, 0));
  }

  addRow(cells: readonly Cell[]): void {
    this.#add(`[${cells.map((cell, place) => this.#encode(cell, place)).join()}]`);
  }

  /** Binds everything as arrays to select from. What it gives holds in this one statement. */
  bind(bind: Bind): BoundPack {
    return this.#bound(
      this.#chunks.map((chunk) => bind(`[${chunk.join()}]`)),
      bind,
    );
  }

  /** Binds the only row. */
  bindRow(bind: Bind): BoundPack {
    return this.#bound(
      this.#chunks.map((chunk) => bind(chunk.join())),
      bind,
    );
  }

  #bound(json: readonly string[], bind: Bind): BoundPack {
    const bytes = this.#bytes.map((chunk) => bind(concatenate(chunk)));
    return new BoundPack(json, bytes, this.#beside);
  }

  #add(json: string): void {
    const size = (json.length + 1) * BYTES_PER_CHARACTER;
    const chunk = this.#chunks.at(-1);
    if (chunk && size <= this.#room) {
      chunk.push(json);
      this.#room -= size;
    } else {
      this.#chunks.push([json]);
      this.#room = MAX_VALUE_BYTES - 2 - size;
    }
  }

  #encode(cell: Cell, place: number): string {
    if (cell === null) return "null";
    if (cell instanceof Integer) return String(cell.value);
    if (typeof cell === "number") return real(cell);
    if (typeof cell === "string") {
      // A lone surrogate has no bytes in UTF-8, but an escape in JSON.
      if (cell.length <= LONGEST_IN_JSON || !cell.isWellFormed()) return JSON.stringify(cell);
      return this.#putBeside(new TextEncoder().encode(cell), { place, isText: true });
    }
    const view =
      cell instanceof ArrayBuffer
        ? new Uint8Array(cell)
        : new Uint8Array(cell.buffer, cell.byteOffset, cell.byteLength);
    return this.#putBeside(view, { place, isText: false });
  }

  /** Gives `[chunk, start, length, isText]`; no other cell is an array. */
  #putBeside(bytes: Uint8Array, { place, isText }: { place: number; isText: boolean }): string {
    this.#beside.add(place);
    if (this.#bytes.length === 0 || bytes.length > this.#bytesRoom) {
      this.#bytes.push([]);
      this.#bytesRoom = MAX_VALUE_BYTES;
    }
    const start = MAX_VALUE_BYTES - this.#bytesRoom + 1;
    this.#bytes.at(-1)?.push(bytes);
    this.#bytesRoom -= bytes.length;
    return `[${this.#bytes.length - 1},${start},${bytes.length},${isText ? 1 : 0}]`;
  }
}

/** The SQL by which a statement reads what is packed. None of it has an affinity, as a parameter has none. */
export class BoundPack {
  /** The parameters that hold JSON, in order. */
  readonly json: readonly string[];
  readonly #bytes: readonly string[];
  readonly #beside: ReadonlySet<number>;

  constructor(json: readonly string[], bytes: readonly string[], beside: ReadonlySet<number>) {
    this.json = json;
    this.#bytes = bytes;
    this.#beside = beside;
  }

  /** What to select from: the rows, or values, as `value` and `type`. */
  get source(): string {
    const [only] = this.json;
    if (this.json.length === 1 && only !== undefined) return `json_each(${only})`;
    const chunks = this.json.map((parameter) => `(${parameter})`);
    // CROSS JOIN keeps the order; the terms of VALUES aren't those of a compound select, of which there may be five.
    return `(VALUES ${chunks.join(", ")}) CROSS JOIN json_each(column1)`;
  }

  /** A row of `source` that is a single value. */
  value(): string {
    // The plus takes the affinity away that a column has.
    return this.#beside.has(0) ? this.#besideOr("value", { json: "value", path: "$", type: "type" }) : "+value";
  }

  /** The cell at `place` of the JSON array that `json` stands for. */
  cell(json: string, place: number): string {
    const path = `$[${place}]`;
    const plain = `${json}->>${place}`;
    return this.#beside.has(place)
      ? this.#besideOr(plain, { json, path, type: `json_type(${json}, '${path}')` })
      : plain;
  }

  #besideOr(plain: string, { json, path, type }: { json: string; path: string; type: string }): string {
    const part = (index: number): string => `${json}->>'${path}[${index}]'`;
    const [only] = this.#bytes;
    const chunks = this.#bytes.map((parameter, index) => `WHEN ${index} THEN ${parameter}`).join(" ");
    const chunk = this.#bytes.length === 1 && only !== undefined ? only : `CASE ${part(0)} ${chunks} END`;
    const bytes = `substr(${chunk}, ${part(1)}, ${part(2)})`;
    const read = `CASE ${part(3)} WHEN 1 THEN CAST(${bytes} AS TEXT) ELSE ${bytes} END`;
    return `CASE ${type} WHEN 'array' THEN ${read} ELSE ${plain} END`;
  }
}

/** A number as JSON that SQLite reads as REAL, as the platform would have bound it. */
function real(value: number): string {
  // SQLite reads what is too large as infinite; JSON has no word for it.
  if (!Number.isFinite(value)) return value < 0 ? "-9e999" : "9e999";
  if (Object.is(value, -0)) return "-0.0";
  // From 1e21 on the text of a number has an exponent, which makes it REAL as well.
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  // The platform binds no bytes as NULL, and a part of NULL is NULL.
  const all = new Uint8Array(Math.max(length, 1));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
