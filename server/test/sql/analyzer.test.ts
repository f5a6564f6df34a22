import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { durableStorage } from "../../src/pod/durable-storage.ts";
import type { Tables } from "../../src/sql/analysis.ts";
import { Analyzer } from "../../src/sql/analyzer.ts";
import { ReservedTableError } from "../../src/sql/errors.ts";
import type { Storage } from "../../src/storage.ts";
import * as drizzle from "./drizzle.ts";
import { opened } from "./explain.ts";
import { DDL, FOLLOWED_READS, FOLLOWED_WRITES, READS, SCHEMA, WRITES } from "./statements.ts";

/** Runs `body` on a Durable Object's own SQLite with this schema and nothing else. */
async function withDatabase(schema: string, body: (storage: Storage, analyzer: Analyzer) => void): Promise<void> {
  await runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), (_instance, { storage }: DurableObjectState) => {
    storage.sql.exec(schema);
    const database = durableStorage(storage);
    body(database, new Analyzer(database));
  });
}

/** Those of `tables` that a set which must contain them lacks. The engine's own tables are in none. */
function missing(tables: readonly string[], set: Tables): string[] {
  return set === "all" ? [] : tables.filter((table) => !set.includes(table) && !table.startsWith("_edgepod_"));
}

describe("the tables of a statement", () => {
  it("are what a person would say", async () => {
    await withDatabase(SCHEMA, (_storage, analyzer) => {
      for (const [sql, reads, writes] of [...READS, ...FOLLOWED_READS, ...WRITES, ...FOLLOWED_WRITES]) {
        const analysis = analyzer.analyze(sql);
        expect({ sql, reads: analysis.reads, writes: analysis.writes }).toEqual({ sql, reads, writes });
      }
    });
  });

  it("miss none that SQLite opens", async () => {
    await withDatabase(SCHEMA, (storage, analyzer) => {
      let compared = 0;
      for (const [sql] of [...READS, ...WRITES, ...FOLLOWED_WRITES]) {
        const truth = opened(storage, sql);
        if (truth === null) continue;
        const { reads, writes } = analyzer.analyze(sql);
        const seen = reads === "all" || writes === "all" ? "all" : [...reads, ...writes];
        expect({ sql, reads: missing(truth.reads, seen) }).toEqual({ sql, reads: [] });
        expect({ sql, writes: missing(truth.writes, writes) }).toEqual({ sql, writes: [] });
        compared++;
      }
      expect(compared).toBeGreaterThan(80);
    });
  });

  it("are everything after DDL and what isn't SQL", async () => {
    await withDatabase(SCHEMA, (_storage, analyzer) => {
      for (const sql of DDL) expect({ sql, ...analyzer.analyze(sql) }).toMatchObject({ sql, writes: "all", ddl: true });
    });
  });

  it("can't be changed where they belong to the engine", async () => {
    await withDatabase(SCHEMA, (_storage, analyzer) => {
      for (const sql of [
        "INSERT INTO _edgepod_tables (id) VALUES (1)",
        'WITH x AS (SELECT 1) UPDATE OR IGNORE main."_EdgePod_Tables" SET id = 2',
        "SELECT 1; DELETE FROM _edgepod_tables",
        "DROP TABLE [_edgepod_tables]",
        "CREATE TRIGGER x AFTER INSERT ON users BEGIN DELETE FROM _edgepod_tables; END",
        "DROP TABLE '_edgepod_tables'",
        "CREATE TRIGGER x AFTER INSERT ON users BEGIN DELETE FROM '_edgepod_tables'; END",
        "CREATE TRIGGER x AFTER INSERT ON users BEGIN SELECT 1; END; DELETE FROM '_edgepod_tables'",
      ]) {
        expect(() => analyzer.analyze(sql)).toThrow(ReservedTableError);
      }
    });
  });
});

describe("what Drizzle emits", () => {
  it("is understood, and misses none that SQLite opens", async () => {
    await withDatabase(drizzle.SCHEMA, (storage, analyzer) => {
      for (const [sql, reads, writes] of drizzle.STATEMENTS) {
        expect({ sql, ...analyzer.analyze(sql) }).toMatchObject({ sql, reads: [...new Set(reads)].sort(), writes });
        const truth = opened(storage, sql);
        if (truth === null) throw new Error(`SQLite rejects ${sql}`);
        expect({ sql, reads: missing(truth.reads, [...reads, ...writes]) }).toEqual({ sql, reads: [] });
        expect({ sql, writes: missing(truth.writes, writes) }).toEqual({ sql, writes: [] });
      }
    });
  });

  it("parses to a tree, all of it", async () => {
    await withDatabase(drizzle.SCHEMA, (_storage, analyzer) => {
      const rejected = drizzle.STATEMENTS.filter(([sql]) => analyzer.analyze(sql).parsedBy !== "ast");
      console.log(
        `parsed ${drizzle.STATEMENTS.length - rejected.length} of ${drizzle.STATEMENTS.length} Drizzle statements`,
      );
      expect(rejected).toEqual([]);
    });
  });
});

describe("an analysis", () => {
  it("is the same with one layer less", async () => {
    await withDatabase(SCHEMA, (storage, analyzer) => {
      const less = (["ast", "explain"] as const).map((without) => new Analyzer(storage, { without }));
      for (const [sql] of [...READS, ...FOLLOWED_READS, ...WRITES, ...FOLLOWED_WRITES]) {
        const { reads, writes } = analyzer.analyze(sql);
        for (const other of less) expect({ sql, ...other.analyze(sql) }).toMatchObject({ sql, reads, writes });
      }
    });
  });

  it("tells of no disagreement between the layers", async () => {
    await withDatabase(SCHEMA, (storage) => {
      const disagreements: string[] = [];
      const analyzer = new Analyzer(storage, { onDisagreement: (message, sql) => disagreements.push(message, sql) });
      for (const [sql] of [...READS, ...FOLLOWED_READS, ...WRITES, ...FOLLOWED_WRITES]) analyzer.analyze(sql);
      expect(disagreements).toEqual([]);
    });
  });

  it("sees every column that an UPDATE sets, also behind IS DISTINCT FROM", async () => {
    const schema = `
      CREATE TABLE pages (id INTEGER PRIMARY KEY, flag INTEGER, title TEXT);
      CREATE VIRTUAL TABLE found USING fts5 (title);
      CREATE TRIGGER pages_found AFTER UPDATE OF title ON pages
        BEGIN UPDATE found SET title = new.title WHERE rowid = new.id; END;
    `;
    // SQLite's program doesn't show what is written to a virtual table, so that nobody else would notice.
    await withDatabase(schema, (_storage, analyzer) => {
      for (const sql of [
        "UPDATE pages SET flag = flag IS DISTINCT FROM 1, title = 'new' WHERE id = 1",
        "UPDATE pages SET flag = flag IS NOT DISTINCT FROM ?, (title) = ('new') WHERE id = 1",
        "INSERT INTO pages (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET flag = flag IS DISTINCT FROM 1, title = 'new'",
      ]) {
        expect({ sql, ...analyzer.analyze(sql) }).toMatchObject({
          sql,
          writes: expect.arrayContaining(["found"]) as string[],
        });
      }
    });
  });

  it("follows a trigger whose condition names a column called begin", async () => {
    const schema = `
      CREATE TABLE slots (id INTEGER PRIMARY KEY, begin INTEGER);
      CREATE TABLE moves (id INTEGER PRIMARY KEY);
      CREATE TRIGGER moved AFTER UPDATE ON slots WHEN new.begin > old.begin BEGIN INSERT INTO moves (id) VALUES (new.id); END;
    `;
    await withDatabase(schema, (_storage, analyzer) => {
      expect(analyzer.analyze("UPDATE slots SET begin = 2 WHERE id = 1").writes).toEqual(["moves", "slots"]);
    });
  });

  it("knows what an index of a view or of a generated column shows", async () => {
    const schema = `
      CREATE TABLE people (id INTEGER PRIMARY KEY, first TEXT, last TEXT, name TEXT AS (first || last), age INTEGER);
      CREATE VIEW adults AS SELECT id, name FROM people WHERE age > 17;
      CREATE VIRTUAL TABLE by_name USING fts5 (name, content='people', content_rowid='id');
      CREATE VIRTUAL TABLE by_adult USING fts5 (name, content='adults', content_rowid='id');
    `;
    await withDatabase(schema, (_storage, analyzer) => {
      expect(analyzer.analyze("UPDATE people SET first = 'a'").writes).toEqual(["by_adult", "by_name", "people"]);
      for (const sql of ["INSERT INTO by_adult (by_adult) VALUES ('rebuild')", "DELETE FROM by_adult"]) {
        expect({ sql, reads: analyzer.analyze(sql).reads }).toEqual({ sql, reads: ["by_adult", "people"] });
      }
    });
  });

  it("leaves it to SQLite to refuse a parameter's number", async () => {
    await withDatabase(SCHEMA, (_storage, analyzer) => {
      for (const number of ["300000000", "99999999999"]) {
        expect(analyzer.analyze(`SELECT ?${number} FROM users`).reads).toEqual(["users"]);
      }
    });
  });

  it("says whether rows depend on more than tables", async () => {
    await withDatabase(SCHEMA, (storage, analyzer) => {
      storage.exec("CREATE VIEW recent AS SELECT * FROM users WHERE id > random()").toArray();
      for (const sql of [
        "SELECT random() FROM users",
        "SELECT date('now')",
        "SELECT datetime()",
        "SELECT strftime('%Y')",
        "SELECT \"strftime\"('%Y')",
        "SELECT date(?)",
        "SELECT CURRENT_TIMESTAMP",
        "SELECT changes(), last_insert_rowid()",
        "SELECT * FROM recent",
      ]) {
        expect({ sql, ...analyzer.analyze(sql) }).toMatchObject({ sql, deterministic: false });
      }
      for (const sql of [
        "SELECT 'now', abs(id) FROM users",
        "SELECT date('2026-01-01', '+1 day')",
        "SELECT random FROM (SELECT 1 AS random)",
      ]) {
        expect({ sql, ...analyzer.analyze(sql) }).toMatchObject({ sql, deterministic: true });
      }
    });
  });

  it("says whether what is written depends on a default that looks at clock or chance", async () => {
    const schema = `
      CREATE TABLE visits (id INTEGER PRIMARY KEY, who TEXT DEFAULT 'now', at TEXT DEFAULT CURRENT_TIMESTAMP);
      CREATE TABLE guests (id INTEGER PRIMARY KEY);
      CREATE TRIGGER came AFTER INSERT ON guests BEGIN INSERT INTO visits (who) VALUES (new.id); END;
      CREATE TABLE rooms (guest INTEGER DEFAULT (abs(random())) REFERENCES guests (id) ON DELETE SET DEFAULT);
    `;
    await withDatabase(schema, (_storage, analyzer) => {
      for (const sql of [
        "INSERT INTO visits (who) VALUES ('ada')",
        "INSERT INTO visits DEFAULT VALUES",
        "INSERT OR REPLACE INTO visits VALUES (1, 'ada', NULL)",
        "INSERT INTO guests VALUES (1)",
        "DELETE FROM guests WHERE id = 1",
      ]) {
        expect({ sql, ...analyzer.analyze(sql) }).toMatchObject({ sql, deterministic: false });
      }
      for (const sql of [
        "INSERT INTO visits (AT) VALUES ('noon')",
        "INSERT INTO visits AS v VALUES (1, 'ada', 'noon')",
        "UPDATE visits SET who = 'ada' WHERE id = 1",
        "INSERT INTO rooms (guest) VALUES (1)",
      ]) {
        expect({ sql, ...analyzer.analyze(sql) }).toMatchObject({ sql, deterministic: true });
      }
    });
  });

  it("is made also of a statement that is deeper than the stack", async () => {
    await withDatabase(SCHEMA, (_storage, analyzer) => {
      const chain = `SELECT id ${"+ 1 ".repeat(24_000)} FROM users`;
      expect(analyzer.analyze(chain)).toMatchObject({ reads: ["users"], writes: [] });
    });
  });

  it("names the tables that lose or change every row", async () => {
    await withDatabase(SCHEMA, (_storage, analyzer) => {
      const unfiltered = (sql: string) => analyzer.analyze(sql).unfiltered;
      expect(unfiltered("DELETE FROM users")).toEqual(["users"]);
      expect(unfiltered("UPDATE tags SET label = (SELECT name FROM users WHERE id = 1)")).toEqual(["tags"]);
      expect(unfiltered("DELETE FROM users WHERE id = 1; DELETE FROM tags")).toEqual(["tags"]);
      const trigger =
        "CREATE TRIGGER x AFTER INSERT ON users BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM tags; END";
      expect(unfiltered(trigger)).toEqual([]);
      expect(unfiltered(`${trigger}; DELETE FROM users`)).toEqual(["users"]);
      expect(unfiltered("WITH x AS (SELECT 1 WHERE 1) DELETE FROM tags")).toEqual(["tags"]);
      expect(unfiltered("UPDATE tags SET label = 'a' WHERE true")).toEqual([]);
      expect(unfiltered("DELETE FROM tags LIMIT -1")).toEqual(["tags"]);
    });
  });
});

describe("the cache", () => {
  it("parses a text once", async () => {
    await withDatabase(SCHEMA, (_storage, analyzer) => {
      const first = analyzer.analyze("SELECT * FROM users");
      expect(analyzer.analyze("SELECT * FROM users")).toBe(first);
      expect(analyzer.parses).toBe(1);
    });
  });

  it("is empty after the schema has changed", async () => {
    await withDatabase(SCHEMA, (storage, analyzer) => {
      expect(analyzer.analyze("SELECT * FROM later").reads).toBe("all");
      storage.exec("CREATE TABLE later (id INTEGER)");
      analyzer.schemaChanged();
      expect(analyzer.analyze("SELECT * FROM later").reads).toEqual(["later"]);
      expect(analyzer.parses).toBe(2);
    });
  });

  it("keeps the thousand texts used last, and none that is long", async () => {
    await withDatabase(SCHEMA, (_storage, analyzer) => {
      const text = (n: number): string => `SELECT ${n} FROM users`;
      for (let n = 0; n <= 1000; n++) {
        analyzer.analyze(text(n));
        analyzer.analyze(text(0));
      }
      expect(analyzer.parses).toBe(1001);
      analyzer.analyze(text(0));
      expect(analyzer.parses).toBe(1001);
      analyzer.analyze(text(1));
      expect(analyzer.parses).toBe(1002);
      const long = `SELECT '${"x".repeat(17_000)}' FROM users`;
      analyzer.analyze(long);
      analyzer.analyze(long);
      expect(analyzer.parses).toBe(1004);
    });
  });

  it("outlives the analyzer, for the same build and schema, without the parser", async () => {
    await withDatabase(SCHEMA, (storage) => {
      const sql = "SELECT * FROM users JOIN user_posts";
      const once = "SELECT * FROM tags";
      let unsaved = 0;
      const first = new Analyzer(storage, { build: "one", onUnsaved: () => void (unsaved += 1) });
      const analysis = first.analyze(sql);
      first.analyze(sql);
      first.analyze(once);
      expect(unsaved).toBe(1);
      first.save();

      const woken = new Analyzer(storage, { build: "one" });
      expect(woken.analyze(sql)).toEqual(analysis);
      expect(woken.parses).toBe(0);
      woken.analyze(once);
      expect(woken.parses).toBe(1);

      const deployed = new Analyzer(storage, { build: "two" });
      deployed.analyze(sql);
      expect(deployed.parses).toBe(1);
    });
  });

  it("is kept for one schema alone", async () => {
    await withDatabase(SCHEMA, (storage) => {
      const sql = "SELECT * FROM later";
      const before = new Analyzer(storage, { build: "one" });
      before.analyze(sql);
      before.analyze(sql);
      before.save();
      storage.exec("CREATE TABLE later (id INTEGER)").toArray();
      expect(new Analyzer(storage, { build: "one" }).analyze(sql).reads).toEqual(["later"]);
      before.schemaChanged();
      expect(before.analyze(sql).reads).toEqual(["later"]);
    });
  });

  it("keeps five hundred texts in the storage, the newest", async () => {
    await withDatabase(SCHEMA, (storage) => {
      const analyzer = new Analyzer(storage, { build: "one" });
      for (const from of [0, 400]) {
        for (let n = from; n < from + 400; n++) for (const _ of [1, 2]) analyzer.analyze(`SELECT ${n} FROM users`);
        analyzer.save();
      }
      const woken = new Analyzer(storage, { build: "one" });
      for (let n = 400; n < 800; n++) woken.analyze(`SELECT ${n} FROM users`);
      expect(woken.parses).toBe(0);
      const [row] = storage.exec("SELECT count(*) AS n FROM _edgepod_analyses").toArray();
      expect(row?.["n"]).toBe(500);
    });
  });
});
