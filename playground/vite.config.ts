import { cloudflare } from "@cloudflare/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
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
    react(),
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
            `\n  EdgePod playground: ${url}\n  Open it in two windows, and change something in one.\n`,
          );
        };
      },
    },
  };
}
