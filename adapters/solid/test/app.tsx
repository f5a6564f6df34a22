/** A page that is rendered on a server and goes on in the browser. */
import { For, Suspense } from "solid-js";
import { generateHydrationScript, renderToStream, renderToStringAsync } from "solid-js/web";
import type { Client } from "@edgepod/core";
import { EdgePodProvider, useQuery } from "@edgepod/solid";
import type * as functions from "./functions.ts";

export function App(props: { readonly client: Client<typeof functions> }) {
  return (
    <EdgePodProvider client={props.client}>
      <Suspense fallback={<p>Loading</p>}>
        <Tasks />
      </Suspense>
      <Count />
      <State />
    </EdgePodProvider>
  );
}

/** Throws nothing, whatever goes wrong. */
export function Careful(props: { readonly client: Client<typeof functions> }) {
  return (
    <EdgePodProvider client={props.client}>
      <State />
      <Late />
    </EdgePodProvider>
  );
}

/** Reads its resource only once it is there. */
function Late() {
  const tasks = useQuery("getTasks");
  return <b>{tasks.state === "ready" ? tasks()?.length : ""}</b>;
}

function Tasks() {
  const tasks = useQuery("getTasks");
  return (
    <ul>
      <For each={tasks()}>{(task) => <li>{task.title}</li>}</For>
    </ul>
  );
}

function Count() {
  const tasks = useQuery("getTasks");
  return (
    <Suspense fallback="…">
      <b>{tasks()?.length}</b>
    </Suspense>
  );
}

function State() {
  const tasks = useQuery("getTasks");
  return (
    <Suspense fallback="…">
      <i>{tasks.state}</i>
      <i>{tasks.latest?.length}</i>
    </Suspense>
  );
}

/** The whole page, once every answer is here. */
export function page(client: Client<typeof functions>, Page = App): Promise<string> {
  return renderToStringAsync(() => <Page client={client} />);
}

/** The page piece by piece: what waits for an answer comes later. */
export function stream(client: Client<typeof functions>, piece: (html: string) => void, Page = App): Promise<void> {
  return new Promise((resolve) => {
    const pieces = { write: piece, end: resolve };
    renderToStream(() => <Page client={client} />).pipe(pieces);
  });
}

export { generateHydrationScript };
