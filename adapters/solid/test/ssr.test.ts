import { runInThisContext } from "node:vm";
import { hydrate } from "solid-js/web";
import solid from "vite-plugin-solid";
import { createServer } from "vite";
import type { ViteDevServer } from "vite";
import { createComponent } from "solid-js";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { FakePod } from "@edgepod/conformance";
import { EdgePodError, createClient, createQueryObserver } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import { App, Careful } from "./app.tsx";
import type * as onServer from "./app.tsx";
import type * as functions from "./functions.ts";
import type { Task } from "./functions.ts";

let vite: ViteDevServer;
let server: typeof onServer;

// The same page, compiled for a server and with the server's Solid.
beforeAll(async () => {
  vite = await createServer({
    configFile: false,
    root: `${import.meta.dirname}/..`,
    appType: "custom",
    logLevel: "error",
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [solid({ ssr: true, hot: false, dev: false })],
  });
  server = (await vite.ssrLoadModule("/test/app.tsx")) as typeof onServer;
});
afterAll(() => vite.close());

function setUp() {
  const tasks: Task[] = [
    { id: 1, title: "Sow" },
    { id: 2, title: "Water" },
  ];
  let failures = 0;
  const fail = (times: number) => {
    failures = times;
  };
  const pod = new FakePod({
    getTasks: () => {
      if ((failures -= 1) >= 0) throw new EdgePodError("NOT_FOUND", "Not yet.");
      return { data: tasks, reads: ["tasks"] };
    },
    getNotes: () => ({ data: ["Hello"], reads: ["notes"] }),
  });
  const connect = (): Client<typeof functions> => {
    const client = createClient<typeof functions>({ url: "https://pod.test", apiKey: "ep_pk_test", transport: pod });
    onTestFinished(() => {
      client.close();
    });
    return client;
  };
  return { pod, tasks, connect, fail };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Puts a piece of a page into the document and runs its scripts, as a browser does. */
function arrive(container: HTMLElement, html: string): void {
  container.insertAdjacentHTML("beforeend", html.replaceAll(/<script[^>]*>.*?<\/script>/gs, ""));
  for (const [, code = ""] of html.matchAll(/<script[^>]*>(.*?)<\/script>/gs)) runInThisContext(code);
  // A browser only logs a failure that Solid sends and that nobody waits for; Vitest would take it for its own.
  runInThisContext("for (const sent of Object.values(_$HY.r)) sent?.catch?.(() => undefined)");
}

function open(): HTMLElement {
  const container = document.body.appendChild(document.createElement("div"));
  runInThisContext("delete globalThis._$HY; delete globalThis.$R");
  for (const [, code = ""] of server.generateHydrationScript().matchAll(/<script[^>]*>(.*?)<\/script>/gs))
    runInThisContext(code);
  onTestFinished(() => {
    container.remove();
  });
  return container;
}

function goOn(container: HTMLElement, client: Client<typeof functions>, Page = App): void {
  const dispose = hydrate(() => createComponent(Page, { client }), container);
  onTestFinished(dispose);
}

describe("a page from a server", () => {
  it("is whole, and is taken over as it is, without a second request", async () => {
    const { pod, connect } = setUp();
    const container = open();
    arrive(container, await server.page(connect()));
    expect(container.textContent).toBe("SowWater2ready2");
    expect(pod.calls).toEqual(["getTasks"]);
    const rows = [...container.querySelectorAll("li")];

    goOn(container, connect());
    expect(container.textContent).toBe("SowWater2ready2");
    await settle();
    expect([...container.querySelectorAll("li")]).toEqual(rows);
    expect(pod.calls).toEqual(["getTasks"]);
  });

  it("is watched from then on", async () => {
    const { pod, tasks, connect } = setUp();
    const container = open();
    arrive(container, await server.page(connect()));
    goOn(container, connect());
    await settle();
    tasks.push({ id: 3, title: "Harvest" });
    pod.write("tasks");
    await settle();
    expect(container.textContent).toBe("SowWaterHarvest3ready3");
    expect(pod.calls).toEqual(["getTasks", "getTasks"]);
  });

  it("hears of what was written while it was on its way", async () => {
    const { pod, tasks, connect } = setUp();
    const container = open();
    const html = await server.page(connect());
    tasks.length = 1;
    pod.write("tasks");
    arrive(container, html);
    goOn(container, connect());
    expect(container.textContent).toBe("SowWater2ready2");
    await settle();
    await settle();
    expect(container.textContent).toBe("Sow1ready1");
  });

  it("may come in pieces, the later ones when the browser is connected already", async () => {
    const { pod, tasks, connect } = setUp();
    const container = open();
    const answer = pod.hold();
    const ended = server.stream(connect(), (html) => {
      arrive(container, html);
    });
    await settle();
    expect(container.textContent).toContain("Loading");
    const client = connect();
    onTestFinished(createQueryObserver(client, "getNotes", undefined).subscribe(() => undefined));
    goOn(container, client);
    await settle();
    expect(client.status).toBe("connected");
    answer();
    await ended;
    await settle();
    expect(container.textContent).toBe("SowWater2ready2");
    expect(pod.calls).toEqual(["getTasks", "getNotes"]);
    tasks.push({ id: 3, title: "Harvest" });
    pod.write("tasks");
    await settle();
    expect(container.textContent).toBe("SowWaterHarvest3ready3");
  });

  it("leaves to the browser what the server failed to fetch, at once or in a stream", async () => {
    const { connect, fail } = setUp();
    const whole = open();
    fail(1);
    arrive(whole, await server.page(connect(), server.Careful));
    goOn(whole, connect(), Careful);
    await settle();
    await settle();
    expect(whole.textContent).toBe("ready22");
    whole.remove();

    const { pod, ...late } = setUp();
    const inPieces = open();
    late.fail(1);
    const answer = pod.hold();
    const ended = server.stream(late.connect(), (html) => arrive(inPieces, html), server.Careful);
    await settle();
    goOn(inPieces, late.connect(), Careful);
    answer();
    await ended;
    await settle();
    await settle();
    expect(inPieces.textContent).toBe("ready22");
  });
});
