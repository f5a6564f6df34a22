/**
 * A dump: a pod's schema, rows and history as lines of JSON, one moment of them. This file holds the shapes of the lines
 * and the sum that tells whether one has changed on its way; leaves writing to `export.ts` and reading to `import.ts`.
 */
import { EdgePodError, isRecord } from "@edgepod/core/protocol";
import { isCell } from "./cell.ts";
import type { Cell } from "./cell.ts";

/** The number of this format. A pod reads the dumps of its own number. */
const FORMAT = 1;

export type DumpLine =
  /** The first. `keys` is the greatest idempotency key whose call may have had a part in the data. */
  | { readonly edgepod: "dump"; readonly format: number; readonly epoch: string; readonly keys: string }
  | { readonly migration: { readonly id: string; readonly sql: string; readonly appliedAt: string } }
  /** The rows that follow are this table's. `rowid` is the name of a rowid that is none of its columns. */
  | {
      readonly table: string;
      readonly sql: string;
      readonly columns: readonly string[];
      readonly rowid: string | null;
    }
  /** A row: its rowid, if the table says so, and its columns. */
  | readonly Cell[]
  /** A full-text table whose rows are another's. */
  | { readonly rebuild: string }
  /** The greatest key that an AUTOINCREMENT table has ever had. */
  | { readonly sequence: string; readonly last: Cell }
  /** An index, a view or a trigger. */
  | { readonly object: string }
  /** The last. `changed` names the tables written while the dump was made: then it isn't of one moment. */
  | { readonly end: { readonly rows: number; readonly sum: string; readonly changed: readonly string[] } };

export function headerLine(epoch: string, keys: string): DumpLine {
  return { edgepod: "dump", format: FORMAT, epoch, keys };
}

/** Reads a line. @throws EdgePodError `BAD_DUMP`. */
export function parseLine(text: string): DumpLine {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (cause) {
    throw badDump("a line isn't JSON", cause);
  }
  if (isRecord(line) && line["edgepod"] === "dump" && line["format"] !== FORMAT) {
    throw badDump(`it has format ${String(line["format"])}, and this pod reads ${FORMAT}`);
  }
  if (!isLine(line)) throw badDump("a line is none that a dump has");
  return line;
}

export function badDump(reason: string, cause?: unknown): EdgePodError {
  return new EdgePodError("BAD_DUMP", `The dump can't be imported: ${reason}. Nothing was changed.`, { cause });
}

/** A sum of lines, by which one that was changed, lost or moved is noticed. Not a safeguard against a forger. */
export class Checksum {
  #high = 0xdeadbeef;
  #low = 0x41c6ce57;

  add(line: string): void {
    let high = this.#high;
    let low = this.#low;
    for (let at = 0; at < line.length; at += 1) {
      const code = line.charCodeAt(at);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
    // What has been lost in the high bits by multiplying comes back, and lines that change places are seen.
    this.#high = Math.imul(high ^ (high >>> 16), 2246822507) ^ line.length;
    this.#low = Math.imul(low ^ (low >>> 13), 3266489909);
  }

  get text(): string {
    return [this.#high, this.#low].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

function isLine(line: unknown): line is DumpLine {
  if (Array.isArray(line)) return line.every(isCell);
  if (!isRecord(line)) return false;
  if ("edgepod" in line) return areTexts(line, ["edgepod", "epoch", "keys"]);
  if ("migration" in line)
    return isRecord(line["migration"]) && areTexts(line["migration"], ["id", "sql", "appliedAt"]);
  if ("table" in line) {
    return areTexts(line, ["table", "sql"]) && isNames(line["columns"]) && isTextOrNull(line["rowid"]);
  }
  if ("rebuild" in line) return areTexts(line, ["rebuild"]);
  if ("sequence" in line) return areTexts(line, ["sequence"]) && isCell(line["last"]);
  if ("object" in line) return areTexts(line, ["object"]);
  const end = line["end"];
  return isRecord(end) && typeof end["rows"] === "number" && areTexts(end, ["sum"]) && isNames(end["changed"]);
}

function areTexts(record: Record<string, unknown>, members: readonly string[]): boolean {
  return members.every((member) => typeof record[member] === "string");
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === "string";
}
