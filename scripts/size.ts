/**
 * `pnpm size`: what an app loads of us, minified and gzipped, with query-core and without the framework; and how many lines
 * each adapter has. Fails past a limit. What is imported dynamically is loaded by those who need it, and counted apart.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import type { Metafile, Plugin } from "esbuild";
import { compileModule } from "svelte/compiler";
import { ROOT } from "./packages.ts";

const ADAPTERS = ["react", "vue", "svelte", "solid"] as const;
/** An adapter with more lines than this says in its README, under "Why it is longer", what they are for. */
const MAX_LINES = 200;

interface Bundle {
  readonly name: string;
  readonly contents: string;
  /** The folder that the imports are seen from. */
  readonly from: string;
  readonly external?: readonly string[];
  /** KB of 1,024 bytes, past which the command fails. */
  readonly limit: number;
  /** Where it is meant to get, if it isn't there yet. A limit never rises; it falls whenever the size has. */
  readonly goal?: number;
}

const BUNDLES: readonly Bundle[] = [
  {
    name: "core, for queries and mutations",
    contents: `export { createClient, createMutationObserver, createQueryObserver } from "@edgepod/core";`,
    from: "adapters/react",
    limit: 22.6,
    goal: 14.5,
  },
  {
    name: "core, everything",
    contents: `export * from "@edgepod/core";`,
    from: "adapters/react",
    limit: 28,
    goal: 20,
  },
  ...ADAPTERS.map((adapter) => ({
    name: `${adapter}, on top of core`,
    contents: `export * from "./src/index.ts";`,
    from: `adapters/${adapter}`,
    external: ["@edgepod/core", adapter, `${adapter}/*`, "solid-js", "solid-js/*"],
    limit: 2,
  })),
];

interface Size {
  /** KB, gzipped: the entry and what it imports statically. */
  readonly first: number;
  /** KB, gzipped: what it imports dynamically. */
  readonly later: number;
}

async function sizeOf({ contents, from, external = [] }: Bundle): Promise<Size> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: join(ROOT, from), sourcefile: "entry.ts", loader: "ts" },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"' },
    external: [...external],
    plugins: [svelteModules],
    outdir: ROOT,
    absWorkingDir: ROOT,
    metafile: true,
    write: false,
    legalComments: "none",
  });
  const first = loadedFirst(metafile);
  let size: Size = { first: 0, later: 0 };
  for (const { path, contents: code } of outputFiles) {
    const when = first.has(path) ? "first" : "later";
    size = { ...size, [when]: size[when] + gzipSync(code, { level: 9 }).byteLength / 1024 };
  }
  return size;
}

/** The absolute paths of the entry and of every chunk that it can't do without. */
function loadedFirst({ outputs }: Metafile): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === "import-statement" && next in outputs) visit(next);
    }
  };
  for (const [path, { entryPoint }] of Object.entries(outputs)) if (entryPoint?.endsWith("entry.ts")) visit(path);
  return new Set([...reached].map((path) => join(ROOT, path)));
}

/** Runes, as the app's own Svelte compiles them. */
const svelteModules: Plugin = {
  name: "svelte-modules",
  setup(builder) {
    builder.onLoad({ filter: /\.svelte\.ts$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "ts", target: "esnext" });
      return { contents: compileModule(code, { filename: path, generate: "client", dev: false }).js.code };
    });
  },
};

/** Lines that hold code: neither blank nor comment. Comments have lines of their own here, the formatter sees to it. */
function linesOf(adapter: string): number {
  const folder = join(ROOT, "adapters", adapter, "src");
  return readdirSync(folder)
    .flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"))
    .filter((line) => !/^\s*(?:$|\/\/|\/\*|\*)/.test(line)).length;
}

const kb = (size: number): string => size.toFixed(2).padStart(6);
const failures: string[] = [];

console.log("KB, min+gz                       first  later  limit");
for (const bundle of BUNDLES) {
  const { first, later } = await sizeOf(bundle);
  const goal = bundle.goal === undefined ? "" : `  (goal ${bundle.goal})`;
  console.log(`${bundle.name.padEnd(31)} ${kb(first)} ${kb(later)} ${kb(bundle.limit)}${goal}`);
  if (first > bundle.limit) failures.push(`"${bundle.name}" is ${first.toFixed(2)} KB, of ${bundle.limit}.`);
}
console.log("\nlines of code, without blanks and comments");
for (const adapter of ADAPTERS) {
  const lines = linesOf(adapter);
  const readme = readFileSync(join(ROOT, "adapters", adapter, "README.md"), "utf8");
  const isExplained = readme.includes("## Why it is longer");
  console.log(`${adapter.padEnd(31)} ${String(lines).padStart(6)}${isExplained ? "  (its README says why)" : ""}`);
  if (lines > MAX_LINES && !isExplained) {
    failures.push(`${adapter} has ${lines} lines. Past ${MAX_LINES} its README says what for: "## Why it is longer".`);
  }
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
