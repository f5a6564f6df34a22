import {
  Fragment,
  Suspense,
  createApp,
  defineComponent,
  effectScope,
  h,
  isReactive,
  nextTick,
  reactive,
  ref,
  shallowRef,
  watchEffect,
} from "vue";
import { describe, expect, it } from "vitest";
import { dehydrate, hydrate } from "@edgepod/core";
import { EdgePodProvider, skip, useClient, useInfiniteQuery, useMutation, useQuery, useStatus } from "@edgepod/vue";
import type { Task } from "./functions.ts";
import { createGarden, mount, settle, until } from "./garden.ts";

const titles = (tasks: readonly Task[] | undefined) => tasks?.map(({ title }) => title).join(", ") ?? "Nothing";

const Tasks = defineComponent(() => {
  const { data } = useQuery("getTasks");
  return () => h("p", titles(data.value));
});

describe("the arguments of useQuery", () => {
  it("may be a ref, and the new query's state shows in the very turn in which it changes", async () => {
    const { pod, connect } = createGarden();
    const args = ref({ id: 1 });
    let read = (): unknown => null;
    const page = mount(
      connect(),
      defineComponent(() => {
        const { data, isLoading } = useQuery("getTask", args);
        read = () => [data.value, isLoading.value];
        return () => data.value?.title ?? "Loading";
      }),
    );
    await until(() => expect(page.text()).toBe("Sow"));
    args.value = { id: 2 };
    expect(read()).toEqual([undefined, true]);
    await nextTick();
    expect(page.text()).toBe("Loading");
    await until(() => expect(page.text()).toBe("Water"));
    // A member of it that changes is as good as a new one.
    args.value.id = 1;
    await until(() => expect(page.text()).toBe("Sow"));
    expect(pod.calls).toEqual(['getTask {"id":1}', 'getTask {"id":2}']);
  });

  it("may be a reactive object, and a query that others still look at keeps those that it was asked with", async () => {
    const { pod, tasks, connect } = createGarden();
    const filter = reactive({ text: "o" });
    const page = mount(
      connect(),
      defineComponent(() => {
        const [fixed, moving] = [useQuery("findTasks", { text: "o" }), useQuery("findTasks", filter)];
        return () => `${titles(fixed.data.value)} | ${titles(moving.data.value)}`;
      }),
    );
    await until(() => expect(page.text()).toBe("Sow | Sow"));
    filter.text = "W";
    await until(() => expect(page.text()).toBe("Sow | Water"));
    tasks.push({ id: 3, title: "Mow" });
    pod.write("tasks");
    await until(() => expect(page.text()).toBe("Sow, Mow | Water"));
  });

  it("are sent as they were when they were asked with", async () => {
    const { pod, connect } = createGarden();
    const filter = reactive({ text: "o" });
    const page = mount(
      connect(),
      defineComponent(() => {
        const { data } = useQuery("findTasks", filter);
        return () => titles(data.value);
      }),
    );
    filter.text = "W";
    await until(() => expect(page.text()).toBe("Water"));
    expect(pod.calls).toEqual(['findTasks {"text":"o"}', 'findTasks {"text":"W"}']);
  });

  it("may change to those of an answer that comes another way in the same turn", async () => {
    const { pod, connect } = createGarden();
    const [client, other] = [connect(), connect()];
    await other.prefetch("getTask", { id: 2 });
    const id = ref(1);
    let read = (): unknown => null;
    const page = mount(
      client,
      defineComponent(() => {
        const { data } = useQuery("getTask", () => ({ id: id.value }));
        read = () => data.value;
        return () => data.value?.title;
      }),
    );
    await until(() => expect(page.text()).toBe("Sow"));
    pod.hold();
    id.value = 2;
    expect(read()).toBeUndefined();
    hydrate(client, dehydrate(other));
    await nextTick();
    expect(page.text()).toBe("Water");
  });

  it("fetch once when two refs that a getter reads change together", async () => {
    const { pod, connect } = createGarden();
    const [before, after] = [ref("S"), ref("o")];
    const page = mount(
      connect(),
      defineComponent(() => {
        const { data } = useQuery("findTasks", () => ({ text: before.value + after.value }));
        return () => titles(data.value);
      }),
    );
    await until(() => expect(page.text()).toBe("Sow"));
    before.value = "W";
    after.value = "a";
    await until(() => expect(page.text()).toBe("Water"));
    expect(pod.calls).toEqual(['findTasks {"text":"So"}', 'findTasks {"text":"Wa"}']);
  });

  it("may be skip for a while", async () => {
    const { pod, connect } = createGarden();
    const id = ref<number | null>(null);
    const page = mount(
      connect(),
      defineComponent(() => {
        const { data, isLoading } = useQuery("getTask", () => (id.value === null ? skip : { id: id.value }));
        return () => (isLoading.value ? "Loading" : (data.value?.title ?? "Choose one"));
      }),
    );
    await settle();
    expect([page.text(), pod.calls]).toEqual(["Choose one", []]);
    id.value = 2;
    await until(() => expect(page.text()).toBe("Water"));
    id.value = null;
    await nextTick();
    expect(page.text()).toBe("Choose one");
  });
});

describe("the options of useQuery", () => {
  it("take a ref for enabled", async () => {
    const { pod, connect } = createGarden();
    const enabled = ref(false);
    const page = mount(
      connect(),
      defineComponent(() => {
        const { data } = useQuery("getTasks", undefined, { enabled });
        return () => titles(data.value);
      }),
    );
    await settle();
    expect([page.text(), pod.calls]).toEqual(["Nothing", []]);
    enabled.value = true;
    await until(() => expect(page.text()).toBe("Sow, Water"));
  });

  it("let select read a ref, and keep what it takes the same object while nothing in it has changed", async () => {
    const { pod, tasks, connect } = createGarden();
    const text = ref("o");
    const taken: unknown[] = [];
    const page = mount(
      connect(),
      defineComponent(() => {
        const { data } = useQuery("getTasks", undefined, {
          select: (all) => all.filter(({ title }) => title.includes(text.value)),
        });
        watchEffect(() => taken.push(data.value));
        return () => titles(data.value);
      }),
    );
    await until(() => expect(page.text()).toBe("Sow"));
    tasks[1] = { id: 2, title: "Drench" };
    pod.write("tasks");
    await until(() => expect(pod.calls).toHaveLength(2));
    await settle();
    expect(taken).toEqual([undefined, [{ id: 1, title: "Sow" }]]);
    text.value = "r";
    await until(() => expect(page.text()).toBe("Drench"));
    expect(pod.calls).toHaveLength(2);
  });

  it("keep the last arguments' answer where they say so, and say that it is no answer of these", async () => {
    const { connect } = createGarden();
    const id = ref(1);
    const page = mount(
      connect(),
      defineComponent(() => {
        const { data, isPlaceholderData } = useQuery("getTask", () => ({ id: id.value }), { keepPreviousData: true });
        return () => `${data.value?.title}${isPlaceholderData.value ? "…" : ""}`;
      }),
    );
    await until(() => expect(page.text()).toBe("Sow"));
    id.value = 2;
    await nextTick();
    expect(page.text()).toBe("Sow…");
    await until(() => expect(page.text()).toBe("Water"));
  });

  it("may change as a whole without anything being fetched for it", async () => {
    const { pod, connect } = createGarden();
    const isShort = ref(false);
    const page = mount(
      connect(),
      defineComponent(() => {
        const { data } = useQuery("getTask", { id: 1 }, () => ({
          select: isShort.value ? ({ title }: Task) => title.slice(0, 1) : ({ title }: Task) => title,
        }));
        return () => data.value ?? "Nothing";
      }),
    );
    await until(() => expect(page.text()).toBe("Sow"));
    // Without a socket whoever begins to look fetches.
    pod.cut();
    isShort.value = true;
    await nextTick();
    expect(page.text()).toBe("S");
    await settle();
    expect(pod.calls).toEqual(['getTask {"id":1}']);
  });
});

describe("what useQuery gives", () => {
  it("is the answer itself, which Vue doesn't make reactive all the way down", async () => {
    const { connect } = createGarden();
    let data: { readonly value: readonly Task[] | undefined } = ref();
    const page = mount(
      connect(),
      defineComponent(() => {
        data = useQuery("getTasks").data;
        return () => titles(data.value);
      }),
    );
    await until(() => expect(page.text()).toBe("Sow, Water"));
    expect([isReactive(data.value), isReactive(data.value?.[0])]).toEqual([false, false]);
  });

  it("renders again only what shows something that has changed", async () => {
    const { pod, tasks, connect } = createGarden();
    const renders = { data: 0, isFetching: 0 };
    const page = mount(
      connect(),
      defineComponent(() => {
        const { data, isFetching } = useQuery("getTasks");
        const Data = () => (renders.data++, titles(data.value));
        const Fetching = () => (renders.isFetching++, isFetching.value ? "…" : ".");
        return () => h(Fragment, [h(Data), h(Fetching)]);
      }),
    );
    await until(() => expect(page.text()).toBe("Sow, Water."));
    expect(renders).toEqual({ data: 2, isFetching: 2 });
    const answer = pod.hold();
    pod.write("tasks");
    await until(() => expect(page.text()).toBe("Sow, Water…"));
    answer();
    await until(() => expect(page.text()).toBe("Sow, Water."));
    expect(renders).toEqual({ data: 2, isFetching: 4 });
    tasks.length = 1;
    pod.write("tasks");
    await until(() => expect(page.text()).toBe("Sow."));
  });

  it("may be awaited in an async setup, below <Suspense>, with one request", async () => {
    const { pod, connect } = createGarden();
    const Slow = defineComponent(async () => {
      const [{ data }, notes] = await Promise.all([useQuery("getTasks"), useQuery("getNotes")]);
      const first = [data.value, notes.data.value];
      return () => h("p", `${titles(data.value)} (${JSON.stringify(first)})`);
    });
    const page = mount(connect(), () => h(Suspense, null, { default: () => h(Slow), fallback: () => "Waiting" }));
    expect(page.text()).toBe("Waiting");
    await until(() => expect(page.text()).toContain('Sow, Water ([[{"id":1,"title":"Sow"},'));
    expect(pod.calls).toEqual(["getTasks", "getNotes"]);
  });

  it("comes with its error where it is awaited and fails", async () => {
    const { connect } = createGarden();
    const Slow = defineComponent(async () => {
      const { error } = await useQuery("getTask", { id: 3 });
      return () => error.value?.code;
    });
    const page = mount(connect(), () => h(Suspense, null, { default: () => h(Slow) }));
    await until(() => expect(page.text()).toBe("NOT_FOUND"));
  });
});

describe("the end of it", () => {
  it("is that of the component", async () => {
    const { pod, connect } = createGarden();
    const client = connect();
    const isThere = ref(true);
    const page = mount(client, () => (isThere.value ? h(Tasks) : "Gone"));
    await until(() => expect(page.text()).toBe("Sow, Water"));
    isThere.value = false;
    await nextTick();
    pod.write("tasks");
    await settle();
    expect(pod.calls).toEqual(["getTasks"]);
    expect(client.queryClient.getQueryCache().getAll()[0]?.getObserversCount()).toBe(0);
  });

  it("is that of the effect scope, outside of any component", async () => {
    const { pod, connect } = createGarden();
    const client = connect();
    const { app } = mount(client, () => null);
    const scope = effectScope();
    const { query, status } = app.runWithContext(() =>
      scope.run(() => ({ query: useQuery("getTasks"), status: useStatus() }))!,
    );
    await until(() => expect(titles(query.data.value)).toBe("Sow, Water"));
    expect(status.value).toBe("connected");
    scope.stop();
    pod.write("tasks");
    await settle();
    expect(pod.calls).toEqual(["getTasks"]);
    expect(client.queryClient.getQueryCache().getAll()[0]?.getObserversCount()).toBe(0);
  });
});

describe("useInfiniteQuery", () => {
  const mountLists = (garden: ReturnType<typeof createGarden>, ...texts: { value: string }[]) =>
    mount(
      garden.connect(),
      defineComponent(() => {
        const lists = texts.map((text) =>
          useInfiniteQuery("getPage", (after: number | null) => ({ text: text.value, after }), {
            getNextCursor: (page) => page.at(-1)?.id,
          }),
        );
        const more = (): void => {
          for (const { fetchNextPage } of lists) void fetchNextPage();
        };
        return () => [
          lists.map(({ pages }) => titles(pages.value?.flat())).join(" | "),
          h("button", { onClick: more }, "+"),
        ];
      }),
    );

  it("is another list when the refs that its arguments read change", async () => {
    const garden = createGarden();
    const text = ref("");
    const page = mountLists(garden, text);
    await until(() => expect(page.text()).toBe("Sow+"));
    page.click("+");
    await until(() => expect(page.text()).toBe("Sow, Water+"));
    text.value = "W";
    await nextTick();
    expect(page.text()).toBe("Nothing+");
    await until(() => expect(page.text()).toBe("Water+"));
  });

  it("never puts the pages of the new list among those of the old one", async () => {
    const garden = createGarden();
    const text = ref("o");
    const page = mountLists(garden, text);
    await until(() => expect(page.text()).toBe("Sow+"));
    page.click("+");
    await until(() => expect(garden.pod.calls).toHaveLength(2));
    const answer = garden.pod.hold();
    garden.tasks.push({ id: 3, title: "Mow" });
    garden.pod.write("tasks");
    await until(() => expect(garden.pod.calls).toHaveLength(3));
    // While the old list's first page is on its way: its next ones would be asked with the new text.
    text.value = "W";
    await nextTick();
    answer();
    await until(() => expect(page.text()).toBe("Water+"));
    text.value = "o";
    await until(() => expect(page.text()).toBe("Sow, Mow+"));
    expect(garden.pod.calls.filter((call) => call.includes('"W"') && !call.includes("null"))).toEqual([]);
  });

  it("goes on for one component while another one that showed the same list is elsewhere", async () => {
    const garden = createGarden();
    const text = ref("o");
    const page = mountLists(garden, { value: "o" }, text);
    await until(() => expect(page.text()).toBe("Sow | Sow+"));
    text.value = "W";
    await until(() => expect(page.text()).toBe("Sow | Water+"));
    garden.tasks[0] = { id: 1, title: "Mow" };
    garden.pod.write("tasks");
    await until(() => expect(page.text()).toBe("Mow | Water+"));
  });
});

describe("useMutation", () => {
  it("has its callbacks from the options of the moment in which it is triggered", async () => {
    const { connect } = createGarden();
    const called: string[] = [];
    const name = ref("first");
    const page = mount(
      connect(),
      defineComponent(() => {
        const { trigger, isMutating, data, error } = useMutation("addTask", () => {
          const now = name.value;
          return { onSuccess: () => void called.push(now) };
        });
        const text = () => (isMutating.value ? "Adding" : (data.value?.title ?? error.value?.code ?? "Nothing yet"));
        return () => [text(), h("button", { onClick: () => void trigger({ title: "Mow" }) }, "Add")];
      }),
    );
    name.value = "second";
    page.click("Add");
    await nextTick();
    await until(() => expect(page.text()).toBe("MowAdd"));
    expect(called).toEqual(["second"]);
  });

  it("doesn't take the event for an argument when trigger is the handler itself", async () => {
    const { pod, connect } = createGarden();
    const page = mount(
      connect(),
      defineComponent(() => {
        const { trigger } = useMutation("clearTasks");
        return () => h("button", { onClick: trigger }, "Clear");
      }),
    );
    page.click("Clear");
    await until(() => expect(pod.calls).toEqual(["clearTasks"]));
  });
});

describe("the client", () => {
  it.each<[string, () => unknown]>([
    ["useQuery", () => useQuery("getTasks")],
    ["useInfiniteQuery", () => useInfiniteQuery("getPage", () => ({ text: "", after: null }), {} as never)],
    ["useMutation", () => useMutation("addTask")],
    ["useStatus", () => useStatus()],
    ["useClient", () => useClient()],
  ])("is missed by %s with an error that says the way out", (name, use) => {
    const wayOut = `${name} found no client. Install the plugin: app.use(createEdgePod({ client }))`;
    expect(use).toThrow(wayOut);
    expect(() => createApp({}).runWithContext(use)).toThrow(wayOut);
  });

  it("is that of the nearest provider, and everything below follows when it gives another one", async () => {
    const [home, first, second] = [createGarden(), createGarden(), createGarden()];
    first.tasks.length = 1;
    second.tasks.length = 0;
    second.tasks.push({ id: 7, title: "Prune" });
    // `ref` would make it reactive all the way down, and break its private fields.
    const client = ref(first.connect());
    const page = mount(home.connect(), () => [
      h(Tasks),
      h(EdgePodProvider, { client: client.value as never }, { default: () => h(Tasks) }),
    ]);
    await until(() => expect(page.text()).toBe("Sow, WaterSow"));
    client.value = second.connect();
    await until(() => expect(page.text()).toBe("Sow, WaterPrune"));
    expect(first.pod.calls).toEqual(["getTasks"]);
  });

  it("has no part in what another one shows, not even for keepPreviousData", async () => {
    const [first, second] = [createGarden(), createGarden()];
    const Kept = defineComponent(() => {
      const { data } = useQuery("getTasks", undefined, { keepPreviousData: true });
      return () => titles(data.value);
    });
    const client = shallowRef(first.connect());
    const page = mount(first.connect(), () => h(EdgePodProvider, { client: client.value }, { default: () => h(Kept) }));
    await until(() => expect(page.text()).toBe("Sow, Water"));
    second.pod.hold();
    client.value = second.connect();
    await nextTick();
    expect(page.text()).toBe("Nothing");
  });

  it("is what useClient gives, as it is", () => {
    const client = createGarden().connect();
    const { app } = mount(client, () => null);
    expect(app.runWithContext(useClient)).toBe(client);
  });
});

describe("useStatus", () => {
  it("follows the socket", async () => {
    const { pod, connect } = createGarden();
    const page = mount(
      connect(),
      defineComponent(() => {
        const status = useStatus();
        return () => [`${status.value}: `, h(Tasks)];
      }),
    );
    expect(page.text()).toBe("connecting: Nothing");
    await until(() => expect(page.text()).toBe("connected: Sow, Water"));
    pod.cut();
    await until(() => expect(page.text()).toBe("disconnected: Sow, Water"));
    pod.open();
    await until(() => expect(page.text()).toBe("connected: Sow, Water"));
  });
});
