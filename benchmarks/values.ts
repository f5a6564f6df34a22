/** What the encoding of values costs, beside JSON alone: to text and back, both in turn in the same run. */
import { decodeValue, encodeValue } from "@edgepod/core/values";
import type { Encoded } from "@edgepod/core/values";
import { median, table } from "./figures.ts";

const ROWS = 1000;
const ROUNDS = 200;
/** What a plain payload may cost. */
const LIMIT = 1.5;

const rows = Array.from({ length: ROWS }, (_, id) => ({
  id,
  title: `Water plant ${id}, and the one beside it`,
  done: id % 3 === 0,
  project: id % 7 === 0 ? null : { id: id % 7, name: `Garden ${id % 7}` },
  share: id / ROWS,
}));
const richRows = rows.map((row) => ({ ...row, created: new Date(row.id * 1000) }));

export function values(): void {
  const ways: Readonly<Record<string, () => unknown>> = {
    "JSON.stringify, plain": () => JSON.stringify({ value: rows }),
    "encoded, plain": () => JSON.stringify(encodeValue(rows)),
    "encoded, with Dates": () => JSON.stringify(encodeValue(richRows)),
    "JSON.parse, plain": reading({ value: rows }, (text) => JSON.parse(text)),
    "decoded, plain": reading(encodeValue(rows), decode),
    "decoded, with Dates": reading(encodeValue(richRows), decode),
  };
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  for (let round = -20; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(ways)) {
      const start = performance.now();
      run();
      if (round >= 0) times.get(name)?.push(performance.now() - start);
    }
  }
  const ms = (name: string): number => median(times.get(name) ?? []);
  table(`ms for ${ROWS} rows`, Object.fromEntries([...times.keys()].map((name) => [name, ms(name)])));
  const ratios = {
    "to text": ms("encoded, plain") / ms("JSON.stringify, plain"),
    "and back": ms("decoded, plain") / ms("JSON.parse, plain"),
  };
  for (const [way, ratio] of Object.entries(ratios)) {
    console.log(`a plain payload ${way}: ${ratio.toFixed(2)} × JSON alone, of ${LIMIT}`);
    if (ratio > LIMIT) process.exitCode = 1;
  }
}

function reading(payload: Encoded, read: (text: string) => unknown): () => unknown {
  const text = JSON.stringify(payload);
  return () => read(text);
}

function decode(text: string): unknown {
  const { value, types } = JSON.parse(text) as Encoded;
  return decodeValue(value, types);
}
