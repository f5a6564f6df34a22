import { For, Match, Show, Switch, createSignal, onCleanup } from "solid-js";
import { useClient } from "@edgepod/solid";
import { clock } from "../shared/model.ts";
import { effectOf, note, tablesOf } from "../shared/signals.ts";
import type { Entry } from "../shared/signals.ts";

/** The signals as they come, and what each one made this page fetch. */
export function SignalStrip() {
  const [entries, setEntries] = createSignal<readonly Entry[]>([]);
  onCleanup(useClient().subscribe((event) => setEntries((before) => note(before, event))));
  return (
    <aside class="strip" aria-labelledby="signals-heading">
      <h2 id="signals-heading">Signals</h2>
      <p class="hint">Which tables were written, and what this page fetched because of it. No row travels here.</p>
      <Show when={entries().length === 0}>
        <p class="card empty">Quiet so far.</p>
      </Show>
      <ol class="entries">
        <For each={entries()}>
          {(entry) => (
            <li class="card entry">
              <p class="what">
                <Cause entry={entry} />
                <time dateTime={entry.at.toISOString()}>{clock(entry.at)}</time>
              </p>
              <Show when={entry.type === "signal" && entry}>
                {(signal) => <p class="effect">{effectOf(signal())}</p>}
              </Show>
            </li>
          )}
        </For>
      </ol>
    </aside>
  );
}

function Cause(props: { readonly entry: Entry }) {
  return (
    <Switch>
      <Match when={props.entry.type === "status" && props.entry}>{(entry) => `Socket ${entry().status}`}</Match>
      <Match when={props.entry.type === "signal" && props.entry}>
        {(entry) => (
          <>
            <For each={tablesOf(entry())}>{(table) => <code>{table}</code>}</For>
            <span class="version">version {entry().version}</span>
            <Show when={entry().isOwn}>
              <span class="own">written here</span>
            </Show>
          </>
        )}
      </Match>
    </Switch>
  );
}
