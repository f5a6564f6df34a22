import { beforeAll, describe, expect, it } from "vitest";
import type { Analysis, Tables } from "../src/sql/analysis.ts";
import { analyzerOn, byHand, fromDrizzle } from "./corpus.ts";
import { ROWS, SCHEMA } from "./schema.ts";
import { openOracle, type Truth } from "./truth.ts";

// From the parser's own share of what Drizzle emits, rewritten to what it knows. It may only rise.
const PARSED_OF_DRIZZLE = 1;
const PARSED_OF_HAND_WRITTEN = 1;
const NEEDLESS = 0.02;

const LAYERS = ["every layer", "EXPLAIN left out", "the parser left out"] as const;

interface Sample {
  readonly sql: string;
  readonly truth: Truth;
  /** One analysis for each of `LAYERS`. */
  readonly analyses: readonly Analysis[];
}

let drizzle: Sample[];
let written: Sample[];
let all: Sample[];
const disagreements: string[] = [];

beforeAll(async () => {
  const oracle = await openOracle(SCHEMA, ROWS);
  const onDisagreement = (message: string, sql: string) => disagreements.push(`${message}: ${sql}`);
  const analyzers = [{}, { without: "explain" }, { without: "ast" }] as const;
  const made = analyzers.map((options) => analyzerOn(oracle, { ...options, onDisagreement }));
  const sample = (sql: string): Sample[] => {
    const truth = oracle.truth(sql);
    return truth === null ? [] : [{ sql, truth, analyses: made.map((analyzer) => analyzer.analyze(sql)) }];
  };
  drizzle = fromDrizzle(2600, 1).flatMap(sample);
  written = byHand(1500, 1, oracle).flatMap(sample);
  all = [...drizzle, ...written];
}, 120_000);

/** Those of `truth` that a set lacks. */
function missed(truth: readonly string[], tables: Tables): string[] {
  return tables === "all" ? [] : truth.filter((table) => !tables.includes(table));
}

function isNeedless({ reads, writes }: Analysis, truth: Truth): boolean {
  if (reads === "all" || writes === "all") return true;
  // SQLite's program doesn't show what is in virtual tables, so that nobody can say which of them are needless.
  const plain = (table: string) => !/^(?:notes|search|words)/.test(table);
  return (
    reads.filter(plain).some((table) => !truth.reads.includes(table)) ||
    writes.filter(plain).some((table) => !truth.writes.includes(table))
  );
}

describe("the corpus", () => {
  it("has more than three thousand statements that SQLite accepts", () => {
    console.log(`${drizzle.length} statements of Drizzle, ${written.length} as people write them`);
    expect(all.length).toBeGreaterThan(3000);
  });

  it.each(LAYERS.map((name, index) => [name, index] as const))("misses no table with %s", (_, index) => {
    for (const { sql, truth, analyses } of all) {
      const { reads, writes } = analyses[index] ?? { reads: [], writes: [] };
      const found = { sql, reads: missed(truth.reads, reads), writes: missed(truth.writes, writes) };
      expect(found).toEqual({ sql, reads: [], writes: [] });
    }
  });

  it("knows of no disagreement between the layers", () => {
    expect(disagreements).toEqual([]);
  });

  it("names needless tables in few statements", () => {
    const needless = all.filter(({ truth, analyses: [analysis] }) => analysis && isNeedless(analysis, truth));
    console.log(`needless tables in ${percent(needless.length / all.length)} of the statements`);
    expect(needless.length / all.length).toBeLessThan(NEEDLESS);
  });

  it("is parsed by node-sql-parser", () => {
    const share = (samples: readonly Sample[]) =>
      samples.filter(({ analyses: [analysis] }) => analysis?.parsedBy === "ast").length / samples.length;
    console.log(`parsed: ${percent(share(drizzle))} of Drizzle's, ${percent(share(written))} of the others`);
    expect(share(drizzle)).toBeGreaterThanOrEqual(PARSED_OF_DRIZZLE);
    expect(share(written)).toBeGreaterThanOrEqual(PARSED_OF_HAND_WRITTEN);
  });
});

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
