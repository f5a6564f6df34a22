/** A pod with two tasks, and clients of it. */
import { onTestFinished } from "vitest";
import { EdgePodError, createClient } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import { FakePod } from "@edgepod/conformance";
import type * as functions from "./functions.ts";
import type { Task } from "./functions.ts";

export interface Garden {
  readonly pod: FakePod;
  readonly tasks: Task[];
  /** Another client, of whoever `user` is when it asks. */
  readonly connect: () => Client<typeof functions>;
  user: string;
}

export function plant(): Garden {
  const tasks: Task[] = [
    { id: 1, title: "Sow" },
    { id: 2, title: "Water" },
  ];
  const pod = new FakePod({
    getTasks: () => ({ data: [...tasks], reads: ["tasks"] }),
    getTask: ({ id }: { id: number }) => {
      const data = tasks.find((task) => task.id === id);
      const failure = new EdgePodError("NOT_FOUND", `No task ${id}.`);
      return data ? { data, reads: ["tasks"] } : { failure, reads: ["tasks"] };
    },
    getNotes: (_: never, token: string | null) => ({ data: [`Of ${token}`], reads: ["notes"] }),
  });
  const garden: Garden = {
    pod,
    tasks,
    user: "Ada",
    connect: () => {
      const client = createClient<typeof functions>({
        url: "https://pod.test",
        apiKey: "ep_pk_test",
        transport: pod,
        getToken: () => garden.user,
      });
      onTestFinished(() => {
        client.close();
      });
      return client;
    },
  };
  return garden;
}
