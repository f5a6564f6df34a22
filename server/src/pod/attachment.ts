/** What a socket keeps through hibernation: format byte, session, identity, expiry, last `watch`, watched tables. */
import { TableSet } from "../reactivity/table-set.ts";

/** A socket whose attachment has another format is closed: its client comes back and says what it holds. */
const FORMAT = 1;

export interface Attachment {
  readonly session: string;
  /** Whom the socket speaks for; only calls of the same identity register their reads for it. */
  readonly identity: string;
  /** When the token ends that opened the socket, in milliseconds since 1970, or null. */
  readonly expires: number | null;
  /** The number of the last `watch` frame. */
  readonly n: number;
  readonly tables: TableSet;
}

export function packAttachment({ session, identity, expires, n, tables }: Attachment): unknown {
  return [FORMAT, session, identity, expires, n, tables.bytes];
}

export function unpackAttachment(value: unknown): Attachment | null {
  if (!Array.isArray(value)) return null;
  const [format, session, identity, expires, n, tables] = value as unknown[];
  if (format !== FORMAT || typeof session !== "string" || typeof identity !== "string") return null;
  if (typeof n !== "number" || !(tables instanceof Uint8Array)) return null;
  return { session, identity, expires: typeof expires === "number" ? expires : null, n, tables: new TableSet(tables) };
}
