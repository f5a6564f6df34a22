/** Random statements as people write them by hand, with what no builder emits: SQLite's whole grammar over any schema. */
import type { Random } from "./random.ts";

/** A table or view that statements may name, and its columns. */
export interface Relation {
  readonly name: string;
  readonly columns: readonly string[];
  /** Whether rows can be written by statements at all. */
  readonly writable: boolean;
}

/** Names that hide tables, with the columns that they have. */
type Scope = readonly Relation[];

export function rawStatement(random: Random, relations: readonly Relation[]): string {
  return new Writer(random, relations).statement();
}

class Writer {
  readonly #random: Random;
  readonly #relations: readonly Relation[];
  #aliases = 0;

  constructor(random: Random, relations: readonly Relation[]) {
    this.#random = random;
    this.#relations = relations;
  }

  statement(): string {
    const random = this.#random;
    const kind = random.below(10);
    const [prefix, scope] = random.chance(0.25) ? this.#with([], 2) : ["", []];
    if (kind < 6) return `${prefix}${this.#select(scope, 2, prefix === "")}`;
    const target = random.pick(this.#relations.filter(({ writable }) => writable));
    const returning = random.chance(0.2)
      ? ` RETURNING ${random.pick(["*", `(${this.#one(scope, 0)})`, this.#column(target)])}`
      : "";
    if (kind < 8) return `${prefix}${this.#insert(target, scope)}${returning}`;
    if (kind < 9) return `${prefix}${this.#update(target, scope)}${returning}`;
    const where = random.chance(0.85) ? ` WHERE ${this.#condition([target], scope, 2)}` : "";
    return `${prefix}DELETE FROM ${this.#table(target)}${where}${returning}`;
  }

  #with(outer: Scope, depth: number): [text: string, scope: Scope] {
    const random = this.#random;
    const ctes: string[] = [];
    let scope = outer;
    for (let n = 1 + random.below(2); n > 0; n--) {
      // Half of them hide a table, in another case as often as not.
      const name = random.chance(0.5) ? random.pick(this.#relations).name : `cte${++this.#aliases}`;
      const columns = random.chance(0.3) ? "(c0)" : "";
      const hint = random.chance(0.1) ? random.pick(["MATERIALIZED ", "NOT MATERIALIZED "]) : "";
      ctes.push(`${this.#quote(name)}${columns} AS ${hint}(${this.#one(scope, depth - 1)})`);
      scope = [...scope, { name, columns: ["c0"], writable: false }];
    }
    return [`${random.pick(["WITH", "with", "WITH RECURSIVE"])} ${ctes.join(", ")} `, scope];
  }

  /** A select of one column, called c0. */
  #one(scope: Scope, depth: number): string {
    return this.#select(scope, Math.max(depth, 0), false);
  }

  #select(scope: Scope, depth: number, wide: boolean): string {
    const random = this.#random;
    const choice = random.below(12);
    if (choice === 0 && depth > 0) {
      const operator = random.pick(["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]);
      return `${this.#core(scope, depth - 1, false)} ${operator} ${this.#core(scope, depth - 1, false)}`;
    }
    if (choice === 1) return `VALUES (${this.#value(scope, depth)}), (1)`;
    if (choice === 2 && depth > 0) {
      const [text, inner] = this.#with(scope, depth);
      return text + this.#core(inner, depth - 1, wide);
    }
    return this.#core(scope, depth, wide);
  }

  #core(scope: Scope, depth: number, wide: boolean): string {
    const random = this.#random;
    const { text, relations } = this.#from(scope, depth);
    const column = () => this.#column(random.pick(relations));
    const parts = [`SELECT ${random.chance(0.1) ? "DISTINCT " : ""}${this.#expression(relations, scope, depth)} AS c0`];
    if (wide && random.chance(0.4)) parts[0] += `, ${this.#expression(relations, scope, depth)}`;
    parts.push(`FROM ${text}`);
    if (random.chance(0.6)) parts.push(`WHERE ${this.#condition(relations, scope, depth)}`);
    if (random.chance(0.15)) parts.push(`GROUP BY ${column()}`);
    if (random.chance(0.05)) parts.push(`GROUP BY 1 HAVING ${this.#condition(relations, scope, depth)}`);
    const query = parts.join(" ");
    if (!wide || !random.chance(0.3)) return query;
    const limit = random.pick(["LIMIT 3", "LIMIT ? OFFSET ?", "LIMIT 1, 2", `LIMIT (${this.#one(scope, 0)})`]);
    return `${query} ORDER BY ${column()} ${random.pick(["", "DESC", "COLLATE NOCASE ASC NULLS LAST"])} ${limit}`;
  }

  #from(scope: Scope, depth: number): { text: string; relations: Relation[] } {
    const random = this.#random;
    const first = this.#source(scope, depth);
    let text = first.text;
    const relations = [first.relation];
    for (let n = depth > 0 ? random.below(3) : 0; n > 0; n--) {
      const next = this.#source(scope, depth - 1);
      relations.push(next.relation);
      const join = random.pick([
        ",",
        "JOIN",
        "LEFT JOIN",
        "LEFT OUTER JOIN",
        "CROSS JOIN",
        "INNER JOIN",
        "RIGHT JOIN",
        "FULL OUTER JOIN",
      ]);
      const on = join === "," || join === "CROSS JOIN" ? "" : ` ON ${this.#condition(relations, scope, depth - 1)}`;
      text =
        random.chance(0.15) && join !== ","
          ? `(${text} ${join} ${next.text}${on})`
          : `${text} ${join} ${next.text}${on}`;
    }
    return { text, relations };
  }

  #source(scope: Scope, depth: number): { text: string; relation: Relation } {
    const random = this.#random;
    const alias = `a${++this.#aliases}`;
    const as = `${random.pick([" AS ", " "])}${random.pick([alias, `"${alias}"`, `[${alias}]`])}`;
    const choice = random.below(10);
    if (choice === 0 && depth > 0) {
      return {
        text: `(${this.#one(scope, depth - 1)})${as}`,
        relation: { name: alias, columns: ["c0"], writable: false },
      };
    }
    if (choice === 1) {
      return { text: `json_each('[1,2]')${as}`, relation: { name: alias, columns: ["value"], writable: false } };
    }
    const hidden = random.chance(0.4) && scope.length > 0;
    const relation = hidden ? random.pick(scope) : random.pick(this.#relations);
    // What a CTE hides is still there under the schema's name.
    const last = scope.findLast(({ name }) => name.toLowerCase() === relation.name.toLowerCase());
    if (last && !hidden)
      return { text: `main.${this.#quote(relation.name)}${as}`, relation: { ...relation, name: alias } };
    return {
      text: `${last ? this.#quote(relation.name) : this.#table(relation)}${as}`,
      relation: { ...(last ?? relation), name: alias },
    };
  }

  #expression(relations: readonly Relation[], scope: Scope, depth: number): string {
    const random = this.#random;
    const column = () => this.#column(random.pick(relations));
    switch (random.below(depth > 0 ? 13 : 9)) {
      case 0:
        return `count(${random.pick(["*", column(), `DISTINCT ${column()}`])})`;
      case 1:
        return `${column()} || '''FROM users' || ${column()}`;
      case 2:
        return `sum(${column()}) FILTER (WHERE ${column()} IN (1, 2))`;
      case 3:
        return `rank() OVER (PARTITION BY ${column()} ORDER BY ${column()} DESC ROWS UNBOUNDED PRECEDING)`;
      case 4:
        return `CAST(${column()} AS DECIMAL(10, 2)) -- FROM tags\n`;
      case 5:
        return `CASE ${column()} WHEN 1 THEN 'a' ELSE ${column()} ->> '$' END /* , users */`;
      case 6:
        return random.pick([
          "?",
          "?3",
          ":name",
          "@name",
          "$name",
          "x'00ff'",
          "1e3",
          "0x1F",
          "-1",
          "NULL",
          "current_date",
        ]);
      case 7:
      case 8:
        return column();
      case 9:
        return `(${this.#one(scope, depth - 1)})`;
      case 10:
        return `EXISTS (${this.#one(scope, depth - 1)})`;
      case 11:
        return `iif(${this.#condition(relations, scope, depth - 1)}, 1, (${this.#one(scope, 0)}))`;
      default:
        return `max(${column()}) OVER (ORDER BY (${this.#one(scope, 0)}))`;
    }
  }

  #condition(relations: readonly Relation[], scope: Scope, depth: number): string {
    const random = this.#random;
    const column = () => this.#column(random.pick(relations));
    switch (random.below(depth > 0 ? 15 : 9)) {
      case 0:
        return `${column()} IS NOT ${random.pick(["NULL", "DISTINCT FROM 1", column()])}`;
      case 1:
        return `${column()} ${random.pick(["ISNULL", "NOTNULL", "NOT NULL"])}`;
      case 2:
        return `${column()} ${random.pick(["LIKE 'a!%' ESCAPE '!'", "GLOB 'a*'", "NOT LIKE ?", "NOT GLOB 'b'"])}`;
      case 3:
        return `${column()} NOT BETWEEN ? AND ${column()}`;
      case 4:
        return `${column()} ${random.pick(["=", "==", "<>", "!=", "<=", "IS"])} ${random.pick(["1", "?", "'x'", column()])}`;
      case 5:
        return `${column()} IN (${random.pick(["", "1", "1, 2, ?"])})`;
      case 6:
        return `(${column()}, ${column()}) < (1, 2)`;
      case 7:
        return `${column()} COLLATE nocase = 'a'`;
      case 8:
        return `~${column()} & 1 = 0`;
      case 9:
        return `${column()} ${random.pick(["IN", "NOT IN"])} (${this.#one(scope, depth - 1)})`;
      case 10: {
        const hidden = scope.filter(({ columns }) => columns.length === 1);
        return hidden.length > 0 ? `${column()} IN ${this.#quote(random.pick(hidden).name)}` : `${column()} > 1`;
      }
      case 11:
        return `NOT EXISTS (${this.#one(scope, depth - 1)})`;
      case 12:
        return `(${this.#condition(relations, scope, depth - 1)} OR ${this.#condition(relations, scope, depth - 1)})`;
      case 13:
        return `${this.#condition(relations, scope, depth - 1)} AND NOT ${this.#condition(relations, scope, depth - 1)}`;
      default:
        return `${column()} = (${this.#one(scope, depth - 1)})`;
    }
  }

  #insert(target: Relation, scope: Scope): string {
    const random = this.#random;
    const how = random.pick([
      "INSERT INTO",
      "INSERT INTO",
      "INSERT OR REPLACE INTO",
      "INSERT OR IGNORE INTO",
      "REPLACE INTO",
    ]);
    const columns = target.columns.slice(0, 1 + random.below(target.columns.length));
    const list = `(${columns.map((name) => this.#quote(name)).join(", ")})`;
    const into = `${how} ${this.#table(target)} ${list}`;
    const choice = random.below(10);
    if (choice === 0) return `${how} ${this.#table(target)} DEFAULT VALUES`;
    if (choice < 3) {
      const { text, relations } = this.#from(scope, 1);
      return `${into} SELECT ${columns.map(() => this.#expression(relations, scope, 0)).join(", ")} FROM ${text} WHERE true${this.#upsert(target, scope)}`;
    }
    const row = () => `(${columns.map(() => this.#value(scope, 1)).join(", ")})`;
    return `${into} VALUES ${Array.from({ length: 1 + random.below(2) }, row).join(", ")}${this.#upsert(target, scope)}`;
  }

  #upsert(target: Relation, scope: Scope): string {
    const random = this.#random;
    if (!random.chance(0.3)) return "";
    if (random.chance(0.3)) return " ON CONFLICT DO NOTHING";
    const [key] = target.columns;
    const column = this.#quote(random.pick(target.columns));
    const value = random.pick([`excluded.${column}`, `(${this.#one(scope, 0)})`, "1"]);
    const where = random.chance(0.4) ? ` WHERE EXISTS (${this.#one(scope, 0)})` : "";
    return ` ON CONFLICT (${this.#quote(key ?? "")}) DO UPDATE SET ${column} = ${value}${where}`;
  }

  #update(target: Relation, scope: Scope): string {
    const random = this.#random;
    const names = random.some(target.columns, 0.4);
    const columns = names.length > 0 ? names : [random.pick(target.columns)];
    const row = random.chance(0.15) && columns.length > 1;
    const set = row
      ? `(${columns.map((name) => this.#quote(name)).join(", ")}) = (${columns.map((_, n) => n + 1).join(", ")})`
      : columns.map((name) => `${this.#quote(name)} = ${this.#value(scope, 1)}`).join(", ");
    const alias = random.chance(0.2) ? ` AS a${++this.#aliases}` : "";
    const relations = [alias === "" ? target : { ...target, name: alias.slice(4) }];
    const from = random.chance(0.25) ? this.#from(scope, 1) : null;
    const where = random.chance(0.8)
      ? ` WHERE ${this.#condition([...relations, ...(from?.relations ?? [])], scope, 1)}`
      : "";
    const or = random.pick(["", "", "OR REPLACE ", "OR IGNORE "]);
    return `UPDATE ${or}${this.#table(target)}${alias} SET ${set}${from ? ` FROM ${from.text}` : ""}${where}`;
  }

  #value(scope: Scope, depth: number): string {
    const random = this.#random;
    if (depth > 0 && random.chance(0.2)) return `(${this.#one(scope, depth - 1)})`;
    return random.pick(["1", "2", "?", "'a'", "'b'", "NULL", "1 + 1", "random()"]);
  }

  #column({ name, columns }: Relation): string {
    const column = this.#quote(this.#random.pick(columns));
    return /^a\d+$/.test(name) ? `${name}.${column}` : `${this.#quote(name)}.${column}`;
  }

  #table({ name }: Relation): string {
    return (this.#random.chance(0.1) ? this.#random.pick(["main.", '"main".', "MAIN."]) : "") + this.#quote(name);
  }

  #quote(name: string): string {
    const random = this.#random;
    const cased = random.chance(0.1) ? name.replace(/[a-z]/g, (letter) => letter.toUpperCase()) : name;
    if (/^[a-z_]\w*$/i.test(name) && !/^(?:order|group|select)$/i.test(name) && random.chance(0.6)) return cased;
    const brackets = name.includes("]") ? [] : [`[${cased}]`];
    return random.pick([
      `"${cased.replaceAll('"', '""')}"`,
      `"${cased.replaceAll('"', '""')}"`,
      `\`${cased}\``,
      ...brackets,
    ]);
  }
}
