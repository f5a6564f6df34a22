import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { Suspense, act } from "react";
import type { ReactNode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToPipeableStream, renderToString } from "react-dom/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { dehydrate, hydrate } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import { EdgePodProvider, useQuery, useSuspenseQuery } from "@edgepod/react";
import type * as functions from "./functions.ts";
import { plant } from "./garden.ts";
import { settle, until } from "./render.ts";

const within = (client: Client<typeof functions>, node: ReactNode) => (
  <EdgePodProvider client={client}>
    <Suspense fallback="Loading">{node}</Suspense>
  </EdgePodProvider>
);

function Tasks() {
  const { data, isLoading } = useQuery("getTasks");
  return <p>{isLoading ? "Loading" : data?.map(({ title }) => title).join(", ")}</p>;
}

function SuspendedTasks() {
  return (
    <p>
      {useSuspenseQuery("getTasks")
        .data.map(({ title }) => title)
        .join(", ")}
    </p>
  );
}

/** The page as the browser gets it: the server's HTML, brought to life by a client that knows what the server's knew. */
async function open(html: string, state: string | null, client: Client<typeof functions>, node: ReactNode) {
  if (state !== null) hydrate(client, JSON.parse(state) as ReturnType<typeof dehydrate>);
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = html;
  const problems: unknown[] = [];
  const root = await act(async () =>
    hydrateRoot(container, within(client, node), { onRecoverableError: (error) => problems.push(error) }),
  );
  onTestFinished(async () => {
    await act(async () => root.unmount());
    container.remove();
  });
  return { container, problems };
}

/** All of the page, once everything that it waits for is there. */
function whole(node: ReactNode): Promise<string> {
  const stream = new PassThrough();
  const { pipe } = renderToPipeableStream(node, { onAllReady: () => pipe(stream) });
  return text(stream);
}

describe("a page that a server has rendered", () => {
  it("holds what was prefetched, and the browser asks for nothing twice", async () => {
    const { pod, tasks, connect } = plant();
    const server = connect();
    await server.prefetch("getTasks");
    const html = renderToString(within(server, <Tasks />));
    expect(html).toContain("Sow, Water");
    const { container, problems } = await open(html, JSON.stringify(dehydrate(server)), connect(), <Tasks />);
    expect(container.textContent).toBe("Sow, Water");
    await settle();
    expect(pod.calls).toEqual(["getTasks"]);
    expect(problems).toEqual([]);
    tasks.push({ id: 3, title: "Harvest" });
    pod.write("tasks");
    await until(() => expect(container.textContent).toBe("Sow, Water, Harvest"));
  });

  it("shows what was written between the server's answer and the browser's socket", async () => {
    const { pod, tasks, connect } = plant();
    const server = connect();
    await server.prefetch("getTasks");
    const html = renderToString(within(server, <Tasks />));
    const state = JSON.stringify(dehydrate(server));
    tasks.pop();
    pod.write("tasks");
    const { container } = await open(html, state, connect(), <Tasks />);
    await until(() => expect(container.textContent).toBe("Sow"));
  });

  it("says that it is loading where nothing was prefetched, and asks nothing on the server", async () => {
    const { pod, connect } = plant();
    const html = renderToString(within(connect(), <Tasks />));
    expect(html).toContain("Loading");
    await settle();
    expect(pod.calls).toEqual([]);
    const { container, problems } = await open(html, null, connect(), <Tasks />);
    await until(() => expect(container.textContent).toBe("Sow, Water"));
    expect(problems).toEqual([]);
  });

  it("waits on the server for what suspends, without any prefetch, and the browser asks for nothing", async () => {
    const { pod, connect } = plant();
    const server = connect();
    const html = await whole(within(server, <SuspendedTasks />));
    expect(html).toContain("Sow, Water");
    const state = JSON.stringify(dehydrate(server));
    const { container, problems } = await open(html, state, connect(), <SuspendedTasks />);
    await until(() => expect(container.querySelector("p")?.textContent).toBe("Sow, Water"));
    await settle();
    expect(pod.calls).toEqual(["getTasks"]);
    expect(problems).toEqual([]);
  });
});
