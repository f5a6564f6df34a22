/** A dump holds a database exactly: every value of every type, and all of its schema. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { exportStream } from "../src/dump/export.ts";
import { importLines } from "../src/dump/import.ts";
import { linesOf } from "../src/dump/lines.ts";
import { durableStorage } from "../src/pod/durable-storage.ts";
import { withoutForeignKeys } from "../src/pod/migrate.ts";
import { Versions } from "../src/reactivity/versions.ts";
import type { SqlValue, Storage } from "../src/storage.ts";

function inDatabase<T>(test: (storage: Storage) => Promise<T>): Promise<T> {
  const stub = env.BARE.getByName(crypto.randomUUID());
  return runInDurableObject(stub, async (_instance, state: DurableObjectState) => {
    const storage = durableStorage(state.storage);
    storage.exec(
      "CREATE TABLE _edgepod_migrations (id TEXT PRIMARY KEY, sql TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT",
    );
    return test(storage);
  });
}

async function dumpOf(storage: Storage): Promise<string> {
  const stream = exportStream({ storage, versions: new Versions(storage), epoch: "e", keys: "", isOver: () => false });
  return new Response(stream).text();
}

function load(storage: Storage, dump: string): Promise<unknown> {
  const bytes = new TextEncoder().encode(dump);
  // Pieces that end in the middle of characters.
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) => bytes.slice(at * 7, at * 7 + 7));
  return withoutForeignKeys(storage, () => storage.transaction(async () => importLines(storage, linesOf(pieces))));
}

const rows = (storage: Storage, sql: string): SqlValue[][] => [...storage.exec(sql).raw()];

const schemaOf = (storage: Storage) =>
  rows(
    storage,
    `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE tbl_name NOT LIKE '~_%' ESCAPE '~' AND name <> 'sqlite_sequence' ORDER BY type, name`,
  );

interface Content {
  readonly dump: string;
  readonly schema: SqlValue[][];
  /** What each of the queries gives. */
  readonly rows: SqlValue[][][];
}

async function contentOf(storage: Storage, queries: readonly string[]): Promise<Content> {
  return {
    dump: await dumpOf(storage),
    schema: schemaOf(storage),
    rows: queries.map((query) => rows(storage, query)),
  };
}

/** What is in a database, and what is in another one after the first one's dump was loaded into it. */
async function roundTrip(setUp: string | ((storage: Storage) => void), queries: readonly string[]) {
  const before = await inDatabase((storage) => {
    if (typeof setUp === "string") storage.exec(setUp).toArray();
    else setUp(storage);
    return contentOf(storage, queries);
  });
  const after = await inDatabase(async (storage) => {
    storage.exec("CREATE TABLE other (id INTEGER PRIMARY KEY); CREATE VIEW v AS SELECT * FROM other").toArray();
    await load(storage, before.dump);
    return contentOf(storage, queries);
  });
  return { before, after };
}

const EXACT = "SELECT rowid, typeof(x), quote(x), hex(x), length(x), typeof(n), quote(n) FROM t ORDER BY rowid";

describe("a value comes back as it was", () => {
  it.each([
    ["integers of 64 bits", ["9223372036854775807", "-9223372036854775808", "9007199254740993", "0", "-1"]],
    [
      "reals, whole ones too",
      ["1.0", "0.1", "1e300", "5e-324", "9007199254740993.0", "1.7976931348623157e308", "123456789.123456789"],
    ],
    ["infinity; what isn't a number is NULL to SQLite", ["9e999", "-9e999", "9e999 - 9e999"]],
    ["bytes", ["x''", "x'00'", "x'00FF7F80'", "zeroblob(20000)"]],
    [
      "text",
      [
        "''",
        "'it''s'",
        "char(0)",
        "'a' || char(0) || 'b'",
        "char(0xFEFF) || 'bom'",
        "'€😀'",
        "char(0xFFFD)",
        "'1'",
        "'line' || char(10, 13)",
        "char(0x2028)",
      ],
    ],
    ["text that isn't UTF-8", ["CAST(x'FF41C0' AS TEXT)", "CAST(x'EDA080' AS TEXT)"]],
    ["NULL", ["NULL"]],
  ])("%s", async (_, values) => {
    const setUp = `CREATE TABLE t (x, n NUMERIC); ${values.map((value) => `INSERT INTO t VALUES (${value}, ${value})`).join(";")}`;
    const { before, after } = await roundTrip(setUp, [EXACT]);
    expect(after).toEqual(before);
  });

  it("and so does a zero below zero, where SQLite keeps it", async () => {
    const { before, after } = await roundTrip(
      (storage) => {
        storage.exec("CREATE TABLE t (x, r REAL)").toArray();
        storage.exec("INSERT INTO t VALUES (?, ?)", -0, -0).toArray();
      },
      ["SELECT x, r, typeof(x) FROM t"],
    );
    expect(after).toEqual(before);
    expect(after.rows).toEqual([[[-0, 0, "real"]]]);
  });
});

describe("a schema comes back as it was", () => {
  it("rows keep their rowids, and the greatest that there ever was", async () => {
    const { before, after } = await roundTrip(
      `CREATE TABLE plain (a); INSERT INTO plain (rowid, a) VALUES (7, 'x'), (-3, 'y');
       CREATE TABLE named (rowid TEXT, oid, a); INSERT INTO named (_rowid_, rowid, a) VALUES (42, 'not the rowid', 1);
       CREATE TABLE nameless (rowid, oid, _rowid_); INSERT INTO nameless VALUES (3, 1, 1), (2, 2, 2);
       CREATE TABLE descending (id INTEGER PRIMARY KEY DESC, a); INSERT INTO descending (rowid, id) VALUES (5, 9);
       CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, a);
       INSERT INTO counted (a) VALUES (1), (2); DELETE FROM counted WHERE id = 2;`,
      [
        "SELECT rowid, a FROM plain",
        "SELECT _rowid_, rowid, a FROM named",
        "SELECT * FROM nameless",
        "SELECT rowid, id FROM descending",
        "SELECT name, seq FROM sqlite_sequence WHERE name = 'counted'",
      ],
    );
    expect(after).toEqual(before);
    expect(after.rows.at(-1)).toEqual([["counted", 2]]);
  });

  it("tables of every kind: without rowid, strict, with generated columns, with a hundred columns, with odd names", async () => {
    const columns = Array.from({ length: 100 }, (_, at) => `c${at}`);
    const { before, after } = await roundTrip(
      `CREATE TABLE keyed (a TEXT COLLATE NOCASE, b, v, PRIMARY KEY (b, a COLLATE BINARY)) WITHOUT ROWID;
       INSERT INTO keyed VALUES ('A', 1, 1), ('a', 1, 2), ('x', x'00', 3), ('x', '5', 4), ('x', 9223372036854775807, 5), ('x', 1.5, 6);
       CREATE TABLE strict (i INTEGER, r REAL, t TEXT, b BLOB, a ANY) STRICT; INSERT INTO strict VALUES (1, 1, '1', x'31', 1.0);
       CREATE TABLE made (a INTEGER, b AS (a * 2) STORED, c AS (a + 1) VIRTUAL, d); INSERT INTO made (a, d) VALUES (1, 'd');
       CREATE TABLE wide (${columns.join(", ")}); INSERT INTO wide (rowid, c0, c99) VALUES (5, 1, 'last');
       CREATE TABLE "odd ""name"" é" ("a ""b", "select"); INSERT INTO "odd ""name"" é" VALUES (1, 2);`,
      [
        "SELECT * FROM keyed ORDER BY v",
        "SELECT * FROM strict",
        "SELECT * FROM made",
        "SELECT rowid, c0, c1, c99 FROM wide",
        `SELECT * FROM "odd ""name"" é"`,
      ],
    );
    expect(after).toEqual(before);
  });

  it("pages end anywhere, and no row is lost or doubled", async () => {
    const { before, after } = await roundTrip(
      `CREATE TABLE many (a); CREATE TABLE pairs (a TEXT COLLATE NOCASE, b, PRIMARY KEY (a COLLATE BINARY, b)) WITHOUT ROWID;
       CREATE TABLE nameless (rowid, oid, _rowid_); CREATE TABLE long (id INTEGER PRIMARY KEY, t);
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1703)
       INSERT INTO many (rowid, a) SELECT i * 3 - 900, i FROM n;
       INSERT INTO nameless SELECT a, a, a FROM many;
       INSERT INTO pairs SELECT CASE a % 3 WHEN 0 THEN 'k' WHEN 1 THEN 'K' ELSE 'k' || char(0) END, CASE a / 3 % 2 WHEN 0 THEN a / 3 ELSE (a / 3) || '' END FROM many;
       INSERT INTO long SELECT a, CASE a % 5 WHEN 0 THEN CAST(x'FF' AS TEXT) ELSE '' END || hex(zeroblob(9000)) FROM many WHERE a < 200;`,
      [
        "SELECT count(*), sum(rowid), sum(a) FROM many",
        "SELECT count(*), sum(rowid) FROM nameless",
        "SELECT count(*), sum(b) FROM pairs",
        "SELECT count(*), sum(length(t)), sum(hex(t) LIKE 'FF%') FROM long",
      ],
    );
    expect(after).toEqual(before);
  });

  it("indexes, views and triggers, which do nothing while the rows come", async () => {
    const { before, after } = await roundTrip(
      `CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE log (entry);
       CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id) ON DELETE CASCADE);
       CREATE UNIQUE INDEX by_name ON parents (lower(name)) WHERE name IS NOT NULL;
       CREATE VIEW names AS SELECT name FROM parents;
       CREATE TRIGGER named INSTEAD OF INSERT ON names BEGIN INSERT INTO parents (name) VALUES (new.name); END;
       CREATE TRIGGER added AFTER INSERT ON parents BEGIN INSERT INTO log VALUES (new.name); END;
       INSERT INTO names VALUES ('Ada'); INSERT INTO children (parent) VALUES (1);`,
      ["SELECT * FROM log", "SELECT * FROM children"],
    );
    expect(after).toEqual(before);
    expect(after.rows).toEqual([[["Ada"]], [[1, 1]]]);
  });

  it("full-text tables, with their own text or another table's, and R-trees", async () => {
    const { before, after } = await roundTrip(
      `CREATE TABLE docs (id INTEGER PRIMARY KEY, title, body); INSERT INTO docs VALUES (1, 'one', 'the first text'), (9, 'nine', 'another');
       CREATE VIRTUAL TABLE own USING fts5(title, note UNINDEXED); INSERT INTO own (rowid, title, note) VALUES (5, 'hello world', 'n');
       CREATE VIRTUAL TABLE shown USING fts5(title, body, content='docs', content_rowid='id'); INSERT INTO shown(shown) VALUES ('rebuild');
       CREATE VIRTUAL TABLE terms USING fts5vocab(own, row);
       CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 0.5, 2);`,
      [
        "SELECT rowid, * FROM own WHERE own MATCH 'hello'",
        "SELECT rowid FROM shown WHERE shown MATCH 'another'",
        "SELECT term FROM terms ORDER BY term",
        "SELECT * FROM boxes",
      ],
    );
    expect(after).toEqual(before);
    expect(after.rows[1]).toEqual([[9]]);
  });

  it("except for a full-text table that keeps no text: that is refused, and not lost in silence", () =>
    inDatabase(async (storage) => {
      storage
        .exec("CREATE VIRTUAL TABLE found USING fts5(t, content=''); INSERT INTO found (rowid, t) VALUES (1, 'x')")
        .toArray();
      await expect(dumpOf(storage)).rejects.toMatchObject({ code: "UNSUPPORTED_STATEMENT" });
    }));
});

it("leaves the engine's own tables where they are, but for the history of the schema", async () => {
  const { before, after } = await roundTrip(
    `CREATE TABLE _edgepod_calls (key); INSERT INTO _edgepod_calls VALUES ('secret');
     INSERT INTO _edgepod_migrations VALUES ('0001', 'CREATE …', '2026');`,
    ["SELECT * FROM _edgepod_migrations"],
  );
  expect(after).toEqual(before);
  expect(after.dump).not.toContain("secret");
});
