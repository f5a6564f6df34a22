import { Component, StrictMode, Suspense, startTransition, useState } from "react";
import type { ReactNode } from "react";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Client } from "@edgepod/core";
import { EdgePodProvider, useSuspenseQuery } from "@edgepod/react";
import type * as functions from "./functions.ts";
import { plant } from "./garden.ts";
import { render, settle, until } from "./render.ts";

class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };
  static getDerivedStateFromError(error: Error) {
    return { error };
  }
  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <p>
        {error.message}
        <button onClick={() => this.setState({ error: null })}>Again</button>
      </p>
    );
  }
}

const within = (client: Client<typeof functions>, node: ReactNode) => (
  <EdgePodProvider client={client}>
    <ErrorBoundary>
      <Suspense fallback="Loading">{node}</Suspense>
    </ErrorBoundary>
  </EdgePodProvider>
);

function Tasks() {
  const { data } = useSuspenseQuery("getTasks");
  return <p>{data.map(({ title }) => title).join(", ")}</p>;
}

function Title({ id }: { id: number }) {
  const { data, error, refetch } = useSuspenseQuery("getTask", { id });
  return (
    <p>
      {data.title}
      {error && ` (${error.message})`}
      <button onClick={() => void refetch()}>Refetch</button>
    </p>
  );
}

/** React says on the console what an error boundary has caught. */
function quiet(): void {
  const spy = vi.spyOn(console, "error").mockImplementation(() => undefined);
  onTestFinished(() => spy.mockRestore());
}

describe("useSuspenseQuery", () => {
  it("shows the fallback, then the data, and fetches once", async () => {
    const { pod, connect } = plant();
    const answer = pod.hold();
    const page = await render(within(connect(), <Tasks />));
    expect(page.text()).toBe("Loading");
    answer();
    await until(() => expect(page.text()).toBe("Sow, Water"));
    await settle();
    expect(pod.calls).toEqual(["getTasks"]);
  });

  it("fetches once in StrictMode, and for two components", async () => {
    const { pod, connect } = plant();
    const both = (
      <>
        <Tasks />
        <Tasks />
      </>
    );
    const page = await render(<StrictMode>{within(connect(), both)}</StrictMode>);
    await until(() => expect(page.text()).toBe("Sow, WaterSow, Water"));
    await settle();
    expect(pod.calls).toEqual(["getTasks"]);
  });

  it("refetches in the background without the fallback", async () => {
    const { pod, tasks, connect } = plant();
    const page = await render(within(connect(), <Tasks />));
    await until(() => expect(page.text()).toBe("Sow, Water"));
    const answer = pod.hold();
    tasks.push({ id: 3, title: "Harvest" });
    await settle(() => pod.write("tasks"));
    expect(page.text()).toBe("Sow, Water");
    answer();
    await until(() => expect(page.text()).toBe("Sow, Water, Harvest"));
    expect(pod.calls).toHaveLength(2);
  });

  it("gives the first failure to the error boundary, and asks again when that is reset", async () => {
    quiet();
    const { pod, tasks, connect } = plant();
    const page = await render(within(connect(), <Title id={3} />));
    await until(() => expect(page.text()).toBe("No task 3.Again"));
    await settle();
    expect(pod.calls).toEqual(['getTask {"id":3}']);
    tasks.push({ id: 3, title: "Harvest" });
    await page.click("Again");
    await until(() => expect(page.text()).toBe("HarvestRefetch"));
  });

  it("fails again, and no oftener, when the boundary is reset in vain", async () => {
    quiet();
    const { pod, connect } = plant();
    const page = await render(<StrictMode>{within(connect(), <Title id={3} />)}</StrictMode>);
    await until(() => expect(page.text()).toBe("No task 3.Again"));
    await settle();
    await page.click("Again");
    await until(() => expect(page.text()).toBe("No task 3.Again"));
    await settle();
    expect(pod.calls).toHaveLength(2);
  });

  it("keeps the data beside the error when a refetch fails", async () => {
    const { tasks, connect } = plant();
    const page = await render(within(connect(), <Title id={1} />));
    await until(() => expect(page.text()).toBe("SowRefetch"));
    tasks.length = 0;
    await page.click("Refetch");
    await until(() => expect(page.text()).toBe("Sow (No task 1.)Refetch"));
  });

  it("shows the fallback for other arguments, and what is live at once", async () => {
    const { pod, connect } = plant();
    const client = connect();
    const page = await render(within(client, <Title id={1} />));
    await until(() => expect(page.text()).toBe("SowRefetch"));
    const answer = pod.hold();
    await page.render(within(client, <Title id={2} />));
    expect(page.text()).toContain("Loading");
    answer();
    await until(() => expect(page.text()).toBe("WaterRefetch"));
    await page.render(within(client, <Title id={1} />));
    expect(page.text()).toBe("SowRefetch");
  });

  it("keeps the last screen whole in a transition, which hears of writes meanwhile", async () => {
    const { pod, tasks, connect } = plant();
    const seen: string[] = [];
    function Pair({ id }: { id: number }) {
      const first = useSuspenseQuery("getTask", { id });
      const second = useSuspenseQuery("getTask", { id }, { select: ({ title }) => title.toUpperCase() });
      const text = `${id}: ${first.data.title} ${second.data}`;
      seen.push(text);
      return <p>{text}</p>;
    }
    function Switch() {
      const [id, setId] = useState(1);
      return (
        <>
          <button onClick={() => startTransition(() => setId(2))}>Next</button>
          <Pair id={id} />
        </>
      );
    }
    const page = await render(within(connect(), <Switch />));
    await until(() => expect(page.text()).toBe("Next1: Sow SOW"));
    const answer = pod.hold();
    await page.click("Next");
    await settle();
    expect(page.text()).toBe("Next1: Sow SOW");
    pod.hold()();
    tasks[0] = { id: 1, title: "Dig" };
    await settle(() => pod.write("tasks"));
    await until(() => expect(page.text()).toBe("Next1: Dig DIG"));
    answer();
    await until(() => expect(page.text()).toBe("Next2: Water WATER"));
    expect(new Set(seen)).toEqual(new Set(["1: Sow SOW", "1: Dig DIG", "2: Water WATER"]));
  });

  it("waits anew when somebody else logs in, and shows the error boundary nothing of it", async () => {
    const garden = plant();
    const client = garden.connect();
    function Notes() {
      return <p>{useSuspenseQuery("getNotes").data}</p>;
    }
    const answer = garden.pod.hold();
    const page = await render(within(client, <Notes />));
    garden.user = "Grace";
    await settle();
    await settle(() => void client.refreshIdentity());
    answer();
    await until(() => expect(page.text()).toBe("Of Grace"));
    garden.user = "Ada";
    const again = garden.pod.hold();
    await settle(() => void client.refreshIdentity());
    await until(() => expect(page.text()).toContain("Loading"));
    again();
    await until(() => expect(page.text()).toBe("Of Ada"));
  });
});
