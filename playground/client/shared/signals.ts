/** What a client has heard, for the strip: one entry for each version, and one for each change of the connection. */
import type { ClientEvent, Status } from "@edgepod/core";

export type Entry =
  | { readonly type: "status"; readonly id: number; readonly at: Date; readonly status: Status }
  | {
      readonly type: "signal";
      readonly id: number;
      readonly at: Date;
      readonly version: number;
      readonly tables: readonly string[] | "*";
      /** Functions whose queries were fetched again. */
      readonly refetched: readonly string[];
      /** It was this page that wrote. */
      readonly isOwn: boolean;
    };

const KEPT = 30;

/** The entries after one more event, the newest first. */
export function note(entries: readonly Entry[], event: ClientEvent): readonly Entry[] {
  const at = new Date();
  const id = (entries[0]?.id ?? 0) + 1;
  if (event.type === "status")
    return [{ type: "status" as const, id, at, status: event.status }, ...entries].slice(0, KEPT);
  const { version, tables, refetched } = event;
  const isOwn = event.type === "written";
  // One's own write is heard of twice: by its answer and by its signal, in whichever order.
  const known = entries.find((entry) => entry.type === "signal" && entry.version === version);
  if (known?.type !== "signal")
    return [{ type: "signal" as const, id, at, version, tables, refetched, isOwn }, ...entries].slice(0, KEPT);
  const joined = { ...known, refetched: [...known.refetched, ...refetched], isOwn: known.isOwn || isOwn };
  return entries.map((entry) => (entry === known ? joined : entry));
}

/** What was written. The tables in which SQLite keeps a search index, `task_search_data` and so on, go under its name. */
export function tablesOf({ tables }: { readonly tables: readonly string[] | "*" }): readonly string[] {
  if (tables === "*") return ["everything"];
  return tables.filter((table) => !tables.some((other) => table.startsWith(`${other}_`)));
}

export function effectOf({ refetched }: { readonly refetched: readonly string[] }): string {
  if (refetched.length === 0) return "Caused no request here.";
  return `Fetched ${[...new Set(refetched)].sort().join(", ")}.`;
}
