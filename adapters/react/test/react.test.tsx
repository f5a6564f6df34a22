import { StrictMode, useLayoutEffect } from "react";
import type { ReactNode } from "react";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { EdgePodError, createClient } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import { EdgePodProvider, useClient, useMutation, useQuery, useStatus } from "@edgepod/react";
import { FakePod } from "@edgepod/conformance";
import type * as functions from "./functions.ts";
import type { Task } from "./functions.ts";
import { render, settle, until } from "./render.ts";

/** A pod with two tasks and a note, and a client of it. */
function setUp(): { pod: FakePod; client: Client<typeof functions>; tasks: Task[] } {
  const tasks: Task[] = [
    { id: 1, title: "Sow" },
    { id: 2, title: "Water" },
  ];
  const pod = new FakePod({
    getTasks: () => ({ data: tasks, reads: ["tasks"] }),
    getTask: ({ id }: { id: number }) => {
      const task = tasks.find((each) => each.id === id);
      if (!task) throw new EdgePodError("NOT_FOUND", `No task ${id}.`);
      return { data: task, reads: ["tasks"] };
    },
    getNotes: () => ({ data: ["Hello"], reads: ["notes"] }),
    addTask: ({ title }: { title: string }) => {
      if (title === "") throw new EdgePodError("INVALID_ARGUMENTS", "A task needs a title.");
      tasks.push({ id: tasks.length + 1, title });
      return { data: tasks.at(-1), writes: ["tasks"] };
    },
    clearTasks: () => ({ data: tasks.splice(0).length, writes: ["tasks"] }),
  });
  const client = createClient<typeof functions>({ url: "https://pod.test", apiKey: "ep_pk_test", transport: pod });
  onTestFinished(() => {
    client.close();
  });
  return { pod, client, tasks };
}

const within = (client: Client<typeof functions>, node: ReactNode) => (
  <EdgePodProvider client={client}>{node}</EdgePodProvider>
);

function Tasks() {
  const { data, isLoading } = useQuery("getTasks");
  return <p>{isLoading ? "Loading" : data?.map(({ title }) => title).join(", ")}</p>;
}

describe("useQuery", () => {
  it("fetches once in StrictMode, which mounts everything twice", async () => {
    const { pod, client } = setUp();
    const page = await render(<StrictMode>{within(client, <Tasks />)}</StrictMode>);
    await until(() => expect(page.text()).toBe("Sow, Water"));
    await settle();
    expect(pod.calls).toEqual(["getTasks"]);
  });

  it("fetches once though a reader is mounted by the data, before the first socket is open", async () => {
    const { pod, client, tasks } = setUp();
    pod.shut();
    function Nested() {
      return useQuery("getTasks").data && <Tasks />;
    }
    const page = await render(within(client, <Nested />));
    await until(() => expect(page.text()).toBe("Sow, Water"));
    await settle(() => pod.open());
    expect(pod.calls).toEqual(["getTasks"]);
    tasks.length = 1;
    pod.write("tasks");
    await until(() => expect(page.text()).toBe("Sow"));
  });

  it("shows the same answer in every reader at every moment", async () => {
    const { pod, client, tasks } = setUp();
    const shown = new Set<string>();
    let latest = () => "";
    function Watch() {
      const { data } = useQuery("getTasks");
      useLayoutEffect(() => {
        shown.add(latest());
      });
      return <i>{data?.length}</i>;
    }
    const page = await render(
      <EdgePodProvider client={client}>
        <Watch />
        <Watch />
      </EdgePodProvider>,
    );
    latest = () => page.text();
    for (const title of ["Mow", "Rake", "Prune"]) {
      tasks.push({ id: tasks.length + 1, title });
      pod.write("tasks");
      await settle();
    }
    await until(() => expect(page.text()).toBe("55"));
    expect([...shown].filter((text) => text[0] !== text[1])).toEqual([]);
  });

  it("renders only when something that it shows has changed", async () => {
    const { pod, client } = setUp();
    const rendered: { isFetching: boolean; data: unknown }[] = [];
    function Counted() {
      const { isFetching, data } = useQuery("getTasks");
      rendered.push({ isFetching, data });
      return null;
    }
    await render(within(client, <Counted />));
    await until(() => expect(rendered.map(({ isFetching }) => isFetching)).toEqual([true, false]));
    const answer = pod.hold();
    pod.write("tasks");
    await settle();
    answer();
    await settle();
    expect(rendered.map(({ isFetching }) => isFetching)).toEqual([true, false, true, false]);
    // An answer that says the same again is the same object, so that memoised rows stay as they are.
    expect(rendered[3]?.data).toBe(rendered[1]?.data);
  });

  it("renders once for a signal that makes two of its queries stale, and never with one of them ahead", async () => {
    const { pod, client, tasks } = setUp();
    const rendered: string[] = [];
    function Both() {
      const all = useQuery("getTasks");
      const first = useQuery("getTask", { id: 1 });
      rendered.push(`${all.data?.[0]?.title} ${first.data?.title}${all.isFetching || first.isFetching ? " …" : ""}`);
      return null;
    }
    await render(within(client, <Both />));
    await until(() => expect(rendered.at(-1)).toBe("Sow Sow"));
    await settle();
    rendered.length = 0;
    pod.calls.length = 0;
    const answer = pod.hold();
    tasks[0] = { id: 1, title: "Mow" };
    pod.write("tasks");
    await settle();
    answer();
    await settle();
    expect(pod.calls).toEqual(['getTasks + getTask {"id":1}']);
    expect(rendered).toEqual(["Sow Sow …", "Mow Mow"]);
  });
});

describe("useMutation", () => {
  it("doesn't take the event for an argument when it is the handler itself", async () => {
    const { pod, client } = setUp();
    function Clear() {
      const { trigger } = useMutation("clearTasks");
      // oxlint-disable-next-line typescript/no-misused-promises -- what people write
      return <button onClick={trigger}>Clear</button>;
    }
    const page = await render(within(client, <Clear />));
    await page.click("Clear");
    await until(() => expect(pod.calls).toEqual(["clearTasks"]));
  });
});

describe("useClient", () => {
  it("gives the client of the nearest provider", async () => {
    const { client } = setUp();
    const given: unknown[] = [];
    function Show() {
      given.push(useClient());
      return null;
    }
    await render(within(client, <Show />));
    expect(given).toEqual([client]);
  });

  it("moves to another client when the provider does", async () => {
    const [first, second] = [setUp(), setUp()];
    second.tasks.length = 1;
    const page = await render(within(first.client, <Tasks />));
    await until(() => expect(page.text()).toBe("Sow, Water"));
    await page.render(within(second.client, <Tasks />));
    await until(() => expect(page.text()).toBe("Sow"));
  });
});

describe("without a provider", () => {
  it.each([
    ["useQuery", () => useQuery("getTasks")],
    ["useMutation", () => useMutation("addTask")],
    ["useStatus", () => useStatus()],
    ["useClient", () => useClient()],
  ])("%s says what is missing and the way out", async (name, use) => {
    vi.spyOn(console, "error").mockReturnValue();
    function Orphan() {
      use();
      return null;
    }
    await expect(render(<Orphan />)).rejects.toThrow(
      `${name} found no client. Render the component inside <EdgePodProvider`,
    );
  });
});
