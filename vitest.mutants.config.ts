import { defineConfig } from "vitest/config";

// The core's tests alone: the other projects start workerd and browsers, and say nothing of a mutant that these don't.
export default defineConfig({ test: { root: "core", include: ["test/**/*.test.ts"], environment: "node" } });
