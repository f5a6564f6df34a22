import { ErrorBoundary, For, Suspense, createEffect, createRoot, createSignal, useTransition } from "solid-js";
import type { Accessor, JSX } from "solid-js";
import { render } from "solid-js/web";
import { describe, expect, it, onTestFinished } from "vitest";
import { FakePod } from "@edgepod/conformance";
import { EdgePodError, createClient } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import { EdgePodProvider, skip, useClient, useInfiniteQuery, useMutation, useQuery, useStatus } from "@edgepod/solid";
import type * as functions from "./functions.ts";
import type { Task } from "./functions.ts";

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
    findTasks: ({ text }: { text: string }) => ({
      data: tasks.filter(({ title }) => title.includes(text)),
      reads: ["tasks"],
    }),
    getNotes: () => ({ data: ["Hello"], reads: ["notes"] }),
    addTask: ({ title }: { title: string }) => {
      if (title === "") throw new EdgePodError("INVALID_ARGUMENTS", "A task needs a title.");
      tasks.push({ id: tasks.length + 1, title });
      return { data: tasks.at(-1), writes: ["tasks", "notes"] };
    },
  });
  const client = createClient<typeof functions>({ url: "https://pod.test", apiKey: "ep_pk_test", transport: pod });
  onTestFinished(() => {
    client.close();
  });
  return { pod, client, tasks };
}

function show(client: Client<typeof functions>, Page: () => JSX.Element): HTMLElement {
  const container = document.body.appendChild(document.createElement("div"));
  const dispose = render(
    () => (
      <EdgePodProvider client={client}>
        <Page />
      </EdgePodProvider>
    ),
    container,
  );
  onTestFinished(() => {
    dispose();
    container.remove();
  });
  return container;
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

async function until(check: () => void): Promise<void> {
  const end = Date.now() + 2000;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one look after another
    await settle();
    try {
      check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

describe("useQuery", () => {
  it("suspends until the first answer, and not while it fetches newer ones", async () => {
    const { pod, client, tasks } = setUp();
    const page = show(client, () => {
      const all = useQuery("getTasks");
      return (
        <Suspense fallback="Loading">
          {all()
            ?.map(({ title }) => title)
            .join(", ")}
        </Suspense>
      );
    });
    expect(page.textContent).toBe("Loading");
    await until(() => expect(page.textContent).toBe("Sow, Water"));
    tasks.push({ id: 3, title: "Harvest" });
    const answer = pod.hold();
    pod.write("tasks");
    await settle();
    expect(page.textContent).toBe("Sow, Water");
    answer();
    await until(() => expect(page.textContent).toBe("Sow, Water, Harvest"));
    expect(pod.calls).toEqual(["getTasks", "getTasks"]);
  });

  it("suspends for new arguments, and shows nothing of the old ones", async () => {
    const { client } = setUp();
    const [id, setId] = createSignal(1);
    const page = show(client, () => {
      const task = useQuery("getTask", () => ({ id: id() }));
      return (
        <>
          <Suspense fallback="Loading">{task()?.title}</Suspense>/{task.latest?.title}/{task.state}
        </>
      );
    });
    await until(() => expect(page.textContent).toBe("Sow/Sow/ready"));
    setId(2);
    expect(page.textContent).toBe("Loading//pending");
    await until(() => expect(page.textContent).toBe("Water/Water/ready"));
    setId(1);
    expect(page.textContent).toBe("Sow/Sow/ready");
  });

  it("shows nothing of the old arguments either where nobody waits in a Suspense", async () => {
    const { client } = setUp();
    const [id, setId] = createSignal(1);
    const seen: string[] = [];
    const page = show(client, () => {
      const task = useQuery("getTask", () => ({ id: id() }));
      createEffect(() => {
        seen.push(`${String(id())} ${String(task()?.title)}`);
      });
      return <>{task()?.title}</>;
    });
    await until(() => expect(page.textContent).toBe("Sow"));
    setId(2);
    await Promise.resolve();
    expect(page.textContent).toBe("");
    await until(() => expect(page.textContent).toBe("Water"));
    expect(new Set(seen)).toEqual(new Set(["1 undefined", "1 Sow", "2 undefined", "2 Water"]));
  });

  it("throws to the nearest ErrorBoundary, and comes back with a refetch", async () => {
    const { client, tasks } = setUp();
    const page = show(client, () => {
      const task = useQuery("getTask", { id: 3 });
      return (
        <ErrorBoundary
          fallback={(error: EdgePodError, reset) => (
            <button
              onClick={() => {
                void task.refetch();
                reset();
              }}
            >
              {error.code} {task.state}
            </button>
          )}
        >
          <Suspense fallback="Loading">{task()?.title}</Suspense>
        </ErrorBoundary>
      );
    });
    await until(() => expect(page.textContent).toBe("NOT_FOUND errored"));
    tasks.push({ id: 3, title: "Harvest" });
    page.querySelector("button")?.click();
    await until(() => expect(page.textContent).toBe("Harvest"));
  });

  it("keeps what it has when a refetch fails, and says so", async () => {
    const { pod, client, tasks } = setUp();
    const page = show(client, () => {
      const task = useQuery("getTask", { id: 2 });
      return (
        <Suspense fallback="Loading">
          {task()?.title} {task.state} {task.error?.code}
        </Suspense>
      );
    });
    await until(() => expect(page.textContent).toBe("Water ready "));
    tasks.length = 1;
    pod.write("tasks");
    await until(() => expect(page.textContent).toBe("Water ready NOT_FOUND"));
  });

  it("shows the last page until the next one is here, in a transition", async () => {
    const { pod, client, tasks } = setUp();
    const [id, setId] = createSignal(1);
    let go: (id: number) => void = () => undefined;
    const page = show(client, () => {
      const task = useQuery("getTask", () => ({ id: id() }));
      const [isPending, start] = useTransition();
      go = (next) => void start(() => setId(next));
      return (
        <>
          <Suspense fallback="Loading">
            <b>{task()?.title}</b>
          </Suspense>
          {isPending() ? " …" : ""}
        </>
      );
    });
    await until(() => expect(page.textContent).toBe("Sow"));
    const answer = pod.hold();
    go(2);
    await settle();
    expect(page.textContent).toBe("Sow …");
    // The one that is shown is still watched.
    tasks[0] = { id: 1, title: "Sow again" };
    answer();
    await until(() => expect(page.textContent).toBe("Water"));
    go(1);
    await until(() => expect(page.textContent).toBe("Sow"));
    pod.write("tasks");
    await until(() => expect(page.textContent).toBe("Sow again"));
  });

  it("moves the rows that it knows, and changes only what has changed in them", async () => {
    const { pod, client, tasks } = setUp();
    let titles = 0;
    const page = show(client, () => {
      const all = useQuery("getTasks");
      const titleOf = (task: Task) => {
        titles += 1;
        return task.title;
      };
      return (
        <ul>
          <For each={all()}>{(task) => <li>{titleOf(task)}</li>}</For>
        </ul>
      );
    });
    await until(() => expect(page.querySelectorAll("li")).toHaveLength(2));
    const [sow, water] = page.querySelectorAll("li");
    const cached = client.queryClient.getQueryCache().getAll()[0];
    const before = { answer: cached?.state.data, text: JSON.stringify(cached?.state.data) };
    tasks.reverse();
    pod.write("tasks");
    await until(() => expect(page.textContent).toBe("WaterSow"));
    expect([...page.querySelectorAll("li")]).toEqual([water, sow]);
    expect(titles).toBe(2);
    tasks[1] = { id: 1, title: "Sow again" };
    pod.write("tasks");
    await until(() => expect(page.textContent).toBe("WaterSow again"));
    expect(page.querySelectorAll("li")[1]).toBe(sow);
    expect(titles).toBe(3);
    // The store's rows aren't the cache's: it changed none of those.
    expect(JSON.stringify(before.answer)).toBe(before.text);
    expect(await client.query("getTasks")).toEqual(tasks);
  });

  it("runs no effect for an answer that says the same, nor for what it doesn't read", async () => {
    const { pod, client } = setUp();
    const seen: unknown[] = [];
    show(client, () => {
      const all = useQuery("getTasks");
      createEffect(() => {
        seen.push(all()?.length);
      });
      return null;
    });
    await until(() => expect(seen).toEqual([undefined, 2]));
    pod.write("tasks");
    await until(() => expect(pod.calls).toHaveLength(2));
    await settle();
    expect(seen).toEqual([undefined, 2]);
  });

  it("selects with signals, skips, and waits while it isn't enabled", async () => {
    const { pod, client } = setUp();
    const [id, setId] = createSignal<number>();
    const [isEnabled, setEnabled] = createSignal(false);
    const [nth, setNth] = createSignal(0);
    const page = show(client, () => {
      const task = useQuery("getTask", () => {
        const asked = id();
        return asked === undefined ? skip : { id: asked };
      });
      const one = useQuery("getTasks", undefined, () => ({
        enabled: isEnabled(),
        select: (tasks) => tasks[nth()]?.title,
      }));
      return (
        <>
          {task.state} {task()?.title} {one.state} {one()}
        </>
      );
    });
    await settle();
    expect(page.textContent).toBe("unresolved  unresolved ");
    expect(pod.calls).toEqual([]);
    setId(1);
    setEnabled(true);
    await until(() => expect(page.textContent).toBe("ready Sow ready Sow"));
    setNth(1);
    expect(page.textContent).toBe("ready Sow ready Water");
    expect(pod.calls).toEqual(['getTask {"id":1}', "getTasks"]);
  });

  it("shows the last answer as a placeholder where it is asked to", async () => {
    const { pod, client } = setUp();
    const [id, setId] = createSignal(1);
    const page = show(client, () => {
      const task = useQuery("getTask", () => ({ id: id() }), { keepPreviousData: true });
      return (
        <Suspense fallback="Loading">
          {task()?.title} {String(task.isPlaceholderData)}
        </Suspense>
      );
    });
    await until(() => expect(page.textContent).toBe("Sow false"));
    const answer = pod.hold();
    setId(2);
    await settle();
    expect(page.textContent).toBe("Sow true");
    answer();
    await until(() => expect(page.textContent).toBe("Water false"));
  });

  it("suspends again when somebody else has logged in", async () => {
    const { pod } = setUp();
    let token = "one";
    const getToken = () => token;
    const client = createClient<typeof functions>({ url: "https://pod.test", apiKey: "k", getToken, transport: pod });
    onTestFinished(() => {
      client.close();
    });
    const page = show(client, () => {
      const all = useQuery("getTasks");
      return <Suspense fallback="Loading">{all()?.length}</Suspense>;
    });
    await until(() => expect(page.textContent).toBe("2"));
    const answer = pod.hold();
    token = "two";
    await client.refreshIdentity();
    await until(() => expect(page.textContent).toBe("Loading"));
    answer();
    await until(() => expect(page.textContent).toBe("2"));
  });

  it("changes what came together at once", async () => {
    const { client } = setUp();
    const seen: string[] = [];
    const page = show(client, () => {
      const all = useQuery("getTasks");
      const notes = useQuery("getNotes");
      createEffect(() => {
        seen.push(`${String(all.loading)} ${String(notes.loading)}`);
      });
      return <>{all()?.length}</>;
    });
    await until(() => expect(page.textContent).toBe("2"));
    expect(seen).toEqual(["true true", "false false"]);
  });

  it("looks at nothing any more once its owner is disposed of, in a component or not", async () => {
    const { pod, client } = setUp();
    const [dispose, tasks] = createRoot((end) => {
      let got: Accessor<Task[] | undefined> = () => undefined;
      EdgePodProvider({
        client,
        get children() {
          got = useQuery("getTasks");
          return null;
        },
      });
      return [end, got] as const;
    });
    await until(() => expect(tasks()).toHaveLength(2));
    dispose();
    pod.write("tasks");
    await settle();
    expect(pod.calls).toEqual(["getTasks"]);
    expect(client.queryClient.getQueryCache().getAll()[0]?.getObserversCount()).toBe(0);
  });

  it("says the way out where there is no provider", () => {
    for (const use of [() => useQuery("getTasks"), () => useMutation("addTask"), useClient, useStatus])
      expect(() => createRoot<unknown>(use)).toThrow(
        /^use\w+ found no client\. .*<EdgePodProvider client=\{createClient/,
      );
  });
});

describe("useInfiniteQuery", () => {
  it("suspends for the first page, then goes on", async () => {
    const { client } = setUp();
    const page = show(client, () => {
      const pages = useInfiniteQuery("getTask", (id: number | null) => ({ id: id ?? 1 }), {
        getNextCursor: ({ id }) => (id === 1 ? 2 : null),
      });
      return (
        <Suspense fallback="Loading">
          <For each={pages()}>{({ title }) => <p>{title}</p>}</For>
          <button disabled={!pages.hasNextPage} onClick={() => void pages.fetchNextPage()} />
        </Suspense>
      );
    });
    expect(page.textContent).toBe("Loading");
    await until(() => expect(page.textContent).toBe("Sow"));
    page.querySelector("button")?.click();
    await until(() => expect(page.textContent).toBe("SowWater"));
    expect(page.querySelector("button")?.disabled).toBe(true);
  });
});

describe("useMutation", () => {
  it("is a store of its latest run", async () => {
    const { client } = setUp();
    const page = show(client, () => {
      const addTask = useMutation("addTask");
      return (
        <button onClick={() => void addTask.trigger({ title: "" })}>
          {String(addTask.isMutating)} {addTask.error?.code}
        </button>
      );
    });
    page.querySelector("button")?.click();
    await until(() => expect(page.textContent).toBe("false INVALID_ARGUMENTS"));
  });
});

describe("useStatus", () => {
  it("says whether signals arrive", async () => {
    const { pod, client } = setUp();
    const page = show(client, () => {
      const status = useStatus();
      useQuery("getTasks");
      return <>{status()}</>;
    });
    expect(page.textContent).toBe("connecting");
    await until(() => expect(page.textContent).toBe("connected"));
    pod.cut();
    await until(() => expect(page.textContent).toBe("disconnected"));
  });
});
