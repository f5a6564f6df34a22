/**
 * Compares what the engine predicts with what happens: random writes to random schemas, and the answers of random
 * queries before and after. A query whose answer changed must read a table that the write was said to write.
 */
import { DatabaseSync } from "node:sqlite";
import type { Tables } from "../src/sql/analysis.ts";
import { Analyzer } from "../src/sql/analyzer.ts";
import type { SqlValue, Storage } from "../src/storage.ts";
import { Random } from "./random.ts";
import { randomSchema } from "./random-schema.ts";
import { rawStatement } from "./raw-statements.ts";

export interface FuzzResult {
  /** Writes that SQLite carried out, and pairs of a write and a query whose answer it changed. */
  readonly writes: number;
  readonly changes: number;
  /** The changes that nobody foresaw, each with all that it takes to see it again. */
  readonly unpredicted: readonly string[];
}

const WRITES_A_SCHEMA = 50;
const QUERIES_A_SCHEMA = 12;

export function fuzz({ writes, seed }: { readonly writes: number; readonly seed: number }): FuzzResult {
  const total = { writes: 0, changes: 0, unpredicted: [] as string[] };
  for (let n = 0; total.writes < writes; n++) {
    const random = new Random(seed * 1_000_003 + n);
    const database = new DatabaseSync(":memory:");
    const { sql, rows, relations } = randomSchema(random);
    // A schema may contradict itself, or a row its schema: then it has one thing less.
    for (const text of [...sql, ...rows]) attempt(() => database.exec(text));
    const usable = relations.filter(({ name }) => attempt(() => database.exec(`SELECT * FROM ${name}`)));
    const world: World = { database, random, relations: usable, label: `seed ${seed}, schema ${n}` };
    const one = fuzzSchema(world, Math.min(WRITES_A_SCHEMA, writes - total.writes));
    total.writes += one.writes;
    total.changes += one.changes;
    total.unpredicted.push(...one.unpredicted.map((text) => `${text}\n${sql.join(";\n")}`));
    database.close();
  }
  return total;
}

interface World {
  readonly database: DatabaseSync;
  readonly random: Random;
  readonly relations: ReturnType<typeof randomSchema>["relations"];
  readonly label: string;
}

function fuzzSchema({ database, random, relations, label }: World, writes: number): FuzzResult {
  const analyzers = ["every layer", "explain", "ast"].map((without) => ({
    without,
    analyzer: new Analyzer(storageOf(database), without === "explain" || without === "ast" ? { without } : {}),
  }));
  const queries = queriesOf(database, random, relations);
  const result = { writes: 0, changes: 0, unpredicted: [] as string[] };
  let before = queries.map((query) => answer(database, query));
  for (let tries = 0; result.writes < writes && tries < writes * 10; tries++) {
    const sql = rawStatement(random, relations);
    if (/^\s*(?:select|values)/i.test(sql)) continue;
    database.exec("SAVEPOINT write");
    const changed = attempt(() => database.prepare(sql).all());
    const after = changed ? queries.map((query) => answer(database, query)) : before;
    if (changed) result.writes++;
    for (const [index, query] of queries.entries()) {
      if (before[index] === after[index]) continue;
      result.changes++;
      for (const { without, analyzer } of analyzers) {
        const { reads } = analyzer.analyze(query);
        const { writes: written } = analyzer.analyze(sql);
        if (!meet(reads, written)) {
          result.unpredicted.push(
            `${label}, ${without}: ${sql}\n writes ${String(written)}, but changed: ${query}\n reads ${String(reads)}`,
          );
        }
      }
    }
    // Some writes stay, so that later ones find something new; most are taken back, so that tables stay small.
    const stays = changed && random.chance(0.1) && attempt(() => database.exec("RELEASE write"));
    if (stays) before = after;
    else database.exec("ROLLBACK TO write; RELEASE write");
  }
  return result;
}

function queriesOf(database: DatabaseSync, random: Random, relations: World["relations"]): string[] {
  const queries = relations.map(({ name }) => `SELECT * FROM ${name}`);
  for (let tries = 0; queries.length < relations.length + QUERIES_A_SCHEMA && tries < 500; tries++) {
    const sql = rawStatement(random, relations);
    if (!/^\s*select/i.test(sql) || /random|\?|current_|[:@$]name/i.test(sql)) continue;
    if (attempt(() => database.prepare(sql).all())) queries.push(sql);
  }
  return queries;
}

function answer(database: DatabaseSync, query: string): string {
  try {
    return JSON.stringify(database.prepare(query).all(), (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
  } catch (error) {
    return String(error);
  }
}

function meet(reads: Tables, writes: Tables): boolean {
  if (reads === "all") return writes === "all" || writes.length > 0;
  return writes === "all" ? reads.length > 0 : reads.some((table) => writes.includes(table));
}

function attempt(body: () => unknown): boolean {
  try {
    body();
    return true;
  } catch {
    return false;
  }
}

function storageOf(database: DatabaseSync): Storage {
  const unused = (): never => {
    throw new Error("An analysis opens no transaction.");
  };
  return {
    exec(sql) {
      const rows = database.prepare(sql).all() as Record<string, SqlValue>[];
      const left = rows.values();
      return {
        columnNames: Object.keys(rows[0] ?? {}),
        rowsWritten: 0,
        next: () => left.next(),
        toArray: () => [...left],
        raw: () => rows.map((row) => Object.values(row)).values(),
        [Symbol.iterator]: () => left,
      };
    },
    transactionSync: unused,
    transaction: unused,
  };
}
