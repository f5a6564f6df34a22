// What the compiler accepts and refuses. Checked by `tsc -b`; never run.
import { computed, h, ref } from "vue";
import type { ComputedRef } from "vue";
import { expectTypeOf } from "vitest";
import { createClient } from "@edgepod/core";
import type { EdgePodError, Status } from "@edgepod/core";
import {
  EdgePodProvider,
  createEdgePod,
  skip,
  useClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useStatus,
} from "@edgepod/vue";
import type * as functions from "./functions.ts";
import type { Task } from "./functions.ts";

export async function queries() {
  const tasks = useQuery("getTasks");
  expectTypeOf(tasks.data).toEqualTypeOf<ComputedRef<Task[] | undefined>>();
  expectTypeOf(tasks.error).toEqualTypeOf<ComputedRef<EdgePodError | null>>();
  expectTypeOf(tasks.isLoading).toEqualTypeOf<ComputedRef<boolean>>();
  expectTypeOf(tasks.isFetching).toEqualTypeOf<ComputedRef<boolean>>();
  expectTypeOf(tasks.isPlaceholderData).toEqualTypeOf<ComputedRef<boolean>>();
  expectTypeOf(tasks.refetch).toEqualTypeOf<() => Promise<void>>();
  // A function that isn't async answers like one that is.
  expectTypeOf(useQuery("getNotes").data.value).toEqualTypeOf<string[] | undefined>();
  expectTypeOf(useQuery("getTask", { id: 1 }).data.value).toEqualTypeOf<Task | undefined>();
  expectTypeOf((await useQuery("getTask", { id: 1 })).data.value).toEqualTypeOf<Task | undefined>();

  const [{ data: some }, { data: notes }] = await Promise.all([useQuery("getTasks"), useQuery("getNotes")]);
  expectTypeOf([some.value, notes.value] as const).toEqualTypeOf<readonly [Task[] | undefined, string[] | undefined]>();

  const id = ref<number | null>(1);
  useQuery("getTask", ref({ id: 1 }));
  useQuery(
    "getTask",
    computed(() => ({ id: 1 })),
  );
  useQuery("getTask", () => ({ id: 1 }));
  useQuery("getTask", skip);
  useQuery("getTask", () => (id.value === null ? skip : { id: id.value }));
  useQuery("getTasks", undefined, { enabled: false });
  useQuery("getTasks", undefined, { enabled: ref(false) });
  useQuery("getTasks", undefined, () => ({ enabled: id.value !== null }));
  useQuery("getTask", { id: 1 }, { enabled: () => id.value !== null, placeholderData: { id: 0, title: "" } });
  useQuery("findTasks");
  useQuery("findTasks", { text: "a" });
  useQuery("findTasks", () => undefined, { enabled: false });

  const titles = useQuery("getTasks", undefined, { select: (all) => all.map(({ title }) => title) });
  expectTypeOf(titles.data.value).toEqualTypeOf<string[] | undefined>();
  const title = useQuery("getTask", () => ({ id: 1 }), { select: (task) => task.title, enabled: () => true });
  expectTypeOf(title.data.value).toEqualTypeOf<string | undefined>();
  const count = useQuery("findTasks", undefined, () => ({ select: (all) => all.length }));
  expectTypeOf(count.data.value).toEqualTypeOf<number | undefined>();

  // @ts-expect-error no such function
  useQuery("getTask s");
  // @ts-expect-error its argument is missing
  useQuery("getTask");
  // @ts-expect-error its argument is missing, options or not
  useQuery("getTask", undefined, { enabled: false });
  // @ts-expect-error its argument may not be missing for a while either: that is what skip is for
  useQuery("getTask", () => undefined);
  // @ts-expect-error an id is a number
  useQuery("getTask", { id: "1" });
  // @ts-expect-error an id is a number, also in a ref
  useQuery("getTask", ref({ id: "1" }));
  // @ts-expect-error an id is a number, also from a getter
  useQuery("getTask", () => ({ id: "1" }));
  // @ts-expect-error a ref is no number
  useQuery("getTask", { id });
  // @ts-expect-error no such member
  useQuery("getTask", { id: 1, text: "a" });
  // @ts-expect-error it takes no arguments
  useQuery("getTasks", { id: 1 });
  // @ts-expect-error no such option
  useQuery("getTasks", undefined, { enable: false });
  // @ts-expect-error a placeholder is shown as if it were the answer
  useQuery("getTasks", undefined, { placeholderData: "none" });
  // @ts-expect-error pinned as a mutation
  useQuery("archive", { id: 1 });
  // @ts-expect-error a helper, whose first parameter isn't a context
  useQuery("formatTask");
  // @ts-expect-error it is what the pod says
  tasks.data.value = [];
  // @ts-expect-error no such column
  void tasks.data.value?.[0]?.name;
}

export function lists() {
  const list = useInfiniteQuery("getPage", (after: number | null) => ({ text: "", after }), {
    getNextCursor: (page) => page.at(-1)?.id,
    enabled: ref(true),
  });
  expectTypeOf(list.pages.value).toEqualTypeOf<readonly Task[][] | undefined>();
  expectTypeOf(list.hasNextPage).toEqualTypeOf<ComputedRef<boolean>>();
  expectTypeOf(list.fetchNextPage).toEqualTypeOf<() => Promise<void>>();
  // @ts-expect-error nobody says where it goes on
  useInfiniteQuery("getPage", (after: number | null) => ({ text: "", after }));
  // @ts-expect-error its other argument is missing
  useInfiniteQuery("getPage", (after: number | null) => ({ after }), { getNextCursor: () => null });
  useInfiniteQuery("getPage", (after: number | null) => ({ text: "", after }), {
    // @ts-expect-error a cursor is a number
    getNextCursor: (page) => page.at(-1)?.title,
  });
}

export function mutations() {
  const addTask = useMutation("addTask");
  expectTypeOf(addTask.trigger).toEqualTypeOf<(args: { title: string }) => Promise<Task>>();
  expectTypeOf(addTask.isMutating).toEqualTypeOf<ComputedRef<boolean>>();
  expectTypeOf(addTask.data).toEqualTypeOf<ComputedRef<Task | undefined>>();
  expectTypeOf(addTask.error).toEqualTypeOf<ComputedRef<EdgePodError | null>>();
  expectTypeOf(addTask.reset).toEqualTypeOf<() => void>();
  const clearTasks = useMutation("clearTasks");
  expectTypeOf(clearTasks.trigger).toEqualTypeOf<() => Promise<number>>();
  expectTypeOf(useMutation("archive").trigger).toEqualTypeOf<(args: { id: number }) => Promise<void>>();
  useMutation("addTask", {
    optimistic: ({ update }, { title }) => {
      update("getTasks", (tasks) => [...tasks, { id: -1, title }]);
      // @ts-expect-error a task has a title
      update("getTasks", (tasks) => [...tasks, { id: -1 }]);
    },
    onSuccess: (task) => {
      expectTypeOf(task).toEqualTypeOf<Task>();
    },
  });

  // @ts-expect-error no such function
  useMutation("addTasks");
  // @ts-expect-error its argument is missing
  void addTask.trigger();
  // @ts-expect-error a title is a string
  void addTask.trigger({ title: 1 });
  // @ts-expect-error it takes no arguments
  void clearTasks.trigger({ id: 1 });
}

export function others() {
  expectTypeOf(useStatus()).toEqualTypeOf<ComputedRef<Status>>();
  const client = useClient();
  expectTypeOf(client.query("getTask", { id: 1 })).toEqualTypeOf<Promise<Task>>();
  // @ts-expect-error no such function
  void client.query("getTaskes");
}

const client = createClient<typeof functions>({ url: "https://example.com", apiKey: "ep_pk_test" });
createEdgePod({ client });
// @ts-expect-error no client
createEdgePod({});
h(EdgePodProvider, { client });
// @ts-expect-error no client
h(EdgePodProvider, {});
