/**
 * Writes a dump: the lines in order, and the bytes in which they leave. What is read is read in turns of about a
 * megabyte, so a small database is dumped in one moment; a larger one that is written meanwhile says so in its last line.
 */
import { EdgePodError } from "@edgepod/core/protocol";
import type { Versions } from "../reactivity/versions.ts";
import { asText } from "../storage.ts";
import type { SqlValue, Storage } from "../storage.ts";
import { cellExpression, readCell } from "./cell.ts";
import { Checksum, headerLine } from "./format.ts";
import type { DumpLine } from "./format.ts";
import { rowsOf } from "./rows.ts";
import { dumpedObjects, dumpedTables, isUsers } from "./tables.ts";

export interface ExportSource {
  readonly storage: Storage;
  readonly versions: Versions;
  readonly epoch: string;
  /** The greatest idempotency key of the calls that have run. */
  readonly keys: string;
  /** Whether these are no longer the data that the export began with. */
  readonly isOver: () => boolean;
}

/** Characters that one turn of the export makes at least, if there are as many. */
const TURN_LENGTH = 1024 * 1024;

/** The dump as bytes, made as they are asked for. */
export function exportStream(source: ExportSource): ReadableStream<Uint8Array> {
  const texts = textsOf(source);
  const encoder = new TextEncoder();
  return new ReadableStream({
    type: "bytes",
    pull: async (controller) => {
      // In a transaction there is nothing that somebody else has written and not committed.
      const piece = await source.storage.transaction(async () => takePiece(texts));
      if (source.isOver()) throw new EdgePodError("CONFLICT", "The data were replaced while they were exported.");
      if (piece === "") controller.close();
      else controller.enqueue(encoder.encode(piece));
    },
  });
}

function takePiece(texts: Iterator<string>): string {
  const lines: string[] = [];
  for (let length = 0; length < TURN_LENGTH;) {
    const next = texts.next();
    if (next.done === true) break;
    lines.push(next.value);
    length += next.value.length;
  }
  return lines.join("");
}

/** The lines as texts, each with its end, and the last with the sum of the others. */
function* textsOf(source: ExportSource): Generator<string> {
  const { versions } = source;
  const version = versions.current;
  const sum = new Checksum();
  let rows = 0;
  for (const line of linesOf(source)) {
    const text = JSON.stringify(line);
    if (Array.isArray(line)) rows += 1;
    sum.add(text);
    yield `${text}\n`;
  }
  const end: DumpLine = { end: { rows, sum: sum.text, changed: versions.writtenSince(version) } };
  yield `${JSON.stringify(end)}\n`;
}

function* linesOf({ storage, epoch, keys }: ExportSource): Generator<DumpLine> {
  yield headerLine(epoch, keys);
  const ledger = storage.exec("SELECT id, sql, applied_at FROM _edgepod_migrations ORDER BY rowid").toArray();
  for (const { id, sql, applied_at: appliedAt } of ledger) {
    yield { migration: { id: asText(id), sql: asText(sql), appliedAt: asText(appliedAt) } };
  }
  const tables = dumpedTables(storage);
  for (const table of tables) {
    const { name, sql, columns, rowid } = table;
    if (table.rows === "unreadable") throw unreadable(name);
    yield { table: name, sql, columns, rowid };
    yield* rowsOf(storage, table);
  }
  for (const { name, rows } of tables) if (rows === "rebuilt") yield { rebuild: name };
  yield* sequences(storage);
  for (const object of dumpedObjects(storage)) yield { object };
}

function unreadable(table: string): EdgePodError {
  return new EdgePodError(
    "UNSUPPORTED_STATEMENT",
    `The full-text table "${table}" keeps no text (content=''), so its rows can't be exported. Let it keep its text, or drop it and fill it again after the import.`,
  );
}

function sequences(storage: Storage): DumpLine[] {
  if (storage.exec("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").toArray().length === 0) return [];
  const read: SqlValue[][] = [
    ...storage.exec(`SELECT name, ${cellExpression("seq", "plain")} FROM sqlite_sequence`).raw(),
  ];
  return read.flatMap(([name = null, last = null]) => {
    const table = asText(name);
    return isUsers(table) ? { sequence: table, last: readCell(last, "plain") } : [];
  });
}
