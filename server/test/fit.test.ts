/**
 * A statement with packed parameters against the same with each bound on its own, both in workerd: what they give, what
 * they leave behind, and what the analysis makes of them. `EDGEPOD_FIT_SEED` and `EDGEPOD_FIT_RUNS` choose the runs.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Random } from "../corpus/random.ts";
import { bind } from "../src/guards/bind.ts";
import { fit } from "../src/guards/fit.ts";
import type { BoundStatement } from "../src/guards/fit.ts";
import { durableStorage } from "../src/pod/durable-storage.ts";
import { Analyzer } from "../src/sql/analyzer.ts";
import { asText } from "../src/storage.ts";
import type { Storage } from "../src/storage.ts";
import { randomCase } from "./support/random-statement.ts";

describe("a statement with packed parameters", () => {
  it(`does what it would do if each were bound: seeds from ${env.FIT_SEED}`, { timeout: 600_000 }, async () => {
    const end = env.FIT_SEED + env.FIT_RUNS;
    for (let start = env.FIT_SEED; start < end; start += 50) {
      await inDatabase((storage) => {
        for (let seed = start; seed < Math.min(start + 50, end); seed += 1) {
          const { packed, wanted } = bothWays(storage, seed);
          expect(packed).toEqual(wanted);
        }
      });
    }
  });

  it("compares a list with any column as it would value by value, in IN and NOT IN, by the same index", async () => {
    const columns = ["t TEXT", "i INTEGER", "r REAL", "n NUMERIC", "b BLOB", "x"];
    const values = [
      1,
      2.5,
      1e300,
      Infinity,
      -0,
      "1",
      "1.0",
      "a",
      "2.5",
      "",
      null,
      new Uint8Array([49]),
      new Uint8Array(0),
    ];
    await inDatabase((storage) => {
      storage.exec(`CREATE TABLE m (${columns.join(", ")})`);
      const names = columns.map((column) => column[0] ?? "");
      for (const name of names) storage.exec(`CREATE INDEX by_${name} ON m (${name})`);
      for (const value of values) storage.exec("INSERT INTO m VALUES (?1, ?1, ?1, ?1, ?1, ?1)", value);
      for (const left of [
        ...names,
        ...names.map((name) => `+${name}`),
        "i + 1",
        "lower(t)",
        "CAST(x AS TEXT)",
        "r COLLATE NOCASE",
      ]) {
        for (const list of [...values.map((value) => [value, 77]), values, values.filter((value) => value !== null)]) {
          for (const not of ["", "NOT "]) {
            const sql = `SELECT rowid FROM m WHERE ${left} ${not}IN (${list.map(() => "?").join()})`;
            const packed = fit(sql, list, 1);
            expect(packed.sql).toContain("json_each");
            expect(rowsOf(storage, packed), `${sql} of ${String(list)}`).toEqual(
              rowsOf(storage, { sql, params: list }),
            );
            expect(searchOf(storage, packed)).toBe(searchOf(storage, { sql, params: list }));
          }
        }
      }
    });
  });

  it("carries values of more than a parameter holds in several", async () => {
    await inDatabase((storage) => {
      storage.exec("CREATE TABLE big (id INTEGER PRIMARY KEY, a, b)");
      const rows = Array.from({ length: 60 }, (_, index) => [
        index + 1,
        `${String.fromCharCode(97 + (index % 26)).repeat(index % 2 === 0 ? 90_000 : 2900)}"`,
        index % 3 === 0 ? new Uint8Array(100_000).fill(index) : "é\n".repeat(1400),
      ]);
      const sql = `INSERT INTO big VALUES ${rows.map(() => "(?, ?, ?)").join()} RETURNING id`;
      const packed = fit(
        sql,
        bind(rows.flat(), () => "big"),
      );
      expect(packed.params.length).toBeGreaterThan(3);
      expect([...storage.exec(packed.sql, ...packed.params).raw()]).toEqual(rows.map(([id]) => [id]));
      expect([...storage.exec("SELECT * FROM big ORDER BY id").raw()].map(plain)).toEqual(rows.map(plain));
    });
  });
});

/** What one statement does packed, and what it must do. */
function bothWays(storage: Storage, seed: number): { packed: unknown; wanted: unknown } {
  const random = new Random(seed);
  const { schema, sql, params } = randomCase(random);
  const packed = fit(sql, params, random.below(4));
  const what = `seed ${seed}: ${sql}\n${packed.sql}`;
  for (const table of ["t", "log"]) storage.exec(`DROP TABLE IF EXISTS ${table}`);
  for (const statement of schema) storage.exec(statement);
  const disagreements: string[] = [];
  const analyzer = new Analyzer(storage, { onDisagreement: (message) => disagreements.push(message) });
  const touched = (text: string) => {
    const { reads, writes, unfiltered } = analyzer.analyze(text);
    return { reads, writes, unfiltered };
  };
  const before = outcome(storage, { sql: "SELECT 1", params: [] });
  const bound = outcome(storage, { sql, params });
  const given = outcome(storage, packed);
  // SQLite itself may leave rows behind where a later one's id is no number. OR FAIL leaves them at conflicts alone.
  const isUndone =
    given.result instanceof Error && (!sql.includes("OR FAIL") || given.result.message.includes("MISMATCH"));
  return {
    packed: { what, ...given, ...touched(packed.sql), disagreements },
    wanted: { what, ...bound, ...touched(sql), ...(isUndone && { left: before.left }), disagreements: [] },
  };
}

/** Thrown to undo what was done, with what it was. */
class Undone extends Error {
  outcome?: Outcome;
}

interface Outcome {
  readonly result: unknown[][] | Error;
  readonly left: unknown[][];
}

/** What a statement gives and leaves behind. Nothing of it stays. */
function outcome(storage: Storage, { sql, params }: BoundStatement): Outcome {
  const undone = new Undone();
  try {
    storage.transactionSync(() => {
      const result = resultOf(storage, { sql, params });
      const left = [
        ...storage.exec("SELECT rowid, typeof(c1), quote(c1), * FROM t ORDER BY rowid").raw(),
        ...storage.exec("SELECT rowid, * FROM log ORDER BY rowid").raw(),
      ].map(plain);
      undone.outcome = { result, left };
      throw undone;
    });
  } catch (error) {
    if (error !== undone) throw error;
  }
  if (!undone.outcome) throw new Error("The transaction wasn't undone.");
  return undone.outcome;
}

function resultOf(storage: Storage, { sql, params }: BoundStatement): unknown[][] | Error {
  try {
    return [...storage.exec(sql, ...params).raw()].map(plain);
  } catch (error) {
    return new Error(String(error).replace(/ at offset \d+/, ""));
  }
}

function rowsOf(storage: Storage, { sql, params }: BoundStatement): unknown[] {
  return [...storage.exec(sql, ...params).raw()].map((row) => plain(row).join()).toSorted((a, b) => a.localeCompare(b));
}

/** How the table is searched, but for how the list is made. */
function searchOf(storage: Storage, { sql, params }: BoundStatement): string {
  const plan = storage.exec(`EXPLAIN QUERY PLAN ${sql}`, ...params).toArray();
  return plan.map(({ detail }) => asText(detail)).find((detail) => / m\b/.test(detail)) ?? "none";
}

/** A row whose bytes and numbers are compared for what they are. */
function plain(row: readonly unknown[]): unknown[] {
  return row.map((value) => {
    if (value instanceof ArrayBuffer) return `bytes ${new Uint8Array(value).join()}`;
    if (value instanceof Uint8Array) return `bytes ${value.join()}`;
    return value;
  });
}

let databases = 0;

async function inDatabase(body: (storage: Storage) => void): Promise<void> {
  databases += 1;
  await runInDurableObject(env.BARE.getByName(`fit-${databases}`), (_object, { storage }) => {
    body(durableStorage(storage));
  });
}
