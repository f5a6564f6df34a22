// Outside of components: `$effect.root` and a client that is given. What holds here holds in a template.
import { flushSync } from "svelte";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { skip, useInfiniteQuery, useMutation, useQuery, useStatus } from "@edgepod/svelte";
import { setUp, settle, until } from "./set-up.ts";

/** Runs `make` where effects may live. Returns what ends them, as the end of the test does. */
function root(make: () => void): () => void {
  const end = $effect.root(make);
  onTestFinished(end);
  flushSync();
  return end;
}

describe("useQuery", () => {
  it("follows $state in its arguments, and never shows the one's data under the other's name", async () => {
    const { pod, client } = setUp();
    let id = $state(1);
    const shown: string[] = [];
    root(() => {
      const task = useQuery("getTask", () => ({ id }), { client });
      $effect(() => {
        shown.push(`${id}: ${task.isLoading ? "loading" : task.data?.title}`);
      });
    });
    await until(() => expect(shown).toEqual(["1: loading", "1: Sow"]));
    id = 2;
    await until(() => expect(shown.slice(2)).toEqual(["2: loading", "2: Water"]));
    id = 1;
    await settle();
    expect(shown.slice(4)).toEqual(["1: Sow"]);
    expect(pod.calls).toEqual(['getTask {"id":1}', 'getTask {"id":2}']);
  });

  it("takes arguments that are $state themselves, which stay those of their query when they change", async () => {
    const { pod, client } = setUp();
    const args = $state({ id: 1 });
    const shown: (string | undefined)[] = [];
    root(() => {
      const task = useQuery("getTask", () => args, { client });
      $effect(() => {
        shown.push(task.data?.title);
      });
    });
    await until(() => expect(shown).toEqual([undefined, "Sow"]));
    args.id = 2;
    await until(() => expect(shown).toEqual([undefined, "Sow", undefined, "Water"]));
    await client.queryClient.refetchQueries();
    expect(pod.calls.at(-1)).toBe('getTask {"id":1} + getTask {"id":2}');
  });

  it("asks nothing while its arguments are skip", async () => {
    const { pod, client } = setUp();
    let id = $state<number | null>(null);
    let title: string | undefined;
    root(() => {
      const task = useQuery("getTask", () => (id === null ? skip : { id }), { client });
      $effect(() => {
        title = task.data?.title;
      });
    });
    await settle();
    expect(pod.calls).toEqual([]);
    id = 2;
    await until(() => expect(title).toBe("Water"));
    id = null;
    await until(() => expect(title).toBeUndefined());
  });

  it("follows $state in its options: enabled, keepPreviousData", async () => {
    const { pod, client } = setUp();
    let id = $state(1);
    let enabled = $state(false);
    const shown: unknown[] = [];
    root(() => {
      const options = () => ({ client, enabled, keepPreviousData: true });
      const task = useQuery("getTask", () => ({ id }), options);
      $effect(() => {
        shown.push([task.data?.title, task.isPlaceholderData]);
      });
    });
    await settle();
    expect(pod.calls).toEqual([]);
    enabled = true;
    await until(() =>
      expect(shown).toEqual([
        [undefined, false],
        ["Sow", false],
      ]),
    );
    id = 2;
    await until(() =>
      expect(shown.slice(2)).toEqual([
        ["Sow", true],
        ["Water", false],
      ]),
    );
  });

  it("calls an effect only for what it reads", async () => {
    const { pod, client, tasks } = setUp();
    const fetching: boolean[] = [];
    const lengths: (number | undefined)[] = [];
    root(() => {
      const { ...all } = useQuery("getTasks", undefined, { client });
      expect(Object.keys(all)).toContain("data");
      const query = useQuery("getTasks", undefined, { client });
      $effect(() => {
        fetching.push(query.isFetching);
      });
      $effect(() => {
        lengths.push(query.data?.length);
      });
    });
    await until(() => expect(lengths).toEqual([undefined, 2]));
    expect(fetching).toEqual([true, false]);
    // The same again: whoever shows the data isn't called.
    const same = pod.hold();
    pod.write("tasks");
    await until(() => expect(fetching).toEqual([true, false, true]));
    same();
    await until(() => expect(fetching).toEqual([true, false, true, false]));
    expect(lengths).toEqual([undefined, 2]);
    // An optimistic update changes the data alone.
    const answer = pod.hold();
    const added = client.mutate(
      "addTask",
      { title: "Mow" },
      {
        optimistic: ({ update }) => {
          update("getTasks", (before) => [...before, { id: -1, title: "Mow" }]);
        },
      },
    );
    await until(() => expect(lengths).toEqual([undefined, 2, 3]));
    expect(fetching).toHaveLength(4);
    answer();
    await added;
    expect(tasks).toHaveLength(3);
  });

  it("runs select once for each answer, and again when $state that it reads changes", async () => {
    const { pod, client, tasks } = setUp();
    let id = $state(1);
    const select = vi.fn<(tasks: { id: number; title: string }[]) => { title: string | undefined }>((all) => ({
      title: all.find((task) => task.id === id)?.title,
    }));
    const shown: unknown[] = [];
    root(() => {
      const task = useQuery("getTasks", undefined, { client, select });
      $effect(() => {
        shown.push(task.data);
      });
    });
    await until(() => expect(shown).toEqual([undefined, { title: "Sow" }]));
    id = 2;
    await until(() => expect(shown.at(-1)).toEqual({ title: "Water" }));
    expect(select).toHaveBeenCalledTimes(2);
    pod.write("tasks");
    await until(() => expect(pod.calls).toHaveLength(2));
    await settle();
    expect(select).toHaveBeenCalledTimes(2);
    expect(shown).toHaveLength(3);
    // Another answer of which the same is needed: the same object.
    tasks.push({ id: 3, title: "Rake" });
    pod.write("tasks");
    await until(() => expect(select).toHaveBeenCalledTimes(3));
    await settle();
    expect(shown).toHaveLength(3);
    // Still by the new state, for another read of it in between changes nothing.
    id = 1;
    await until(() => expect(shown.at(-1)).toEqual({ title: "Sow" }));
  });

  it("gives answers as they are, not proxies of them", async () => {
    const { client } = setUp();
    let data: unknown;
    root(() => {
      const tasks = useQuery("getTasks", undefined, { client });
      $effect(() => {
        data = tasks.data;
      });
    });
    await until(() => expect(data).toHaveLength(2));
    expect(data).toBe(await client.query("getTasks"));
  });

  it("may be taken apart by $derived", async () => {
    const { client } = setUp();
    const shown: unknown[] = [];
    root(() => {
      const tasks = useQuery("getTasks", undefined, { client });
      const { data, isLoading } = $derived(tasks);
      $effect(() => {
        shown.push(isLoading ? "loading" : data?.length);
      });
    });
    await until(() => expect(shown).toEqual(["loading", 2]));
  });

  it("is fetched when it is read, not when it is made", async () => {
    const { pod, client, observers } = setUp();
    root(() => {
      const tasks = useQuery("getTasks", undefined, { client });
      // As an event handler would: to look something up is not to look at it.
      expect(tasks.data).toBeUndefined();
    });
    await settle();
    expect(pod.calls).toEqual([]);
    expect(observers()).toBe(0);
  });

  it("tells an event handler what is known now, although nothing on screen reads it", async () => {
    const { client } = setUp();
    let tasks: { readonly data: unknown } | undefined;
    root(() => {
      tasks = useQuery("getTasks", undefined, { client, select: (all) => all.length });
    });
    expect(tasks?.data).toBeUndefined();
    await client.query("getTasks");
    expect(tasks?.data).toBe(2);
  });

  it("subscribes once for all that read it, and ends with the last of them", async () => {
    const { pod, client, observers, tasks } = setUp();
    let areShown = $state(true);
    const seen: unknown[] = [];
    const end = root(() => {
      const query = useQuery("getTasks", undefined, { client });
      const titles = $derived(query.data?.map(({ title }) => title).join());
      $effect(() => {
        if (areShown) seen.push(titles);
      });
      $effect(() => {
        if (areShown) void query.isFetching;
      });
    });
    await until(() => expect(seen.at(-1)).toBe("Sow,Water"));
    expect(observers()).toBe(1);
    areShown = false;
    await until(() => expect(observers()).toBe(0));
    tasks.length = 1;
    pod.write("tasks");
    await settle();
    expect(pod.calls).toEqual(["getTasks"]);
    areShown = true;
    await until(() => expect(seen.at(-1)).toBe("Sow"));
    expect(observers()).toBe(1);
    end();
    await until(() => expect(observers()).toBe(0));
  });

  it("stays right in a $derived that only an event handler reads, until whoever made it goes", async () => {
    const { pod, client, observers, tasks } = setUp();
    let titles = (): unknown => undefined;
    const end = root(() => {
      const query = useQuery("getTasks", undefined, { client });
      const joined = $derived(query.data?.map(({ title }) => title).join());
      titles = () => joined;
    });
    await until(() => expect(titles()).toBe("Sow,Water"));
    tasks.length = 1;
    pod.write("tasks");
    await until(() => expect(titles()).toBe("Sow"));
    end();
    await until(() => expect(observers()).toBe(0));
  });

  it("shows a failure, and recovers by refetch", async () => {
    const { client, tasks } = setUp();
    let shown: string | undefined;
    let refetch: (() => Promise<void>) | undefined;
    root(() => {
      const task = useQuery("getTask", { id: 3 }, { client });
      ({ refetch } = task);
      $effect(() => {
        shown = task.error ? task.error.code : task.data?.title;
      });
    });
    await until(() => expect(shown).toBe("NOT_FOUND"));
    tasks.push({ id: 3, title: "Harvest" });
    await refetch?.();
    await until(() => expect(shown).toBe("Harvest"));
  });
});

describe("useInfiniteQuery", () => {
  it("goes on page by page, and is another list when $state in its arguments is another", async () => {
    const { pod, client, tasks } = setUp();
    let text = $state("");
    let shown: unknown;
    let more: (() => Promise<void>) | undefined;
    root(() => {
      const list = useInfiniteQuery("getPage", (after: number | null) => ({ text, after }), {
        client,
        getNextCursor: (page) => page.at(-1)?.id,
      });
      more = () => list.fetchNextPage();
      $effect(() => {
        shown = list.isLoading ? "loading" : list.pages?.map((page) => page.map(({ title }) => title).join());
      });
    });
    await until(() => expect(shown).toEqual(["Sow"]));
    await more?.();
    await until(() => expect(shown).toEqual(["Sow", "Water"]));
    tasks[1] = { id: 2, title: "Weed" };
    pod.write("tasks");
    await until(() => expect(shown).toEqual(["Sow", "Weed"]));
    const answer = pod.hold();
    text = "W";
    await settle();
    expect(shown).toBe("loading");
    answer();
    await until(() => expect(shown).toEqual(["Weed"]));
  });

  it("asks no page of one list with another's arguments", async () => {
    const { pod, client } = setUp();
    let text = $state("");
    let pages: unknown;
    let more: (() => Promise<void>) | undefined;
    root(() => {
      const list = useInfiniteQuery("getPage", (after: number | null) => ({ text, after }), {
        client,
        getNextCursor: (page) => page.at(-1)?.id,
      });
      more = () => list.fetchNextPage();
      $effect(() => {
        pages = list.pages?.map((page) => page.map(({ title }) => title).join());
      });
    });
    await until(() => expect(pages).toEqual(["Sow"]));
    await more?.();
    await until(() => expect(pages).toEqual(["Sow", "Water"]));
    // The first of two pages is on its way when the state changes from which the arguments of the second are made.
    const answer = pod.hold();
    pod.write("tasks");
    await until(() => expect(pod.calls).toHaveLength(3));
    text = "o";
    await settle();
    answer();
    await until(() => expect(pages).toEqual(["Sow"]));
    text = "";
    await until(() => expect(pages).toEqual(["Sow", "Water"]));
    expect(pod.calls).not.toContain('getPage {"text":"o","after":1}');
  });

  it("stays right for one of two that showed a list when the other has gone on to another", async () => {
    const { pod, client, tasks } = setUp();
    let text = $state("");
    let pages: unknown;
    root(() => {
      const options = { client, getNextCursor: () => null };
      const staying = useInfiniteQuery("getPage", (after: number | null) => ({ text: "", after }), options);
      const leaving = useInfiniteQuery("getPage", (after: number | null) => ({ text, after }), options);
      $effect(() => {
        // Read first, it is the one by whose arguments the list is fetched.
        void leaving.pages;
        pages = staying.pages?.map((page) => page.map(({ title }) => title).join());
      });
    });
    await until(() => expect(pages).toEqual(["Sow"]));
    text = "Mow";
    await settle();
    tasks[0] = { id: 1, title: "Weed" };
    pod.write("tasks");
    await until(() => expect(pages).toEqual(["Weed"]));
  });
});

describe("useMutation", () => {
  it("says that it is mutating, then what came of it", async () => {
    const { pod, client } = setUp();
    const shown: unknown[] = [];
    let add: ((args: { title: string }) => Promise<unknown>) | undefined;
    let forget: (() => void) | undefined;
    root(() => {
      const addTask = useMutation("addTask", { client });
      ({ trigger: add, reset: forget } = addTask);
      $effect(() => {
        shown.push(addTask.isMutating ? "adding" : (addTask.error?.code ?? addTask.data?.title ?? null));
      });
    });
    const answer = pod.hold();
    void add?.({ title: "Mow" });
    await until(() => expect(shown).toEqual([null, "adding"]));
    answer();
    await until(() => expect(shown).toEqual([null, "adding", "Mow"]));
    await expect(add?.({ title: "" })).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
    await until(() => expect(shown.at(-1)).toBe("INVALID_ARGUMENTS"));
    forget?.();
    await until(() => expect(shown.at(-1)).toBeNull());
  });

  it("sends $state as it is when it is triggered", async () => {
    const { pod, client } = setUp();
    const form = $state({ title: "Mow" });
    root(() => {
      const { trigger } = useMutation("addTask", { client });
      void trigger(form);
      form.title = "";
    });
    await until(() => expect(pod.calls).toEqual(['addTask {"title":"Mow"}']));
  });

  it("goes by its options as they are when it is triggered", async () => {
    const { client } = setUp();
    let name = $state("first");
    const heard: string[] = [];
    let add: ((args: { title: string }) => Promise<unknown>) | undefined;
    root(() => {
      const options = () => {
        const now = name;
        return { client, onSuccess: () => void heard.push(now) };
      };
      add = useMutation("addTask", options).trigger;
    });
    await add?.({ title: "Mow" });
    name = "second";
    await add?.({ title: "Rake" });
    expect(heard).toEqual(["first", "second"]);
  });
});

describe("useStatus", () => {
  it("follows the socket", async () => {
    const { pod, client } = setUp();
    const shown: string[] = [];
    root(() => {
      const status = useStatus({ client });
      const tasks = useQuery("getTasks", undefined, { client });
      $effect(() => {
        shown.push(status.current);
      });
      $effect(() => {
        void tasks.data;
      });
    });
    await until(() => expect(shown).toEqual(["connecting", "connected"]));
    pod.cut();
    await until(() => expect(shown.at(-1)).toBe("disconnected"));
    pod.open();
    await until(() => expect(shown.at(-1)).toBe("connected"));
  });
});

describe("without a component", () => {
  it.each([
    ["useQuery", () => useQuery("getTasks")],
    ["useInfiniteQuery", () => useInfiniteQuery("getTasks", () => undefined, { getNextCursor: () => null })],
    ["useMutation", () => useMutation("addTask")],
    ["useStatus", () => useStatus()],
  ])("%s says what is missing and the way out", (name, use) => {
    expect(use).toThrow(`${name} found no component. Call it while one initialises, or give it a client: { client }.`);
  });
});
