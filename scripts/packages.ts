/** The packages that are published, by their folders, in the order in which they depend on each other. */
import { resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "..");

export const PUBLIC_PACKAGES = [
  "core",
  "server",
  "cli",
  "adapters/react",
  "adapters/vue",
  "adapters/svelte",
  "adapters/solid",
] as const;
