/** What a server does for one request. Compiled for servers, and run in Node, by `server-page.ts`. */
import { render } from "svelte/server";
import { createClient, dehydrate } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import { FakePod } from "@edgepod/conformance";
import type * as functions from "../functions.ts";
import Layout from "./Layout.svelte";

const pod = new FakePod({
  getTasks: () => ({ data: [{ id: 1, title: "Sow" }], reads: ["tasks"] }),
  getTask: () => ({ data: { id: 1, title: "Sow" }, reads: ["tasks"] }),
});

function newClient(): Client<typeof functions> {
  return createClient<typeof functions>({ url: "https://pod.test", apiKey: "ep_pk_test", transport: pod });
}

export async function renderPage() {
  const loading = newClient();
  await loading.prefetch("getTasks");
  await loading.prefetch("getTask", { id: 1 });
  // Through JSON, as it is sent.
  const data = JSON.parse(JSON.stringify({ edgepod: dehydrate(loading) })) as { edgepod: ReturnType<typeof dehydrate> };
  loading.close();

  const client = newClient();
  const full = render(Layout, { props: { client, data } }).body;
  const blank = newClient();
  const empty = render(Layout, { props: { client: blank, data: { edgepod: dehydrate(blank) } } }).body;
  await new Promise((resolve) => setTimeout(resolve, 10));
  const observed = [client, blank].flatMap(({ queryClient }) => queryClient.getQueryCache().getAll());
  const page = {
    data,
    full,
    empty,
    calls: pod.calls,
    status: client.status,
    observers: observed.reduce((sum, query) => sum + query.getObserversCount(), 0),
  };
  client.close();
  blank.close();
  return page;
}
