import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";
import { brokenVariant } from "./scripts/broken-variants.ts";

// One project per package, each on the platform its code runs on. Node stands in for the browser only where no
// browser is involved; what a person sees is tested in Chromium by the playground.
export default defineConfig({
  test: {
    reporters: ["default", "./scripts/project-times.ts"],
    // The pod's own log is for those who run it; here it would only hide what the tests say.
    onConsoleLog: (log) => !log.startsWith('{"level":') && !log.startsWith("[edgepod] "),
    projects: [
      {
        test: { name: "core", root: "core", include: ["test/**/*.test.ts"], environment: "node" },
      },
      {
        test: { name: "scripts", root: "scripts", include: ["*.test.ts"], environment: "node" },
      },
      {
        test: { name: "cli", root: "cli", include: ["test/**/*.test.ts"], environment: "node" },
      },
      {
        test: { name: "docs", root: "docs", include: ["*.test.ts"], environment: "node" },
      },
      {
        // SQLite compiled to WebAssembly lets a test see what it is asked to authorize; workerd's doesn't.
        test: {
          name: "sql",
          root: "server",
          include: ["corpus/**/*.test.ts"],
          environment: "node",
          testTimeout: 120_000,
        },
      },
      {
        // superjson ships source maps without their sources, which Vite says of every file.
        logLevel: "error",
        plugins: [
          brokenVariant(),
          cloudflareTest({
            main: "./test/worker.ts",
            miniflare: {
              compatibilityDate: "2026-10-01",
              compatibilityFlags: ["nodejs_als"],
              bindings: {
                GREETING: "hello",
                FIT_RUNS: Number(process.env["EDGEPOD_FIT_RUNS"] ?? 300),
                FIT_SEED: Number(process.env["EDGEPOD_FIT_SEED"] ?? Date.now() % 1_000_000),
              },
              durableObjects: {
                POD: { className: "Pod", useSQLite: true },
                BARE: { className: "Bare", useSQLite: true },
              },
              // Miniflare would otherwise look up this machine's own `request.cf` on the network.
              cf: false,
            },
          }),
        ],
        test: { name: "server", root: "server", include: ["test/**/*.test.ts"] },
      },
      {
        logLevel: "error",
        plugins: [
          brokenVariant(),
          cloudflareTest({
            main: "./model/worker.ts",
            miniflare: {
              compatibilityDate: "2026-10-01",
              compatibilityFlags: ["nodejs_als"],
              bindings: {
                MODEL_RUNS: Number(process.env["EDGEPOD_MODEL_RUNS"] ?? 40),
                MODEL_SEED: Number(process.env["EDGEPOD_MODEL_SEED"] ?? 1),
                MODEL_SHRINK_MS: Number(process.env["EDGEPOD_MODEL_SHRINK_MS"] ?? 60_000),
              },
              durableObjects: { POD: { className: "Pod", useSQLite: true } },
              cf: false,
            },
          }),
        ],
        test: { name: "model", root: "server", include: ["model/**/*.test.ts"] },
      },
      {
        plugins: [brokenVariant()],
        test: {
          name: "react",
          root: "adapters/react",
          include: ["test/**/*.test.{ts,tsx}"],
          environment: "happy-dom",
        },
      },
      {
        // Solid's browser build: Vite would take the server's, because tests run in Node.
        plugins: [brokenVariant(), solid({ ssr: true, hot: false, dev: false })],
        resolve: { conditions: ["browser", "development"] },
        test: {
          name: "solid",
          root: "adapters/solid",
          include: ["test/**/*.test.{ts,tsx}"],
          environment: "happy-dom",
          // Node itself would import the server's build once more.
          server: { deps: { inline: [/solid-js/] } },
        },
      },
      {
        plugins: [brokenVariant(), svelte({ configFile: false })],
        // Svelte's own default is its server build wherever there is no browser.
        resolve: { conditions: ["browser"] },
        test: {
          name: "svelte",
          root: "adapters/svelte",
          include: ["test/**/*.test.ts"],
          environment: "happy-dom",
          globalSetup: "test/server-page.ts",
        },
      },
      {
        plugins: [brokenVariant()],
        test: {
          name: "vue",
          root: "adapters/vue",
          include: ["test/**/*.test.ts"],
          environment: "happy-dom",
        },
      },
      {
        test: {
          name: "playground",
          root: "playground",
          include: ["test/**/*.test.ts"],
          environment: "node",
          // Each file starts a dev server and a browser.
          fileParallelism: false,
          hookTimeout: 180_000,
          testTimeout: 60_000,
        },
      },
    ],
  },
});
