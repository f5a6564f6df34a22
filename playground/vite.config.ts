import { cloudflare } from "@cloudflare/vite-plugin";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import react from "@vitejs/plugin-react";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";
import type { Plugin } from "vite";

// Nothing but the packages is fetched: no usage metrics, no lookup of this machine's own `request.cf`.
process.env.WRANGLER_SEND_METRICS ??= "false";
process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= "false";

// The tests start this server too: with a database of their own, and one of them with a worker that says more.
const { PLAYGROUND_STATE, PLAYGROUND_WORKER } = process.env;

export default defineConfig({
  // Taken already? Then it is the next one that is free.
  server: { port: 5170 },
  plugins: [
    // Two of them write JSX: the folder says whose.
    react({ include: /client\/react\/.*\.tsx$/ }),
    solid({ include: /client\/solid\/.*\.tsx$/ }),
    vue(),
    svelte({ configFile: false }),
    cloudflare({
      ...(PLAYGROUND_STATE !== undefined && { persistState: { path: PLAYGROUND_STATE } }),
      ...(PLAYGROUND_WORKER !== undefined && { configPath: PLAYGROUND_WORKER }),
    }),
    sayWhere(),
  ],
});

/** Says where to look, in one line with one address. */
function sayWhere(): Plugin {
  return {
    name: "say-where",
    // After the other plugins, which each add a line.
    configureServer: {
      order: "post",
      handler(server) {
        server.printUrls = () => {
          const [url] = server.resolvedUrls?.local ?? [];
          server.config.logger.info(
            `\n  EdgePod playground: ${url}\n  Four clients on one pod: change something in one of them.\n`,
          );
        };
      },
    },
  };
}
