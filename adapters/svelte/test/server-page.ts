/** Renders a page with Svelte's server build, which no test that runs in a browser's place could. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { createServer } from "vite";
import type { TestProject } from "vitest/node";
import type { renderPage } from "./page/render.ts";

declare module "vitest" {
  interface ProvidedContext {
    page: Awaited<ReturnType<typeof renderPage>>;
  }
}

export default async function renderOnServer(project: TestProject): Promise<void> {
  const server = await createServer({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "error",
    appType: "custom",
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    plugins: [svelte({ configFile: false })],
  });
  const { renderPage: render } = (await server.ssrLoadModule("./page/render.ts")) as { renderPage: typeof renderPage };
  project.provide("page", await render());
  await server.close();
}
