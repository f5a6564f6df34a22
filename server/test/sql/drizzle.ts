// Statements that the real Drizzle builder emits: what the parser is measured on.
import {
  and,
  asc,
  between,
  count,
  desc,
  eq,
  exists,
  gt,
  inArray,
  isNull,
  like,
  ne,
  not,
  or,
  relations,
  sql,
  sum,
} from "drizzle-orm";
import {
  alias,
  except,
  integer,
  intersect,
  primaryKey,
  sqliteTable,
  text,
  union,
  unionAll,
} from "drizzle-orm/sqlite-core";
import { drizzle } from "drizzle-orm/sqlite-proxy";

export const SCHEMA = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, invited_by INTEGER, created_at INTEGER);
  CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, views INTEGER DEFAULT 0, owner_id INTEGER);
  CREATE TABLE groups (id INTEGER PRIMARY KEY, "display name" TEXT);
  CREATE TABLE users_to_groups (user_id INTEGER, group_id INTEGER, PRIMARY KEY (user_id, group_id));
`;

const users = sqliteTable("users", {
  id: integer("id").primaryKey(),
  name: text("name").notNull().unique(),
  invitedBy: integer("invited_by"),
  createdAt: integer("created_at", { mode: "timestamp" }),
});
const posts = sqliteTable("posts", {
  id: integer("id").primaryKey(),
  title: text("title").notNull(),
  views: integer("views").default(0),
  ownerId: integer("owner_id"),
});
const groups = sqliteTable("groups", { id: integer("id").primaryKey(), displayName: text("display name") });
const usersToGroups = sqliteTable(
  "users_to_groups",
  { userId: integer("user_id"), groupId: integer("group_id") },
  (table) => [primaryKey({ columns: [table.userId, table.groupId] })],
);
// The keys of relations aren't names of tables.
const usersRelations = relations(users, ({ one, many }) => ({
  inviter: one(users, { fields: [users.invitedBy], references: [users.id] }),
  articles: many(posts),
  memberships: many(usersToGroups),
}));
const postsRelations = relations(posts, ({ one }) => ({
  author: one(users, { fields: [posts.ownerId], references: [users.id] }),
}));
const groupsRelations = relations(groups, ({ many }) => ({ members: many(usersToGroups) }));
const usersToGroupsRelations = relations(usersToGroups, ({ one }) => ({
  user: one(users, { fields: [usersToGroups.userId], references: [users.id] }),
  group: one(groups, { fields: [usersToGroups.groupId], references: [groups.id] }),
}));

const db = drizzle(async () => ({ rows: [] }), {
  schema: {
    users,
    posts,
    groups,
    usersToGroups,
    usersRelations,
    postsRelations,
    groupsRelations,
    usersToGroupsRelations,
  },
});

const author = alias(users, "author");
const popular = db.$with("popular").as(db.select({ ownerId: posts.ownerId }).from(posts).where(gt(posts.views, 10)));
const shadow = db.$with("groups").as(db.select({ id: posts.id }).from(posts));
const sub = db
  .select({ ownerId: posts.ownerId, n: count().as("n") })
  .from(posts)
  .groupBy(posts.ownerId)
  .as("sub");
// A function, because `where` changes the query it is called on.
const ids = () => db.select({ id: usersToGroups.userId }).from(usersToGroups);
const p = sql.placeholder;

interface Emits {
  toSQL(): { readonly sql: string };
}

const READS: readonly (readonly [Emits, ...tables: string[]])[] = [
  [db.select().from(users), "users"],
  [db.select().from(users).limit(10).offset(5), "users"],
  [db.select({ n: count() }).from(users), "users"],
  [db.selectDistinct({ name: users.name }).from(users).orderBy(desc(users.name), asc(users.id)), "users"],
  [
    db
      .select()
      .from(users)
      .where(and(eq(users.id, 1), or(like(users.name, "a%"), isNull(users.invitedBy)))),
    "users",
  ],
  [
    db
      .select()
      .from(users)
      .where(inArray(users.id, [1, 2, 3])),
    "users",
  ],
  [db.select().from(users).where(inArray(users.id, [])), "users"],
  [db.select().from(users).where(inArray(users.id, ids())), "users", "users_to_groups"],
  [
    db
      .select()
      .from(users)
      .where(exists(ids().where(eq(usersToGroups.userId, users.id)))),
    "users",
    "users_to_groups",
  ],
  [
    db
      .select()
      .from(users)
      .where(not(between(users.id, 1, 2))),
    "users",
  ],
  [db.select().from(users).innerJoin(posts, eq(posts.ownerId, users.id)), "posts", "users"],
  [
    db
      .select()
      .from(users)
      .leftJoin(posts, and(eq(posts.ownerId, users.id), ne(posts.id, 1))),
    "posts",
    "users",
  ],
  [db.select().from(users).rightJoin(posts, eq(posts.ownerId, users.id)), "posts", "users"],
  [db.select().from(users).fullJoin(posts, eq(posts.ownerId, users.id)), "posts", "users"],
  [db.select().from(users).crossJoin(groups), "groups", "users"],
  [
    db.select().from(posts).leftJoin(author, eq(author.id, posts.ownerId)).where(eq(author.name, "a")),
    "posts",
    "users",
  ],
  [db.select().from(sub).innerJoin(users, eq(users.id, sub.ownerId)), "posts", "users"],
  [db.select().from(db.select().from(groups).limit(1).as("first")), "groups"],
  [
    db
      .with(popular)
      .select()
      .from(users)
      .where(inArray(users.id, db.select().from(popular))),
    "posts",
    "users",
  ],
  [db.with(popular).select().from(popular).leftJoin(users, eq(users.id, popular.ownerId)), "posts", "users"],
  [db.with(shadow).select().from(shadow), "posts"],
  [db.select({ id: users.id, n: db.$count(posts, eq(posts.ownerId, users.id)) }).from(users), "posts", "users"],
  [db.select({ n: sql<number>`(select count(*) from ${groups})` }).from(users), "groups", "users"],
  [
    db
      .select({ o: users.invitedBy, n: sum(users.id) })
      .from(users)
      .groupBy(users.invitedBy)
      .having(({ n }) => gt(n, 1)),
    "users",
  ],
  [db.select({ n: sql`count(*) filter (where ${users.id} > 1)` }).from(users), "users"],
  [
    db.select({ n: sql`row_number() over (partition by ${users.name} order by ${users.id} desc)` }).from(users),
    "users",
  ],
  [
    db
      .select()
      .from(users)
      .where(sql`${users.name} like ${"a!%"} escape '!'`),
    "users",
  ],
  [
    db
      .select()
      .from(users)
      .where(sql`${users.name} = ${"a"} collate nocase`),
    "users",
  ],
  [
    db
      .select()
      .from(users)
      .where(eq(users.id, p("id")))
      .limit(p("limit")),
    "users",
  ],
  [
    db
      .select()
      .from(users)
      .where(sql`${users.id} in (select value from json_each(${"[1]"}))`),
    "users",
  ],
  [union(db.select({ id: users.id }).from(users), db.select({ id: posts.id }).from(posts)).limit(2), "posts", "users"],
  [
    unionAll(db.select({ id: users.id }).from(users), db.select({ id: posts.id }).from(posts)).orderBy(sql`1`),
    "posts",
    "users",
  ],
  [intersect(db.select({ id: users.id }).from(users), db.select({ id: groups.id }).from(groups)), "groups", "users"],
  [except(db.select({ id: users.id }).from(users), db.select({ id: groups.id }).from(groups)), "groups", "users"],
  [db.query.users.findMany(), "users"],
  [db.query.users.findFirst({ where: eq(users.id, 1), columns: { name: true } }), "users"],
  [db.query.users.findMany({ with: { articles: true } }), "posts", "users"],
  [
    db.query.users.findMany({ with: { inviter: { with: { articles: { limit: 3, orderBy: desc(posts.id) } } } } }),
    "posts",
    "users",
  ],
  [
    db.query.posts.findFirst({ with: { author: { columns: { id: true } } }, orderBy: asc(posts.title), offset: 1 }),
    "posts",
    "users",
  ],
  [
    db.query.groups.findMany({ with: { members: { with: { user: { with: { articles: true } } } } } }),
    "groups",
    "posts",
    "users",
    "users_to_groups",
  ],
  [
    db.query.users.findMany({ extras: { n: sql<number>`(select count(*) from ${groups})`.as("n") } }),
    "groups",
    "users",
  ],
  [
    db.query.usersToGroups.findMany({ with: { group: true }, where: gt(usersToGroups.userId, p("min")) }),
    "groups",
    "users_to_groups",
  ],
];

const row = { name: "a", invitedBy: 1, createdAt: new Date(0) };

// What is written first, then what is read.
const WRITES: readonly (readonly [Emits, string, ...tables: string[]])[] = [
  [db.insert(users).values(row), "users"],
  [
    db
      .insert(users)
      .values([row, row, { name: sql`(select max(title) from ${posts})` }])
      .returning(),
    "users",
    "posts",
    "users",
  ],
  [db.insert(users).values(row).onConflictDoNothing(), "users"],
  [
    db.insert(users).values(row).onConflictDoNothing({ target: users.name }).returning({ id: users.id }),
    "users",
    "users",
  ],
  [
    db
      .insert(users)
      .values(row)
      .onConflictDoUpdate({ target: users.name, set: { name: sql`excluded.name` } }),
    "users",
    "users",
  ],
  [
    db
      .insert(users)
      .values(row)
      .onConflictDoUpdate({
        target: users.name,
        set: { invitedBy: sql`(select 1 from ${groups})` },
        setWhere: gt(users.id, 3),
      })
      .returning(),
    "users",
    "groups",
    "users",
  ],
  [db.insert(groups).select(db.select({ id: users.id, displayName: users.name }).from(users)), "groups", "users"],
  [
    db
      .with(popular)
      .insert(groups)
      .select(db.select({ id: popular.ownerId, displayName: sql`'x'`.as("d") }).from(popular)),
    "groups",
    "posts",
  ],
  [db.insert(usersToGroups).values({ userId: 1, groupId: 2 }), "users_to_groups"],
  [db.update(users).set({ name: "b" }), "users"],
  [
    db
      .update(users)
      .set({ name: sql`upper(${users.name})` })
      .where(eq(users.id, 1))
      .returning(),
    "users",
    "users",
  ],
  [
    db.update(users).set({ name: posts.title }).from(posts).where(eq(posts.ownerId, users.id)),
    "users",
    "posts",
    "users",
  ],
  [
    db
      .update(posts)
      .set({ views: 1 })
      .from(users)
      .leftJoin(groups, eq(groups.id, users.id))
      .where(eq(posts.ownerId, users.id)),
    "posts",
    "groups",
    "posts",
    "users",
  ],
  [
    db
      .with(popular)
      .update(users)
      .set({ name: "c" })
      .where(inArray(users.id, db.select().from(popular))),
    "users",
    "posts",
    "users",
  ],
  [db.update(posts).set({ views: 0 }).where(eq(posts.id, 1)).orderBy(posts.id).limit(1), "posts", "posts"],
  [db.delete(users), "users"],
  [
    db
      .delete(users)
      .where(eq(users.id, p("id")))
      .returning({ id: users.id }),
    "users",
    "users",
  ],
  [
    db
      .with(popular)
      .delete(posts)
      .where(inArray(posts.ownerId, db.select().from(popular))),
    "posts",
    "posts",
  ],
  [
    db.delete(posts).where(inArray(posts.ownerId, ids())).orderBy(posts.id).limit(2),
    "posts",
    "posts",
    "users_to_groups",
  ],
];

export const STATEMENTS: readonly (readonly [sql: string, reads: readonly string[], writes: readonly string[]])[] = [
  ...READS.map(([query, ...tables]) => [query.toSQL().sql, tables, []] as const),
  ...WRITES.map(([query, target, ...tables]) => [query.toSQL().sql, tables, [target]] as const),
];
