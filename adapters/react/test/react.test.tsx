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

function Title({ id }: { id: number }) {
  const { data, error, isLoading, refetch } = useQuery("getTask", { id });
  return (
    <p>
      {isLoading ? "Loading" : data?.title}
      {error && `${error.code}: ${error.message}`}
      <button onClick={() => void refetch()}>Refetch</button>
    </p>
  );
}

describe("useQuery", () => {
  it("says that it is loading, then shows the data", async () => {
    const { pod, client } = setUp();
    const answer = pod.hold();
    const page = await render(within(client, <Tasks />));
    expect(page.text()).toBe("Loading");
    answer();
    await until(() => expect(page.text()).toBe("Sow, Water"));
  });

  it("refetches when a table that it read goes stale", async () => {
    const { pod, client, tasks } = setUp();
    const page = await render(within(client, <Tasks />));
    await until(() => expect(page.text()).toBe("Sow, Water"));
    tasks.push({ id: 3, title: "Harvest" });
    pod.write("tasks");
    await until(() => expect(page.text()).toBe("Sow, Water, Harvest"));
    pod.write("notes");
    await settle();
    expect(pod.calls).toEqual(["getTasks", "getTasks"]);
  });

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

  it("shows the new query's state, never the old one's data, when its arguments change", async () => {
    const { pod, client } = setUp();
    const show = (id: number) => within(client, <Title id={id} />);
    const page = await render(show(1));
    await until(() => expect(page.text()).toContain("Sow"));
    const answer = pod.hold();
    await page.render(show(2));
    expect(page.text()).toContain("Loading");
    answer();
    await until(() => expect(page.text()).toContain("Water"));
    // Back again: still watched, so still fresh.
    await page.render(show(1));
    expect(page.text()).toContain("Sow");
    await settle();
    expect(pod.calls).toEqual(['getTask {"id":1}', 'getTask {"id":2}']);
  });

  it("takes equal arguments for the same query", async () => {
    const { pod, client } = setUp();
    function Found({ text }: { text: string }) {
      useQuery("findTasks", { text });
      return null;
    }
    const page = await render(within(client, <Found text="a" />));
    await page.render(within(client, <Found text="a" />));
    await settle();
    expect(pod.calls).toEqual(['findTasks {"text":"a"}']);
  });

  it("shows a failure with its code, and recovers by refetch", async () => {
    const { client, tasks } = setUp();
    const page = await render(within(client, <Title id={3} />));
    await until(() => expect(page.text()).toContain("NOT_FOUND: No task 3."));
    tasks.push({ id: 3, title: "Harvest" });
    await page.click("Refetch");
    await until(() => expect(page.text()).toBe("HarvestRefetch"));
  });

  it("fetches nothing while it isn't enabled", async () => {
    const { pod, client } = setUp();
    function Later({ enabled }: { enabled: boolean }) {
      const { data, isLoading } = useQuery("getTasks", undefined, { enabled });
      return <p>{isLoading ? "Loading" : `${data?.length ?? "no"} tasks`}</p>;
    }
    const page = await render(within(client, <Later enabled={false} />));
    await settle();
    expect(page.text()).toBe("no tasks");
    expect(pod.calls).toEqual([]);
    await page.render(within(client, <Later enabled />));
    await until(() => expect(page.text()).toBe("2 tasks"));
  });

  it("shares a query between readers, and stays fresh when one of two is gone", async () => {
    const { pod, client, tasks } = setUp();
    const show = (isSecondThere: boolean) => (
      <EdgePodProvider client={client}>
        <Tasks />
        {isSecondThere && <Tasks />}
      </EdgePodProvider>
    );
    const page = await render(show(true));
    await until(() => expect(page.text()).toBe("Sow, WaterSow, Water"));
    expect(pod.calls).toEqual(["getTasks"]);
    await page.render(show(false));
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
  function AddTask({ title }: { title: string }) {
    const { trigger, isMutating, data, error, reset } = useMutation("addTask");
    return (
      <div>
        {isMutating ? "Adding" : (data?.title ?? error?.code ?? "Nothing yet")}
        <button onClick={() => void trigger({ title })}>Add</button>
        <button onClick={reset}>Reset</button>
      </div>
    );
  }

  it("says that it is mutating, then what came of it", async () => {
    const { pod, client } = setUp();
    const page = await render(within(client, <AddTask title="Mow" />));
    expect(page.text()).toContain("Nothing yet");
    const answer = pod.hold();
    await page.click("Add");
    await until(() => expect(page.text()).toContain("Adding"));
    answer();
    await until(() => expect(page.text()).toContain("Mow"));
    await page.click("Reset");
    await until(() => expect(page.text()).toContain("Nothing yet"));
  });

  it("refetches exactly once what reads the tables that it wrote", async () => {
    const { pod, client } = setUp();
    const page = await render(
      <EdgePodProvider client={client}>
        <Tasks />
        <AddTask title="Mow" />
      </EdgePodProvider>,
    );
    await until(() => expect(page.text()).toContain("Sow, Water"));
    await page.click("Add");
    await until(() => expect(page.text()).toContain("Sow, Water, Mow"));
    await settle();
    expect(pod.calls).toEqual(["getTasks", 'addTask {"title":"Mow"}', "getTasks"]);
  });

  it("shows a failure, which is no unhandled rejection where nobody awaits it", async () => {
    const unhandled = vi.fn<() => void>();
    process.on("unhandledRejection", unhandled);
    onTestFinished(() => void process.off("unhandledRejection", unhandled));
    const { client } = setUp();
    const page = await render(within(client, <AddTask title="" />));
    await page.click("Add");
    await until(() => expect(page.text()).toContain("INVALID_ARGUMENTS"));
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("rejects for whoever does await", async () => {
    const { client } = setUp();
    let failed: unknown;
    function Add() {
      const { trigger } = useMutation("addTask");
      const add = async () => {
        await trigger({ title: "" }).catch((error: unknown) => (failed = error));
      };
      return <button onClick={() => void add()}>Add</button>;
    }
    const page = await render(within(client, <Add />));
    await page.click("Add");
    await until(() => expect(failed).toMatchObject({ code: "INVALID_ARGUMENTS" }));
  });

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

describe("useStatus", () => {
  it("follows the socket, and what was missed is fetched when it comes back", async () => {
    const { pod, client, tasks } = setUp();
    function Light() {
      return <b>{useStatus()}: </b>;
    }
    const page = await render(
      <EdgePodProvider client={client}>
        <Light />
        <Tasks />
      </EdgePodProvider>,
    );
    await until(() => expect(page.text()).toBe("connected: Sow, Water"));
    await settle(() => pod.cut());
    await until(() => expect(page.text()).toBe("disconnected: Sow, Water"));
    tasks.length = 1;
    pod.write("tasks");
    await settle(() => pod.open());
    await until(() => expect(page.text()).toBe("connected: Sow"));
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
