/** What the client has heard, for the strip: one entry for each version, and one for each change of the connection. */
import { useEffect, useState } from "react";
import type { ClientEvent, Status } from "@edgepod/core";
import { useClient } from "@edgepod/react";

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

/** The newest first. */
export function useSignals(): readonly Entry[] {
  const client = useClient();
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  useEffect(
    () => client.subscribe((event) => setEntries((before) => note(before, event, new Date()).slice(0, KEPT))),
    [client],
  );
  return entries;
}

function note(entries: readonly Entry[], event: ClientEvent, at: Date): readonly Entry[] {
  const id = (entries[0]?.id ?? 0) + 1;
  if (event.type === "status") return [{ type: "status", id, at, status: event.status }, ...entries];
  const { version, tables, refetched } = event;
  const isOwn = event.type === "written";
  // One's own write is heard of twice: by its answer and by its signal, in whichever order.
  const known = entries.find((entry) => entry.type === "signal" && entry.version === version);
  if (known?.type !== "signal") return [{ type: "signal", id, at, version, tables, refetched, isOwn }, ...entries];
  const joined = { ...known, refetched: [...known.refetched, ...refetched], isOwn: known.isOwn || isOwn };
  return entries.map((entry) => (entry === known ? joined : entry));
}
