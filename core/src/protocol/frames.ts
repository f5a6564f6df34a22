/** Frames of the socket: text in, precise types out. What doesn't parse is `null`; what to do then is the caller's. */
import { isRecord } from "./guards.ts";
import type { ClientFrame, ServerFrame, StaleTables, TableVersions } from "./wire.ts";

/** Reads a frame that a pod sent. Unknown types are `null`: a newer pod may say more than we understand. */
export function parseServerFrame(text: string): ServerFrame | null {
  const frame = parseRecord(text);
  if (!frame || !isVersion(frame["version"])) return null;
  const { type, version } = frame;
  if (type === "hello") {
    const { session, epoch } = frame;
    return typeof session === "string" && typeof epoch === "string" ? { type, session, epoch, version } : null;
  }
  if (type === "stale") {
    const { tables, spread } = frame;
    if (!isStaleTables(tables)) return null;
    return typeof spread === "number" ? { type, tables, version, spread } : { type, tables, version };
  }
  return null;
}

/** Reads a frame that a client sent. */
export function parseClientFrame(text: string): ClientFrame | null {
  const frame = parseRecord(text);
  if (frame?.["type"] !== "watch") return null;
  const { type, n, add, drop } = frame;
  if (!isVersion(n) || !isTableVersions(add) || !isNames(drop)) return null;
  return { type, n, add, drop };
}

function parseRecord(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

function isStaleTables(value: unknown): value is StaleTables {
  return value === "*" || isNames(value);
}

function isTableVersions(value: unknown): value is TableVersions {
  return isRecord(value) && Object.values(value).every(isVersion);
}
