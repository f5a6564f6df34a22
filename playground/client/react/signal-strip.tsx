import { useEffect, useReducer } from "react";
import { useClient } from "@edgepod/react";
import { clock } from "../shared/model.ts";
import { effectOf, note, tablesOf } from "../shared/signals.ts";
import type { Entry } from "../shared/signals.ts";

/** The signals as they come, and what each one made this page fetch. */
export function SignalStrip() {
  const client = useClient();
  const [entries, hear] = useReducer(note, []);
  useEffect(() => client.subscribe(hear), [client]);
  return (
    <aside className="strip" aria-labelledby="signals-heading">
      <h2 id="signals-heading">Signals</h2>
      <p className="hint">Which tables were written, and what this page fetched because of it. No row travels here.</p>
      {entries.length === 0 && <p className="card empty">Quiet so far.</p>}
      <ol className="entries">
        {entries.map((entry) => (
          <li key={entry.id} className="card entry">
            <p className="what">
              <Cause entry={entry} />
              <time dateTime={entry.at.toISOString()}>{clock(entry.at)}</time>
            </p>
            {entry.type === "signal" && <p className="effect">{effectOf(entry)}</p>}
          </li>
        ))}
      </ol>
    </aside>
  );
}

function Cause({ entry }: { readonly entry: Entry }) {
  if (entry.type === "status") return `Socket ${entry.status}`;
  return (
    <>
      {tablesOf(entry).map((table) => (
        <code key={table}>{table}</code>
      ))}
      <span className="version">version {entry.version}</span>
      {entry.isOwn && <span className="own">written here</span>}
    </>
  );
}
