import { expect, it } from "vitest";
import type { Tables } from "../src/sql/analysis.ts";
import { analyzerOn } from "./corpus.ts";
import { Random } from "./random.ts";
import { randomSchema } from "./random-schema.ts";
import { rawStatement } from "./raw-statements.ts";
import { openOracle } from "./truth.ts";

const SCHEMAS = 60;
const STATEMENTS = 25;

it("misses no table in random schemas, whichever layer is left out", async () => {
  let statements = 0;
  for (let seed = 0; seed < SCHEMAS; seed++) {
    const random = new Random(seed);
    const schema = randomSchema(random);
    // A schema may contradict itself, or a row its schema: then it has one thing less.
    const oracle = await openOracle("SELECT 1", "SELECT 1", (run) => [...schema.sql, ...schema.rows].forEach(run));
    const relations = schema.relations.filter(({ name }) => oracle.truth(`SELECT * FROM ${name}`) !== null);
    const disagreements: string[] = [];
    const onDisagreement = (message: string, sql: string) => disagreements.push(`${message}: ${sql}`);
    const options = [{}, { without: "explain" }, { without: "ast" }] as const;
    const analyzers = options.map((option) => analyzerOn(oracle, { ...option, onDisagreement }));
    for (let n = 0; n < STATEMENTS; n++) {
      const sql = rawStatement(random, relations);
      const truth = oracle.truth(sql);
      if (truth === null) continue;
      statements++;
      for (const analyzer of analyzers) {
        const { reads, writes } = analyzer.analyze(sql);
        const found = { seed, sql, reads: missed(truth.reads, reads), writes: missed(truth.writes, writes) };
        expect(found).toEqual({ seed, sql, reads: [], writes: [] });
      }
    }
    expect(disagreements).toEqual([]);
    oracle.database.close();
  }
  expect(statements).toBeGreaterThan(1000);
});

/** Those of `truth` that a set lacks. */
function missed(truth: readonly string[], tables: Tables): string[] {
  return tables === "all" ? [] : truth.filter((table) => !tables.includes(table));
}
