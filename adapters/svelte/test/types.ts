// What the compiler accepts and refuses. Checked by `tsc -b`; never run.
import { expectTypeOf } from "vitest";
import { createClient } from "@edgepod/core";
import type { EdgePodError, Status } from "@edgepod/core";
import { setEdgePodClient, skip, useClient, useInfiniteQuery, useMutation, useQuery, useStatus } from "@edgepod/svelte";
import type * as functions from "./functions.ts";
import type { Task } from "./functions.ts";

export function queries(id: number): void {
  const tasks = useQuery("getTasks");
  expectTypeOf(tasks.data).toEqualTypeOf<Task[] | undefined>();
  expectTypeOf(tasks.error).toEqualTypeOf<EdgePodError | null>();
  expectTypeOf(tasks.isLoading).toEqualTypeOf<boolean>();
  expectTypeOf(tasks.isFetching).toEqualTypeOf<boolean>();
  expectTypeOf(tasks.isPlaceholderData).toEqualTypeOf<boolean>();
  expectTypeOf(tasks.refetch).toEqualTypeOf<() => Promise<void>>();
  // A function that isn't async answers like one that is.
  expectTypeOf(useQuery("getNotes").data).toEqualTypeOf<string[] | undefined>();
  expectTypeOf(useQuery("getTask", { id: 1 }).data).toEqualTypeOf<Task | undefined>();
  expectTypeOf(useQuery("getTask", () => ({ id })).data).toEqualTypeOf<Task | undefined>();
  expectTypeOf(useQuery("getTask", () => (id > 0 ? { id } : skip)).data).toEqualTypeOf<Task | undefined>();

  useQuery("getTask", skip);
  useQuery("getTasks", undefined, { enabled: false });
  useQuery("getTasks", undefined, () => ({ enabled: id > 0 }));
  useQuery("getTask", { id: 1 }, { enabled: false, keepPreviousData: true, placeholderData: { id: 1, title: "" } });
  useQuery("findTasks");
  useQuery("findTasks", { text: "a" });
  useQuery("findTasks", () => undefined);
  useQuery("findTasks", undefined, { enabled: false });

  expectTypeOf(useQuery("getTasks", undefined, { select: (all) => all.length }).data).toEqualTypeOf<
    number | undefined
  >();
  const byGetters = useQuery(
    "getTask",
    () => ({ id }),
    () => ({ select: (task) => task.title }),
  );
  expectTypeOf(byGetters.data).toEqualTypeOf<string | undefined>();

  // @ts-expect-error no such function
  useQuery("getTask s");
  // @ts-expect-error its argument is missing
  useQuery("getTask");
  // @ts-expect-error its argument is missing, options or not
  useQuery("getTask", undefined, { enabled: false });
  // @ts-expect-error a getter that may have none
  useQuery("getTask", () => (id > 0 ? { id } : undefined));
  // @ts-expect-error an id is a number
  useQuery("getTask", { id: "1" });
  // @ts-expect-error an id is a number, by a getter too
  useQuery("getTask", () => ({ id: "1" }));
  // @ts-expect-error no such member
  useQuery("getTask", { id: 1, name: "a" });
  // @ts-expect-error it takes no arguments
  useQuery("getTasks", { id: 1 });
  // @ts-expect-error no such option
  useQuery("getTasks", undefined, { enable: false });
  // @ts-expect-error pinned as a mutation
  useQuery("archive", { id: 1 });
  // @ts-expect-error a helper, whose first parameter isn't a context
  useQuery("formatTask");
  // @ts-expect-error no such column
  useQuery("getTasks", undefined, { select: (all) => typeof all[0]?.name });
  // @ts-expect-error no such column
  void tasks.data?.[0]?.name;
  // @ts-expect-error what is shown isn't set
  tasks.data = [];
}

export function lists(text: string): void {
  const list = useInfiniteQuery("getPage", (after: number | null) => ({ text, after }), {
    getNextCursor: (page) => page.at(-1)?.id,
  });
  expectTypeOf(list.pages).toEqualTypeOf<readonly Task[][] | undefined>();
  expectTypeOf(list.fetchNextPage).toEqualTypeOf<() => Promise<void>>();
  useInfiniteQuery(
    "getPage",
    (after: number | null) => ({ text, after }),
    () => ({ getNextCursor: (page) => page.at(-1)?.id, enabled: text !== "" }),
  );

  // @ts-expect-error a page's arguments lack the text
  useInfiniteQuery("getPage", (after: number | null) => ({ after }), { getNextCursor: () => null });
  // @ts-expect-error where does it go on?
  useInfiniteQuery("getPage", (after: number | null) => ({ text, after }), {});
  // @ts-expect-error a cursor is a number
  useInfiniteQuery("getPage", (after: number | null) => ({ text, after }), { getNextCursor: () => "next" });
}

export function mutations(): void {
  const addTask = useMutation("addTask");
  expectTypeOf(addTask.trigger).toEqualTypeOf<(args: { title: string }) => Promise<Task>>();
  expectTypeOf(addTask.isMutating).toEqualTypeOf<boolean>();
  expectTypeOf(addTask.data).toEqualTypeOf<Task | undefined>();
  expectTypeOf(addTask.error).toEqualTypeOf<EdgePodError | null>();
  expectTypeOf(addTask.reset).toEqualTypeOf<() => void>();
  const clearTasks = useMutation("clearTasks");
  expectTypeOf(clearTasks.trigger).toEqualTypeOf<() => Promise<number>>();
  expectTypeOf(useMutation("archive").trigger).toEqualTypeOf<(args: { id: number }) => Promise<void>>();
  useMutation("addTask", () => ({
    optimistic: ({ update }, { title }) => {
      update("getTasks", (tasks) => [...tasks, { id: -1, title }]);
    },
    onSuccess: (task) => {
      expectTypeOf(task).toEqualTypeOf<Task>();
    },
  }));

  // @ts-expect-error no such function
  useMutation("addTasks");
  // @ts-expect-error its argument is missing
  void addTask.trigger();
  // @ts-expect-error a title is a string
  void addTask.trigger({ title: 1 });
  // @ts-expect-error it takes no arguments
  void clearTasks.trigger({ id: 1 });
  // @ts-expect-error a task has a title
  useMutation("addTask", { optimistic: ({ update }) => update("getTasks", (tasks) => [...tasks, { id: -1 }]) });
}

export function others(): void {
  expectTypeOf(useStatus().current).toEqualTypeOf<Status>();
  const client = useClient();
  expectTypeOf(client.query("getTask", { id: 1 })).toEqualTypeOf<Promise<Task>>();
  // @ts-expect-error no such function
  void client.query("getTaskes");

  setEdgePodClient(createClient<typeof functions>({ url: "https://example.com", apiKey: "ep_pk_test" }));
  // @ts-expect-error no client
  setEdgePodClient();
  // @ts-expect-error a client of other functions
  setEdgePodClient(createClient<{ getTasks: () => number }>({ url: "https://example.com", apiKey: "ep_pk_test" }));
}
