import { Suspense, createSSRApp, defineComponent, h, nextTick, ref } from "vue";
import type { App } from "vue";
import { renderToNodeStream, renderToString, renderToWebStream } from "vue/server-renderer";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { dehydrate, hydrate } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import { createEdgePod, skip, useInfiniteQuery, useMutation, useQuery, useStatus } from "@edgepod/vue";
import type * as functions from "./functions.ts";
import { createGarden, settle, until } from "./garden.ts";

const Title = defineComponent({
  props: { id: { type: Number, required: true } },
  setup(props) {
    const { data, isFetching } = useQuery("getTask", () => ({ id: props.id }));
    return () => h("b", `${data.value?.title ?? "Nothing"}${isFetching.value ? "…" : ""}`);
  },
});

/** Everything that a page may use; its rows ask for more once the list is there. */
const Board = defineComponent(() => {
  const { data, isLoading } = useQuery("getTasks");
  const unasked = useQuery("getTask", skip);
  const later = useQuery("getNotes", undefined, { enabled: false });
  const { pages } = useInfiniteQuery("getPage", (after: number | null) => ({ text: "", after }), {
    getNextCursor: (page) => page.at(-1)?.id,
  });
  const { isMutating } = useMutation("addTask");
  const status = useStatus();
  return () =>
    h("div", [
      isLoading.value ? "Loading" : data.value?.map(({ id }) => h(Title, { id })),
      h("i", [!unasked.data.value, !later.data.value, isMutating.value, status.value].join()),
      h(
        "u",
        pages.value?.flat().map(({ title }) => title),
      ),
    ]);
});

const HTML = "<div><!--[--><b>Sow</b><b>Water</b><!--]--><i>true,true,false,connecting</i><u>Sow</u></div>";

const appOf = (client: Client<typeof functions>, root = Board): App =>
  createSSRApp(root).use(createEdgePod({ client }));

const textOf = async (stream: AsyncIterable<unknown>): Promise<string> => {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) text += typeof chunk === "string" ? chunk : decoder.decode(chunk as Uint8Array);
  return text;
};

/** The page that a server sends, opened in a browser. */
async function open(html: string, state: string, client: Client<typeof functions>, root = Board) {
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = html;
  const first = container.firstElementChild;
  hydrate(client, JSON.parse(state) as ReturnType<typeof dehydrate>);
  const app = appOf(client, root);
  onTestFinished(() => {
    app.unmount();
    container.remove();
  });
  app.mount(container);
  await nextTick();
  return { container, wasKept: () => container.firstElementChild === first };
}

describe("on a server", () => {
  it("rendering waits for the answers, asks each query once, and subscribes to nothing", async () => {
    const { pod, connect } = createGarden();
    const client = connect();
    const connected = vi.spyOn(pod, "connect");
    expect(await renderToString(appOf(client))).toBe(HTML);
    expect(pod.calls.toSorted()).toEqual([
      'getPage {"text":"","after":null}',
      'getTask {"id":1}',
      'getTask {"id":2}',
      "getTasks",
    ]);
    expect(connected).not.toHaveBeenCalled();
    const queries = client.queryClient.getQueryCache().getAll();
    expect(queries.map((query) => query.getObserversCount()).every((count) => count === 0)).toBe(true);
  });

  it("asks nothing that has been prefetched", async () => {
    const { pod, connect } = createGarden();
    const client = connect();
    await client.prefetch("getTask", { id: 1 });
    const root = defineComponent(() => () => [h(Title, { id: 1 }), h(Title, { id: 1 })]);
    expect(await renderToString(appOf(client, root))).toBe("<!--[--><b>Sow</b><b>Sow</b><!--]-->");
    expect(pod.calls).toEqual(['getTask {"id":1}']);
  });

  it("streams, to the web and to Node", async () => {
    const { connect } = createGarden();
    expect(await textOf(renderToWebStream(appOf(connect())) as AsyncIterable<unknown> & ReadableStream)).toBe(HTML);
    expect(await textOf(renderToNodeStream(appOf(connect())))).toBe(HTML);
  });

  it("may be awaited in an async setup, with one request", async () => {
    const { pod, connect } = createGarden();
    const Slow = defineComponent(async () => {
      const { data } = await useQuery("getTasks");
      const count = data.value?.length;
      return () => h("p", `${count} tasks`);
    });
    expect(await renderToString(appOf(connect(), Slow))).toBe("<p>2 tasks</p>");
    expect(pod.calls).toEqual(["getTasks"]);
  });

  it("a query that fails is left to the browser, which asks it again", async () => {
    const { pod, tasks, connect } = createGarden();
    const server = connect();
    const root = defineComponent(() => () => h(Title, { id: 3 }));
    const html = await renderToString(appOf(server, root));
    expect(html).toBe("<b>Nothing…</b>");
    tasks.push({ id: 3, title: "Mow" });
    const { container, wasKept } = await open(html, JSON.stringify(dehydrate(server)), connect(), root);
    expect(wasKept()).toBe(true);
    await until(() => expect(container.innerHTML).toBe("<b>Mow</b>"));
    expect(pod.calls).toEqual(['getTask {"id":3}', 'getTask {"id":3}']);
  });

  it("waits for the answer where a placeholder could stand in for it", async () => {
    const { connect } = createGarden();
    const Placeheld = defineComponent(() => {
      const { data } = useQuery("getTasks", undefined, { placeholderData: [] });
      return () => h("p", `${data.value?.length} tasks`);
    });
    expect(await renderToString(appOf(connect(), Placeheld))).toBe("<p>2 tasks</p>");
  });
});

describe("in the browser, afterwards", () => {
  it("the page is taken over as it is, nothing is asked again, and it stays right", async () => {
    const warned = vi.spyOn(console, "warn");
    const failed = vi.spyOn(console, "error");
    const { pod, tasks, connect } = createGarden();
    const server = connect();
    const html = await renderToString(appOf(server));
    const state = JSON.stringify(dehydrate(server));
    pod.calls.length = 0;
    const { container, wasKept } = await open(html, state, connect());
    expect([container.innerHTML, wasKept()]).toEqual([HTML, true]);
    await until(() => expect(container.textContent).toContain("connected"));
    expect(pod.calls).toEqual([]);
    expect(warned).not.toHaveBeenCalled();
    expect(failed).not.toHaveBeenCalled();
    tasks[0] = { id: 1, title: "Mow" };
    pod.write("tasks");
    await until(() => expect(container.textContent).toBe("MowWatertrue,true,false,connectedMow"));
  });

  it("what was written since the page was made is asked for", async () => {
    const { pod, tasks, connect } = createGarden();
    const server = connect();
    const root = defineComponent(() => () => h(Title, { id: 1 }));
    const html = await renderToString(appOf(server, root));
    const state = JSON.stringify(dehydrate(server));
    tasks[0] = { id: 1, title: "Mow" };
    pod.write("tasks");
    const { container } = await open(html, state, connect(), root);
    expect(container.textContent).toBe("Sow");
    await until(() => expect(container.textContent).toBe("Mow"));
  });

  it("nothing is asked again of a page that was made a minute ago", async () => {
    const { pod, connect } = createGarden();
    const server = connect();
    const root = defineComponent(() => () => h(Title, { id: 1 }));
    const html = await renderToString(appOf(server, root));
    const state = JSON.stringify(dehydrate(server));
    pod.calls.length = 0;
    const now = Date.now();
    vi.spyOn(Date, "now").mockImplementation(() => now + 60_000);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const { container } = await open(html, state, connect(), root);
    await settle();
    expect([container.textContent, pod.calls]).toEqual(["Sow", []]);
  });

  it("an async setup goes on with what is there", async () => {
    const { pod, connect } = createGarden();
    const id = ref(1);
    const Slow = defineComponent(async () => {
      const { data } = await useQuery("getTask", () => ({ id: id.value }));
      return () => h("p", data.value?.title);
    });
    const server = connect();
    const root = defineComponent(() => () => h(Suspense, null, { default: () => h(Slow) }));
    const html = await renderToString(appOf(server, root));
    const state = JSON.stringify(dehydrate(server));
    pod.calls.length = 0;
    const { container, wasKept } = await open(html, state, connect(), root);
    await settle();
    expect([container.innerHTML, wasKept(), pod.calls]).toEqual(["<p>Sow</p>", true, []]);
    id.value = 2;
    await until(() => expect(container.innerHTML).toBe("<p>Water</p>"));
  });
});
