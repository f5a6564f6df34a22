/** `pnpm model --runs N --seed S`: runs the tests of server/model, and says what came of it in a line. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "100" }, seed: { type: "string", default: String(Date.now() % 1e6) } },
});
const root = resolve(import.meta.dirname, "..");
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", "model", "--reporter", "default"],
  {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
    env: { ...process.env, EDGEPOD_MODEL_RUNS: values.runs, EDGEPOD_MODEL_SEED: values.seed },
  },
);
const lines = stripVTControlCharacters(stdout).split("\n");
const summary = lines.findLastIndex((line) => line.startsWith("runs "));
const failure = lines.findIndex((line) => line.startsWith("seed "));
if (summary < 0) console.log(stdout, stderr);
else
  console.log(
    [`seed ${values.seed}`, ...(failure < 0 ? [] : lines.slice(failure, summary)), lines[summary]].join("\n"),
  );
process.exitCode = status ?? 1;
