// Writes server/src/sql/grammar.generated.js: node-sql-parser's SQLite grammar as one module that exports a function. Bundlers
// evaluate an imported CommonJS module at once, which doubles a Worker's cold start; behind a function it is evaluated
// when a text is first parsed. Nothing else is synchronous in every place the engine runs in: workerd, Vite, Node.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

await build({
  stdin: {
    contents: `export const load = () => require("node-sql-parser/build/sqlite.js");`,
    resolveDir: fileURLToPath(new URL("../server/", import.meta.url)),
  },
  outfile: fileURLToPath(new URL("../server/src/sql/grammar.generated.js", import.meta.url)),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  banner: { js: "// node-sql-parser (Apache-2.0) with big-integer (Unlicense), by scripts/bundle-grammar.mjs." },
  logLevel: "warning",
});
