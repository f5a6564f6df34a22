/**
 * The epoch: life of the data and build of the code, as one opaque string. Versions of different epochs say nothing
 * about each other.
 */
import { asText } from "../storage.ts";
import type { Storage } from "../storage.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS _edgepod_epoch (
    id INTEGER PRIMARY KEY CHECK (id = 1), life TEXT NOT NULL, build TEXT NOT NULL
  ) STRICT;
`;

export interface Epoch {
  readonly id: string;
  /** Whether it was another one the last time that the pod was awake. Sockets may have outlived it. */
  readonly isNew: boolean;
}

/** Reads the epoch, drawing a life for an empty database. */
export function openEpoch(storage: Storage, build: string): Epoch {
  storage.exec(SCHEMA).toArray();
  const [row] = storage.exec("SELECT life, build FROM _edgepod_epoch").toArray();
  const life = row ? asText(row["life"]) : crypto.randomUUID();
  if (!row) storage.exec("INSERT INTO _edgepod_epoch (id, life, build) VALUES (1, ?, ?)", life, build).toArray();
  else if (row["build"] !== build) storage.exec("UPDATE _edgepod_epoch SET build = ?", build).toArray();
  return { id: `${life}.${build}`, isNew: row?.["build"] !== build };
}

/**
 * Draws another life, for data that are about to be replaced. The build is left open until the pod opens the epoch, who
 * is told thereby that nobody has been greeted yet: also if it dies between the two.
 */
export function drawLife(storage: Storage): void {
  storage.exec("UPDATE _edgepod_epoch SET life = ?, build = ''", crypto.randomUUID()).toArray();
}

/**
 * A hash of what the pod's answers depend on, as far as it can be seen at run time, for a build that nobody has stamped:
 * the text of its functions and the history of its schema. FNV-1a, 53 bits of it: a name, not a safeguard.
 */
export function hashOf(texts: Iterable<string>): string {
  let hash = 0xcbf29ce484222325n;
  for (const text of texts) {
    for (let at = 0; at < text.length; at += 1) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
    }
  }
  return BigInt.asUintN(53, hash).toString(36);
}
