/** Random schemas: tables that point to each other with every action, views over views, triggers that write elsewhere. */
import type { Random } from "./random.ts";
import type { Relation } from "./raw-statements.ts";

export interface RandomSchema {
  readonly sql: readonly string[];
  readonly rows: readonly string[];
  readonly relations: readonly Relation[];
}

const COLUMNS = ["id", "a", "b", "c"] as const;
const ACTIONS = ["", "", "CASCADE", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"] as const;

export function randomSchema(random: Random): RandomSchema {
  const tables = Array.from({ length: 3 + random.below(4) }, (_, index) => `t${index}`);
  const sql = tables.map((name) => table(random, name, tables));
  const relations: Relation[] = tables.map((name) => ({ name, columns: COLUMNS, writable: true }));
  const indexed = random.chance(0.3) ? random.pick(tables) : null;
  if (indexed !== null) {
    sql.push(`CREATE VIRTUAL TABLE ft USING fts5 (a, content='${indexed}', content_rowid='id')`);
    sql.push(
      `CREATE TRIGGER ft_in AFTER INSERT ON ${indexed} BEGIN INSERT INTO ft (rowid, a) VALUES (new.id, new.a); END`,
    );
    relations.push({ name: "ft", columns: ["a"], writable: false });
  }
  const views: string[] = [];
  for (let n = random.below(4); n > 0; n--) {
    const name = `v${n}`;
    sql.push(`CREATE VIEW ${name} AS ${view(random, [...tables, ...views])}`);
    views.push(name);
  }
  for (let n = random.below(5); n > 0; n--) {
    const on = views.length > 0 && random.chance(0.25) ? random.pick(views) : random.pick(tables);
    sql.push(trigger(random, `r${n}`, on, { tables, isView: views.includes(on) }));
  }
  for (const name of views) {
    const writable = sql.some((text) => text.includes("INSTEAD OF") && text.includes(` ON ${name} `));
    relations.push({ name, columns: COLUMNS, writable });
  }
  return { sql, rows: tables.flatMap((name) => rows(random, name)), relations };
}

function table(random: Random, name: string, tables: readonly string[]): string {
  const replace = random.chance(0.1) ? " ON CONFLICT REPLACE" : "";
  const pointer = () => {
    if (!random.chance(0.5)) return "";
    const to = random.pick(tables);
    const column = random.pick(["", " (id)", " (id)", " (c)"]);
    const actions = [`ON DELETE ${random.pick(ACTIONS)}`, `ON UPDATE ${random.pick(ACTIONS)}`].filter(
      (text) => !text.endsWith(" "),
    );
    const deferred = random.chance(0.15) ? " DEFERRABLE INITIALLY DEFERRED" : "";
    return ` REFERENCES ${to}${column} ${actions.join(" ")}${deferred}`;
  };
  const c = random.chance(0.15) ? "c INTEGER AS (b + 100) STORED UNIQUE" : `c INTEGER DEFAULT 2 UNIQUE${replace}`;
  const tail = random.pick(["", "", "", " WITHOUT ROWID", " STRICT"]);
  return `CREATE TABLE ${name} (id INTEGER PRIMARY KEY${replace}, a INTEGER DEFAULT 1${pointer()}, b INTEGER${pointer()}, ${c})${tail}`;
}

function view(random: Random, names: readonly string[]): string {
  const one = random.pick(names);
  const two = random.pick(names);
  return random.pick([
    `SELECT * FROM ${one} WHERE a > 1`,
    `SELECT x.id, x.a, y.b, y.c FROM ${one} AS x LEFT JOIN ${two} AS y ON y.id = x.a`,
    `SELECT * FROM ${one} UNION SELECT * FROM ${two}`,
    `WITH ${two} AS (SELECT * FROM ${one}) SELECT * FROM ${two}`.replace(
      `AS (SELECT * FROM ${two})`,
      `AS (SELECT * FROM main.${two})`,
    ),
    `SELECT id, a, (SELECT count(*) FROM ${two}) AS b, c FROM ${one}`,
  ]);
}

function trigger(
  random: Random,
  name: string,
  on: string,
  { tables, isView }: { tables: readonly string[]; isView: boolean },
): string {
  const event = random.pick(["INSERT", "DELETE", "UPDATE", `UPDATE OF ${random.pick(["a", "b", "c", "id"])}`]);
  const row = event === "DELETE" ? "old" : "new";
  const when = random.chance(0.2) ? ` WHEN EXISTS (SELECT 1 FROM ${random.pick(tables)} WHERE id = ${row}.id)` : "";
  const steps = Array.from({ length: 1 + random.below(2) }, () => {
    const to = random.pick(tables);
    return random.pick([
      `INSERT OR IGNORE INTO ${to} (id, a, b) VALUES (${row}.id + 10, ${row}.a, 1)`,
      `INSERT OR REPLACE INTO ${to} (id, a, b) SELECT id, ${row}.a, b FROM ${random.pick(tables)} LIMIT 1`,
      `INSERT INTO ${to} (a, b) VALUES (1, 2) ON CONFLICT DO UPDATE SET a = ${row}.a`,
      `UPDATE ${to} SET a = ${row}.a WHERE id = ${row}.id`,
      `UPDATE OR REPLACE ${to} SET id = id + 1 WHERE id = (SELECT max(id) FROM ${random.pick(tables)})`,
      `DELETE FROM ${to} WHERE id = ${row}.a`,
    ]);
  });
  const timing = isView ? "INSTEAD OF" : random.pick(["BEFORE", "AFTER"]);
  return `CREATE TRIGGER ${name} ${timing} ${event} ON ${on} FOR EACH ROW${when} BEGIN ${steps.join("; ")}; END`;
}

function rows(random: Random, name: string): string[] {
  return [1, 2, 3, 4].map((id) => {
    const pick = () => random.pick(["1", "2", "3", "4", "NULL"]);
    return `INSERT INTO ${name} (id, a, b) VALUES (${id}, ${pick()}, ${pick()})`;
  });
}
