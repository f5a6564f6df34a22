/** Random tables, and random statements on them with parameters wherever SQLite takes one. */
import type { Random } from "../../corpus/random.ts";
import type { Bound } from "../../src/guards/bind.ts";

export interface RandomCase {
  readonly schema: readonly string[];
  readonly sql: string;
  readonly params: readonly Bound[];
}

interface Text {
  readonly sql: string;
  readonly params: readonly Bound[];
}

interface Table {
  readonly columns: readonly string[];
  readonly schema: readonly string[];
}

export function randomCase(random: Random): RandomCase {
  const table = randomTable(random);
  return { schema: table.schema, ...randomStatement(random, table) };
}

function randomValue(random: Random): Bound {
  return random.pick<() => Bound>([
    () => null,
    () => random.below(5),
    () => random.below(5) + 0.5,
    () => random.pick([0, -0, 1, -1, 2 ** 53, -(2 ** 53), 1e300, 5e-324, Infinity, -Infinity, 0.1 + 0.2]),
    () => String(random.below(5)),
    () => random.pick(["", "a", "A", "1.0", " 1", "1e3", "null", "[1]", '{"a":1}', "ä\u{1f600}", "\ud800", "a\u0000b"]),
    () => `${'"\n\u0001é'.repeat(800)}${random.below(3)}`,
    () => new Uint8Array(Array.from({ length: random.below(4) }, () => random.pick([0, 49, 97, 255]))),
    () => new Uint8Array([49, 50, 51]).subarray(1).buffer,
  ])();
}

function randomTable(random: Random): Table {
  const strict = random.chance(0.15);
  const types = strict
    ? ["INTEGER", "REAL", "TEXT", "BLOB", "ANY"]
    : ["INTEGER", "REAL", "TEXT", "BLOB", "NUMERIC", ""];
  const constraints = ["", "", "", "UNIQUE", "NOT NULL DEFAULT 7", "CHECK (typeof(c1) <> 'blob')", "COLLATE NOCASE"];
  const columns = Array.from({ length: 1 + random.below(5) }, (_, index) => `c${index + 1}`);
  const defined = columns.map((name) => `${name} ${random.pick(types)} ${random.pick(constraints)}`);
  const id = random.pick(["INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT", "INTEGER UNIQUE"]);
  const reference = random.chance(0.4)
    ? [`parent INTEGER REFERENCES t (id) ${random.pick(["", "ON DELETE CASCADE"])}`]
    : [];
  const generated = random.chance(0.3)
    ? [`g ${strict ? "ANY" : ""} AS (c1 || 'g')${random.pick([" STORED", ""])}`]
    : [];
  const trigger = `CREATE TRIGGER tr AFTER INSERT ON t BEGIN
    INSERT INTO log VALUES (new.id, (SELECT count(*) FROM t), typeof(new.c1)); END`;
  const all = ["id", ...columns, ...(reference.length > 0 ? ["parent"] : [])];
  return {
    columns: all,
    schema: [
      `CREATE TABLE t (id ${id}, ${[...defined, ...reference, ...generated].join(", ")})${strict ? " STRICT" : ""}`,
      "CREATE TABLE log (a, b, c)",
      "INSERT INTO log VALUES (1, 2.5, '3'), (4, x'00', NULL)",
      // A STRICT table might take none of them.
      ...(strict ? [] : ["INSERT OR IGNORE INTO t (id, c1) VALUES (1, 1), (2, '2'), (3, 0.5)"]),
      ...(random.chance(0.3) ? [trigger] : []),
      ...(random.chance(0.3) ? ["CREATE INDEX i ON t (c1)"] : []),
    ],
  };
}

function randomStatement(random: Random, { columns }: Table): Text {
  const column = () => random.pick(columns);
  const list = () => join(times(1 + random.below(6), () => value(random)));
  const where = (): Text => {
    const not = random.pick(["", "NOT "]);
    return random.pick<() => Text>([
      () => text`${raw(column())} ${raw(not)}IN (${list()})`,
      () => text`${raw(column())} ${raw(not)}IN (${list()}) OR ${raw(column())} = ${value(random)}`,
      () =>
        text`(${raw(column())}, ${raw(column())}) ${raw(not)}IN (VALUES (${value(random)}, ${value(random)}), (${value(random)}, ${value(random)}))`,
      () =>
        text`${raw(column())} ${raw(not)}BETWEEN ${value(random)} AND ${value(random)} AND ${value(random)} IS NOT NULL`,
      () => text`${raw(column())} + 1 ${raw(not)}IN (${list()}, 1, '2')`,
    ])();
  };
  return random.pick<() => Text>([
    () => insert(random, columns),
    () => insert(random, columns),
    () => insert(random, columns),
    () => text`SELECT *, ${value(random)} AS v FROM t WHERE ${where()} ORDER BY id, 2 LIMIT ${bound(random.below(9))}`,
    () => text`SELECT id, c1 IN (${list()}) AS found, typeof(${value(random)}) AS type FROM t ORDER BY id, c1`,
    () => text`UPDATE t SET c1 = CASE id WHEN ${value(random)} THEN ${value(random)} WHEN 2 THEN ${value(random)} ELSE c1 END
      WHERE ${where()} RETURNING *`,
    () => text`DELETE FROM t WHERE ${where()} RETURNING id, typeof(${value(random)})`,
  ])();
}

function insert(random: Random, columns: readonly string[]): Text {
  const named = columns.filter((name) => (name === "id" ? random.chance(0.6) : random.chance(0.9)));
  const into = named.length === 0 ? ["c1"] : named;
  const uniform = random.chance(0.5);
  const rows = times(1 + random.below(9), (row) =>
    join(
      into.map((name) => (name === "id" && random.chance(0.8) ? bound(row + 3) : cell(random, { name, uniform, row }))),
    ),
  );
  const update = () => text`UPDATE SET c1 = coalesce(excluded.c1, ${value(random)}) || (SELECT count(*) FROM t)
    WHERE ${value(random)} IS NOT 1`;
  const conflict = random.pick<() => Text>([
    () => raw(""),
    () => raw(""),
    () => raw("ON CONFLICT DO NOTHING"),
    () => text`ON CONFLICT (id) DO ${update()}`,
    () => text`ON CONFLICT DO ${update()}`,
  ])();
  const or = random.pick(["", "", "", " OR IGNORE", " OR REPLACE", " OR FAIL"]);
  const body = join(rows.map((row) => text`(${row})`));
  return text`${raw(random.chance(0.1) ? "WITH s AS (SELECT 1) " : "")}INSERT${raw(or)} INTO t AS t (${raw(into.join(", "))})
    VALUES ${body} ${conflict} ${raw(random.chance(0.7) ? `RETURNING id, typeof(c1), *` : "")}`;
}

function cell(random: Random, { name, uniform, row }: { name: string; uniform: boolean; row: number }): Text {
  if (name === "parent") return random.chance(0.5) ? raw("NULL") : bound(1 + random.below(row + 4));
  if (uniform || random.chance(0.5)) return value(random);
  const v = () => value(random);
  return random.pick<() => Text>([
    () => raw(random.pick(["NULL", "null", "1", "-1", "1.0", "'it''s'", "x'00ff'", "true", "0x10", "1_0", "1e2"])),
    () => text`lower(${v()})`,
    () => text`${v()} || 'x'`,
    () => text`coalesce(${v()}, ${v()}, 3)`,
    () => text`CAST(${v()} AS TEXT)`,
    () => text`typeof(${v()})`,
    () => text`${v()} = '1'`,
    () => text`CASE WHEN ${v()} > ${v()} THEN ${v()} ELSE abs(-5) END`,
    () => text`json_object('a', typeof(${v()}))`,
    () => text`(SELECT count(*) FROM t)`,
    () => text`(SELECT max(id) FROM t WHERE c1 IS NOT ${v()})`,
    () => text`(SELECT count(*) FROM log WHERE a IN (${v()}, ${v()}))`,
    () => text`max(${v()}, 1)`,
    () => text`${v()} IN (${v()}, ${v()})`,
    () => text`substr(${v()}, 1, 2) COLLATE NOCASE`,
  ])();
}

function value(random: Random): Text {
  return bound(randomValue(random));
}

function bound(param: Bound): Text {
  return { sql: "?", params: [param] };
}

function raw(sql: string): Text {
  return { sql, params: [] };
}

function join(parts: readonly Text[]): Text {
  return { sql: parts.map(({ sql }) => sql).join(", "), params: parts.flatMap(({ params }) => params) };
}

function text(strings: TemplateStringsArray, ...parts: readonly Text[]): Text {
  return {
    sql: strings.map((string, index) => string + (parts[index]?.sql ?? "")).join(""),
    params: parts.flatMap(({ params }) => params),
  };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
