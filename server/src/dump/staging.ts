/**
 * Where the bytes of a dump wait until they have all come: in the pod's storage, for they may be more than its memory
 * holds. Nobody sees anything of them, and an import that was cut off leaves nothing but them to the next.
 */
import { EdgePodError } from "@edgepod/core/protocol";
import { asNumber } from "../storage.ts";
import type { Storage } from "../storage.ts";

/** A dump is taken in by one transaction, which the platform gives 30 seconds of its processor. */
const MAX_BYTES = 128 * 1024 * 1024;
/** A value holds 2 MB. */
const PIECE_BYTES = 1024 * 1024;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS _edgepod_import (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
`;

export class Staging {
  readonly #storage: Storage;
  /** Counts the imports: who begins takes the place of who is still under way, which may have lost its sender. */
  #turn = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
    storage.exec(SCHEMA).toArray();
    this.clear();
  }

  /**
   * Takes in everything that comes.
   *
   * @throws EdgePodError `PAYLOAD_TOO_LARGE`; `CONFLICT` if another import has begun meanwhile. And as the stream does.
   */
  async receive(stream: ReadableStream<Uint8Array>): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.clear();
    let size = 0;
    let waiting: Uint8Array[] = [];
    let waitingBytes = 0;
    const keep = async (): Promise<void> => {
      const bytes = new Uint8Array(await new Blob(waiting).arrayBuffer());
      waiting = [];
      waitingBytes = 0;
      // In a transaction of its own, so that it isn't a part of one that somebody else has open and may undo.
      await this.#storage.transaction(async () => {
        this.#check(turn);
        for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) this.#add(bytes.slice(at, at + PIECE_BYTES));
      });
    };
    // What comes over RPC comes 4 KB at a time; a transaction for each would take most of the time.
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > MAX_BYTES) {
        throw new EdgePodError("PAYLOAD_TOO_LARGE", `A dump has at most ${MAX_BYTES / 1024 / 1024} MB.`);
      }
      waiting.push(chunk);
      waitingBytes += chunk.byteLength;
      if (waitingBytes >= PIECE_BYTES) await keep();
    }
    await keep();
  }

  /** What has come, in order. */
  *chunks(): Generator<Uint8Array> {
    for (let after = 0; ;) {
      const [row] = this.#storage
        .exec("SELECT n, bytes FROM _edgepod_import WHERE n > ? ORDER BY n LIMIT 1", after)
        .toArray();
      if (!row) return;
      after = asNumber(row["n"]);
      if (row["bytes"] instanceof ArrayBuffer) yield new Uint8Array(row["bytes"]);
    }
  }

  /** The data are no longer there, and the table is in other hands: whatever still comes is refused. */
  retire(): void {
    this.#turn += 1;
  }

  clear(): void {
    const [row] = this.#storage.exec("SELECT 1 FROM _edgepod_import LIMIT 1").toArray();
    if (row) this.#storage.exec("DELETE FROM _edgepod_import").toArray();
  }

  #add(bytes: Uint8Array): void {
    this.#storage.exec("INSERT INTO _edgepod_import (bytes) VALUES (?)", bytes).toArray();
  }

  #check(turn: number): void {
    if (turn !== this.#turn)
      throw new EdgePodError("CONFLICT", "Another import has begun, and takes this one's place.");
  }
}
