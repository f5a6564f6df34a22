/** `pnpm bench <name>` runs one benchmark, `pnpm bench` all of them. */
import { analysis } from "./analysis.ts";
import { fanOut } from "./fan-out.ts";
import { reconnect } from "./reconnect.ts";
import { values } from "./values.ts";

const BENCHMARKS: Readonly<Record<string, () => Promise<void> | void>> = {
  analysis,
  "fan-out": fanOut,
  reconnect,
  values,
};

const [name] = process.argv.slice(2);
const chosen = name === undefined ? Object.keys(BENCHMARKS) : [name];
for (const each of chosen) {
  const run = BENCHMARKS[each];
  if (!run) {
    console.error(`There is no benchmark "${each}". There are: ${Object.keys(BENCHMARKS).join(", ")}.`);
    process.exit(1);
  }
  await run();
}
