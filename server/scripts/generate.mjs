// Writes src/sql/grammar.generated.js: node-sql-parser's SQLite grammar as one module that exports a function. Bundlers
// evaluate an imported CommonJS module at once, which doubles a Worker's cold start; behind a function it is evaluated
// when a text is first parsed. Nothing else is synchronous in every place the engine runs in: workerd, Vite, Node.
// Beside it stands the engine's build: analyses that a pod has kept are of use only to the engine that made them.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { build } from "esbuild";

const engine = new URL("../src/sql/", import.meta.url);
const sources = readdirSync(engine)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
  .toSorted()
  .map((name) => readFileSync(new URL(name, engine), "utf8"));
const manifest = readFileSync(new URL("../node_modules/node-sql-parser/package.json", import.meta.url), "utf8");
const engineBuild = createHash("sha256")
  .update([manifest, ...sources].join("\0"))
  .digest("hex")
  .slice(0, 16);

await build({
  stdin: {
    contents: `
      export const load = () => require("node-sql-parser/build/sqlite.js");
      export const ENGINE_BUILD = "${engineBuild}";`,
    resolveDir: import.meta.dirname,
  },
  outfile: `${import.meta.dirname}/../src/sql/grammar.generated.js`,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  banner: { js: "// node-sql-parser (Apache-2.0) with big-integer (Unlicense), by scripts/generate.mjs." },
  logLevel: "warning",
});
