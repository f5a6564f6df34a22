// What the compiler accepts and refuses. Checked by `tsc -b`; never run.
import { expectTypeOf } from "vitest";
import { createClient } from "@edgepod/core";
import type { EdgePodError, Status } from "@edgepod/core";
import { EdgePodProvider, useClient, useMutation, useQuery, useStatus, useSuspenseQuery } from "@edgepod/react";
import type * as functions from "./functions.ts";
import type { Task } from "./functions.ts";

export function Queries() {
  const tasks = useQuery("getTasks");
  expectTypeOf(tasks.data).toEqualTypeOf<Task[] | undefined>();
  expectTypeOf(tasks.error).toEqualTypeOf<EdgePodError | null>();
  expectTypeOf(tasks.isLoading).toEqualTypeOf<boolean>();
  expectTypeOf(tasks.isFetching).toEqualTypeOf<boolean>();
  expectTypeOf(tasks.refetch).toEqualTypeOf<() => Promise<void>>();
  // A function that isn't async answers like one that is.
  expectTypeOf(useQuery("getNotes").data).toEqualTypeOf<string[] | undefined>();
  expectTypeOf(useQuery("getTask", { id: 1 }).data).toEqualTypeOf<Task | undefined>();

  useQuery("getTasks", undefined, { enabled: false });
  useQuery("getTask", { id: 1 }, { enabled: false });
  useQuery("findTasks");
  useQuery("findTasks", { text: "a" });
  useQuery("findTasks", undefined, { enabled: false });

  // @ts-expect-error no such function
  useQuery("getTask s");
  // @ts-expect-error its argument is missing
  useQuery("getTask");
  // @ts-expect-error its argument is missing, options or not
  useQuery("getTask", undefined, { enabled: false });
  // @ts-expect-error an id is a number
  useQuery("getTask", { id: "1" });
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
  return <p>{tasks.data?.[0]?.name}</p>;
}

export function Mutations() {
  const addTask = useMutation("addTask");
  expectTypeOf(addTask.trigger).toEqualTypeOf<(args: { title: string }) => Promise<Task>>();
  expectTypeOf(addTask.isMutating).toEqualTypeOf<boolean>();
  expectTypeOf(addTask.data).toEqualTypeOf<Task | undefined>();
  expectTypeOf(addTask.error).toEqualTypeOf<EdgePodError | null>();
  expectTypeOf(addTask.reset).toEqualTypeOf<() => void>();
  const clearTasks = useMutation("clearTasks");
  expectTypeOf(clearTasks.trigger).toEqualTypeOf<() => Promise<number>>();
  expectTypeOf(useMutation("archive").trigger).toEqualTypeOf<(args: { id: number }) => Promise<void>>();

  // @ts-expect-error no such function
  useMutation("addTasks");
  // @ts-expect-error its argument is missing
  void addTask.trigger();
  // @ts-expect-error a title is a string
  void addTask.trigger({ title: 1 });
  // @ts-expect-error it takes no arguments
  void clearTasks.trigger({ id: 1 });
  return null;
}

export function Others() {
  expectTypeOf(useStatus()).toEqualTypeOf<Status>();
  const client = useClient();
  expectTypeOf(client.query("getTask", { id: 1 })).toEqualTypeOf<Promise<Task>>();
  // @ts-expect-error no such function
  void client.query("getTaskes");
  return null;
}

const options = { url: "https://example.com", apiKey: "ep_pk_test" };

export const accepted = <EdgePodProvider client={createClient<typeof functions>(options)} />;
// @ts-expect-error no client
export const missing = <EdgePodProvider />;

export function Suspended() {
  expectTypeOf(useSuspenseQuery("getTasks").data).toEqualTypeOf<Task[]>();
  expectTypeOf(useSuspenseQuery("getTask", { id: 1 }).data).toEqualTypeOf<Task>();
  expectTypeOf(useSuspenseQuery("getTasks").error).toEqualTypeOf<EdgePodError | null>();
  const { data } = useSuspenseQuery("getTask", { id: 1 }, { select: ({ title }) => title });
  expectTypeOf(data).toEqualTypeOf<string>();
  useSuspenseQuery("findTasks");

  // @ts-expect-error its argument is missing
  useSuspenseQuery("getTask");
  // @ts-expect-error it always asks
  useSuspenseQuery("getTasks", undefined, { enabled: false });
  // @ts-expect-error a mutation is nothing to look at
  useSuspenseQuery("archive", { id: 1 });
}
