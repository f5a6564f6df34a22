/** `pnpm fuzz:sql --writes N --seed S` */
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
  options: { writes: { type: "string", default: "20000" }, seed: { type: "string", default: "1" } },
});
const { writes, changes, unpredicted } = fuzz({ writes: Number(values.writes), seed: Number(values.seed) });
for (const text of unpredicted.slice(0, 5)) console.log(`${text}\n`);
console.log(
  `${writes} writes changed ${changes} answers; ${unpredicted.length} of them nobody foresaw (seed ${values.seed})`,
);
process.exitCode = unpredicted.length === 0 ? 0 : 1;
