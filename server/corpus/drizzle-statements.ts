/** Random statements of the real Drizzle builder: every feature of its SQLite dialect, in every combination that chance makes. */
import * as orm from "drizzle-orm";
import type { SQL, SQLWrapper, Subquery } from "drizzle-orm";
import * as core from "drizzle-orm/sqlite-core";
import type { AnySQLiteColumn, SQLiteTable, SQLiteView } from "drizzle-orm/sqlite-core";
import { drizzle } from "drizzle-orm/sqlite-proxy";
import type { Random } from "./random.ts";
import * as schema from "./schema.ts";

const { sql } = orm;
const db = drizzle(async () => ({ rows: [] }), { schema });
const TABLES = [
  schema.users,
  schema.posts,
  schema.comments,
  schema.tags,
  schema.postsToTags,
  schema.order,
  schema.odd,
  schema.settings,
] as const;
const RELATIONAL = {
  users: schema.users,
  posts: schema.posts,
  comments: schema.comments,
  tags: schema.tags,
  postsToTags: schema.postsToTags,
};
type Relational = keyof typeof RELATIONAL;
const RELATIONS: Record<Relational, Record<string, Relational>> = {
  users: { settings: "users", guests: "users", articles: "posts", remarks: "comments" },
  posts: { author: "users", comments: "comments", labels: "postsToTags" },
  comments: { post: "posts", tags: "users" },
  tags: { links: "postsToTags" },
  postsToTags: { post: "posts", tag: "tags" },
};

type Column = AnySQLiteColumn;

/** One random statement's text, or `null` where the builder itself refuses the combination. */
export function drizzleStatement(random: Random): string | null {
  try {
    const kind = random.below(20);
    if (kind < 9) return select(random, 2).toSQL().sql;
    if (kind < 11) return compound(random).toSQL().sql;
    if (kind < 14) return relational(random).toSQL().sql;
    if (kind < 16) return insert(random);
    if (kind < 18) return update(random);
    if (kind < 19) return remove(random);
    return withCte(random);
  } catch {
    return null;
  }
}

function columnsOf(table: SQLiteTable): Column[] {
  return Object.values(orm.getTableColumns(table));
}

/** Anything that stands in FROM, with the columns that it has. */
interface Source {
  readonly from: SQLiteTable | SQLiteView | Subquery;
  readonly columns: readonly SQLWrapper[];
}

let aliases = 0;

function source(random: Random, depth: number): Source {
  const table = random.pick(TABLES);
  const choice = random.below(10);
  if (choice < 5 || depth === 0) return { from: table, columns: columnsOf(table) };
  if (choice < 7) {
    // An alias like another table's name hides nothing.
    const name = random.chance(0.3) ? random.pick(["users", "posts", "tags"]) + ++aliases : `t${++aliases}`;
    const alias = core.alias(table, name);
    return { from: alias, columns: columnsOf(alias) };
  }
  if (choice < 8) {
    const view = random.pick([schema.popular, schema.talk]);
    return { from: view, columns: [view.id, view.title] };
  }
  const inner = select(random, depth - 1, table).as(random.chance(0.2) ? "comments" + ++aliases : `s${++aliases}`);
  return {
    from: inner,
    columns: [sql`${sql.identifier(`s${aliases}`)}.${sql.identifier("c0")}`],
  };
}

function condition(random: Random, columns: readonly SQLWrapper[], depth: number): SQL | undefined {
  const column = random.pick(columns) as Column;
  const other = random.pick(columns) as Column;
  switch (random.below(depth > 0 ? 17 : 10)) {
    case 0:
      return orm.eq(column, 1);
    case 1:
      return orm.ne(column, other);
    case 2:
      return orm.between(column, 1, 5);
    case 3:
      return orm.inArray(column, [1, 2, 3].slice(random.below(4)));
    case 4:
      return orm.like(column, "a%");
    case 5:
      return orm.isNull(column);
    case 6:
      return orm.notInArray(column, [7]);
    case 7:
      return orm.gte(column, sql.placeholder("least"));
    case 8:
      return sql`${column} glob 'a*' collate nocase`;
    case 9:
      return sql`${column} is not distinct from ${other}`;
    case 10:
      return orm.and(condition(random, columns, depth - 1), condition(random, columns, depth - 1));
    case 11:
      return orm.or(condition(random, columns, depth - 1), orm.isNotNull(column));
    case 12:
      return orm.not(orm.gt(column, 2));
    case 13:
      return orm.exists(select(random, depth - 1));
    case 14:
      return orm.notExists(select(random, depth - 1));
    case 15:
      return orm.inArray(column, one(random, depth - 1));
    default:
      return sql`${column} in (select value from json_each(${"[1,2]"}))`;
  }
}

/** A select of one column. */
function one(random: Random, depth: number) {
  const { from, columns } = source(random, depth);
  const query = db
    .select({ c0: sql`${random.pick(columns)}`.as("c0") })
    .from(from)
    .$dynamic();
  return random.chance(0.5) ? query.where(condition(random, columns, depth)) : query;
}

function field(random: Random, columns: readonly SQLWrapper[], depth: number): SQL {
  const column = random.pick(columns) as Column;
  switch (random.below(depth > 0 ? 11 : 8)) {
    case 0:
      return orm.count();
    case 1:
      return orm.count(column);
    case 2:
      return sql`${orm.max(column)}`;
    case 3:
      return sql`coalesce(${column}, ${0})`;
    case 4:
      return sql`row_number() over (partition by ${column} order by ${column} desc nulls last rows between 1 preceding and current row)`;
    case 5:
      return sql`sum(${column}) filter (where ${column} > 1)`;
    case 6:
      return sql`case when ${column} then cast(${column} as text) else ${column} ->> '$.a' end`;
    case 7:
      return sql`json_group_array(json_object('a', ${column}))`;
    case 8:
      return sql`(${one(random, depth - 1).limit(1)})`;
    case 9:
      return sql`exists ${select(random, depth - 1)}`;
    default:
      return db.$count(random.pick(TABLES));
  }
}

function select(random: Random, depth: number, table?: SQLiteTable) {
  const first = table ? { from: table, columns: columnsOf(table) } : source(random, depth);
  let columns: readonly SQLWrapper[] = first.columns;
  const fields: Record<string, SQL.Aliased> = { c0: sql`${random.pick(columns)}`.as("c0") };
  for (let n = random.below(3); n > 0; n--) fields[`c${n}`] = sql`${field(random, columns, depth)}`.as(`c${n}`);
  const builder = random.chance(0.1) ? db.selectDistinct(fields) : db.select(fields);
  let query = builder.from(first.from).$dynamic();
  for (let n = depth > 0 ? random.below(3) : 0; n > 0; n--) {
    const joined = source(random, depth - 1);
    columns = [...columns, ...joined.columns];
    query = join(query, joined.from, random.chance(0.2) ? null : condition(random, columns, depth - 1), random);
  }
  if (random.chance(0.6)) query = query.where(condition(random, columns, depth));
  if (random.chance(0.2)) query = query.groupBy(random.pick(columns) as Column);
  if (random.chance(0.1))
    query = query.groupBy(random.pick(columns) as Column).having(condition(random, columns, depth));
  if (random.chance(0.3)) query = query.orderBy(random.pick([orm.asc, orm.desc])(random.pick(columns) as Column));
  if (random.chance(0.05) && depth > 0) query = query.orderBy(sql`(${one(random, 0)})`);
  if (random.chance(0.3)) query = query.limit(random.chance(0.2) ? sql.placeholder("n") : 5);
  if (random.chance(0.1)) query = query.limit(3).offset(1);
  return query;
}

/** The query with another source. Its type forgets which columns may be NULL, which no text depends on. */
function join<Q extends Joinable>(query: Q, from: Source["from"], on: SQL | undefined | null, random: Random): Q {
  if (on === null) query.crossJoin(from);
  else query[random.pick(["innerJoin", "leftJoin", "rightJoin", "fullJoin"] as const)](from, on);
  // A dynamic query is changed in place.
  return query;
}

type Joinable = Record<
  "innerJoin" | "leftJoin" | "rightJoin" | "fullJoin",
  (from: Source["from"], on: SQL | undefined) => unknown
> & {
  crossJoin(from: Source["from"]): unknown;
};

function compound(random: Random) {
  const operator = random.pick([core.union, core.unionAll, core.intersect, core.except]);
  const query = operator(one(random, 1), one(random, 1), ...(random.chance(0.3) ? [one(random, 1)] : []));
  return random.chance(0.4) ? query.orderBy(sql`1`).limit(4) : query;
}

function relational(random: Random) {
  const name = random.pick(["users", "posts", "comments", "tags", "postsToTags"] as const);
  const config = relation(random, name, 3);
  const query = db.query[name] as (typeof db.query)["users"];
  return random.chance(0.3) ? query.findFirst(config) : query.findMany(config);
}

function relation(random: Random, name: Relational, depth: number): object {
  const columns = columnsOf(RELATIONAL[name]);
  const related = depth > 0 ? random.some(Object.entries(RELATIONS[name]), 0.4) : [];
  return {
    ...(related.length > 0 && {
      with: Object.fromEntries(
        related.map(([key, to]) => [key, random.chance(0.4) ? true : relation(random, to, depth - 1)]),
      ),
    }),
    ...(random.chance(0.3) && { where: condition(random, columns, 1) }),
    ...(random.chance(0.3) && { orderBy: orm.desc(random.pick(columns)) }),
    ...(random.chance(0.3) && { limit: 3 }),
    ...(random.chance(0.2) && { extras: { n: sql`(${one(random, 0)})`.as("n") } }),
  };
}

function cte(random: Random) {
  // Often named like a table, whose name it then hides.
  const name = random.pick(["users", "posts", "tags", "recent", "Odd Names", "order"]);
  return db.$with(name).as(one(random, 1));
}

function withCte(random: Random): string {
  const expression = cte(random);
  const column = sql`${sql.identifier("c0")}`;
  const ids = db.select({ c0: column }).from(expression);
  switch (random.below(5)) {
    case 0:
      return db.with(expression).select({ c0: column }).from(expression).where(orm.gt(column, 1)).toSQL().sql;
    case 1: {
      const table = random.pick(TABLES);
      return db
        .with(expression)
        .select()
        .from(table)
        .leftJoin(expression, sql`true`)
        .toSQL().sql;
    }
    case 2: {
      const table = random.pick(TABLES);
      return db
        .with(expression)
        .delete(table)
        .where(orm.inArray(random.pick(columnsOf(table)), ids))
        .toSQL().sql;
    }
    case 3:
      return db.with(expression).update(schema.posts).set({ views: 1 }).where(orm.inArray(schema.posts.id, ids)).toSQL()
        .sql;
    default:
      return db
        .with(expression)
        .insert(schema.tags)
        .select(db.select({ id: sql`null`.as("id"), label: sql`c0`.as("label") }).from(expression) as never)
        .toSQL().sql;
  }
}

function value(random: Random): SQL | number | string {
  return random.chance(0.15) ? sql`(${one(random, 0).limit(1)})` : random.pick([1, 2, "a"]);
}

function row(random: Random, table: SQLiteTable): Record<string, unknown> {
  return Object.fromEntries(
    random.some(Object.keys(orm.getTableColumns(table)), 0.7).map((key) => [key, value(random)]),
  );
}

function insert(random: Random): string {
  const table = random.pick(TABLES) as typeof schema.posts;
  const columns = columnsOf(table);
  if (random.chance(0.15)) {
    const fields = Object.fromEntries(Object.keys(orm.getTableColumns(table)).map((key) => [key, sql`1`.as(key)]));
    return db
      .insert(table)
      .select(db.select(fields).from(random.pick(TABLES)) as never)
      .toSQL().sql;
  }
  const rows = Array.from({ length: 1 + random.below(3) }, () => row(random, table));
  let query = db.insert(table).values(rows).$dynamic();
  const target = columns[0];
  const choice = random.below(6);
  if (choice === 0) query = query.onConflictDoNothing();
  if (choice === 1 && target) query = query.onConflictDoNothing({ target });
  if (choice === 2 && target) {
    const set = {
      [Object.keys(orm.getTableColumns(table)).at(-1) ?? ""]: random.chance(0.3)
        ? value(random)
        : sql`excluded.${sql.identifier(columns.at(-1)?.name ?? "")}`,
    };
    query = query.onConflictDoUpdate({
      target,
      set,
      ...(random.chance(0.4) && { setWhere: condition(random, columns, 1) as SQL }),
    });
  }
  return (random.chance(0.3) ? query.returning() : query).toSQL().sql;
}

function update(random: Random): string {
  const table = random.pick(TABLES) as typeof schema.posts;
  const set = { ...row(random, table), [Object.keys(orm.getTableColumns(table)).at(-1) ?? ""]: value(random) };
  const columns = columnsOf(table);
  const where = random.chance(0.8) ? condition(random, columns, 2) : undefined;
  const query = db.update(table).set(set);
  const other = source(random, 1).from;
  switch (random.below(10)) {
    case 0:
      return text(random, query.from(other).where(where));
    case 1:
      return text(
        random,
        query
          .from(other)
          .leftJoin(source(random, 0).from, sql`true`)
          .where(where),
      );
    default:
      return text(random, query.where(where));
  }
}

interface Emits {
  toSQL(): { readonly sql: string };
}

function text(random: Random, query: Emits & { returning(): Emits }): string {
  return (random.chance(0.3) ? query.returning() : query).toSQL().sql;
}

function remove(random: Random): string {
  const table = random.pick(TABLES) as typeof schema.posts;
  const query = db.delete(table).$dynamic();
  const filtered = random.chance(0.85) ? query.where(condition(random, columnsOf(table), 2)) : query;
  return (random.chance(0.3) ? filtered.returning() : filtered).toSQL().sql;
}
