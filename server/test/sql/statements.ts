// A schema with everything that makes table sets hard, and statements over it with the sets they must have.
import type { Tables } from "../../src/sql/analysis.ts";

export const SCHEMA = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, "order" INTEGER);
  CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, user_id INTEGER, views INTEGER DEFAULT 0);
  CREATE TABLE tags (id INTEGER PRIMARY KEY, label TEXT UNIQUE);
  CREATE TABLE Mixed (Id INTEGER PRIMARY KEY, "Some Value" TEXT);
  CREATE TABLE "we""ird" (id INTEGER PRIMARY KEY, "a.b" TEXT);
  CREATE TABLE "dot.ted" (id INTEGER PRIMARY KEY);
  CREATE TABLE "élan" (id INTEGER PRIMARY KEY);
  CREATE TABLE "select" (id INTEGER PRIMARY KEY);
  CREATE TABLE "two words" (id INTEGER PRIMARY KEY);
  CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
  CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parents (id) ON DELETE CASCADE);
  CREATE TABLE owners (id INTEGER PRIMARY KEY);
  CREATE TABLE things (id INTEGER PRIMARY KEY, owner_id INTEGER REFERENCES owners (id));
  CREATE TABLE eager (id INTEGER PRIMARY KEY ON CONFLICT REPLACE);
  CREATE TABLE followers (id INTEGER PRIMARY KEY, eager_id INTEGER REFERENCES eager (id) ON DELETE SET NULL);
  CREATE TABLE audited (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE log (id INTEGER PRIMARY KEY, line TEXT);
  CREATE TRIGGER audit AFTER INSERT ON audited BEGIN INSERT INTO log (line) VALUES (new.name); END;
  CREATE VIEW user_posts AS SELECT u.name, p.title FROM users u JOIN posts p ON p.user_id = u.id;
  CREATE VIRTUAL TABLE search USING fts5 (body);
  CREATE TABLE _edgepod_tables (id INTEGER PRIMARY KEY);
`;

export type Case = readonly [sql: string, reads: Tables, writes: Tables];

export const READS: readonly Case[] = [
  ["SELECT 1", [], []],
  ["", [], []],
  ["-- nothing", [], []],
  ["SELECT * FROM users", ["users"], []],
  ["SELECT * FROM posts, users AS u", ["posts", "users"], []],
  ["SELECT * FROM users JOIN posts ON posts.user_id = users.id", ["posts", "users"], []],
  ["SELECT * FROM users LEFT OUTER JOIN posts USING (id) NATURAL JOIN tags", ["posts", "tags", "users"], []],
  ["SELECT * FROM users FULL JOIN posts ON 1 RIGHT JOIN tags ON 1", ["posts", "tags", "users"], []],
  ["SELECT * FROM users CROSS JOIN posts", ["posts", "users"], []],
  ["WITH replace (a) AS (SELECT id FROM users) SELECT a FROM replace", ["users"], []],
  ["SELECT * FROM _edgepod_tables", "all", []],
  ["SELECT * FROM (users JOIN posts ON 1) LEFT JOIN tags ON 1", ["posts", "tags", "users"], []],
  [
    "SELECT * FROM ((users JOIN posts) JOIN (tags JOIN log)), ((SELECT 1 FROM owners))",
    ["log", "owners", "posts", "tags", "users"],
    [],
  ],
  ["SELECT (SELECT max(id) FROM posts) FROM users", ["posts", "users"], []],
  ["SELECT * FROM users WHERE id IN (SELECT user_id FROM posts)", ["posts", "users"], []],
  ["SELECT * FROM users WHERE id IN tags", ["tags", "users"], []],
  ["SELECT * FROM users WHERE (id, id, id) NOT IN main.posts AND 1", ["posts", "users"], []],
  ["SELECT * FROM users WHERE id IN ()", ["users"], []],
  ["SELECT * FROM users WHERE NOT EXISTS (SELECT 1 FROM posts WHERE user_id = users.id)", ["posts", "users"], []],
  [
    "SELECT count(*) FROM users GROUP BY (SELECT 1 FROM tags) HAVING (SELECT count(*) FROM posts) > 1",
    ["posts", "tags", "users"],
    [],
  ],
  ["SELECT * FROM users ORDER BY (SELECT 1 FROM posts) COLLATE NOCASE DESC NULLS LAST", ["posts", "users"], []],
  ["SELECT * FROM users LIMIT ? OFFSET ?", ["users"], []],
  [
    "SELECT * FROM users LIMIT (SELECT count(*) FROM posts) OFFSET (SELECT 0 FROM tags)",
    ["posts", "tags", "users"],
    [],
  ],
  ["SELECT * FROM users JOIN posts ON posts.id = (SELECT max(id) FROM tags)", ["posts", "tags", "users"], []],
  ["SELECT CASE id WHEN 1 THEN (SELECT 1 FROM posts) ELSE 2 END FROM users", ["posts", "users"], []],
  ["SELECT count(*) FILTER (WHERE id IN (SELECT id FROM posts)) FROM users", ["posts", "users"], []],
  ["SELECT sum(id) OVER (PARTITION BY name ORDER BY (SELECT 1 FROM posts)) FROM users", ["posts", "users"], []],
  [
    "SELECT sum(id) OVER w FROM users WINDOW w AS (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
    ["users"],
    [],
  ],
  ["SELECT group_concat(DISTINCT name) FROM users", ["users"], []],
  ["SELECT group_concat(name, ',' ORDER BY id DESC) FROM users", ["users"], []],
  ["SELECT cast(id AS varchar(10)) FROM users WHERE name IS NOT DISTINCT FROM ?", ["users"], []],
  ["SELECT id FROM users UNION SELECT id FROM posts", ["posts", "users"], []],
  [
    "SELECT id FROM users INTERSECT SELECT id FROM posts EXCEPT SELECT id FROM tags ORDER BY 1",
    ["posts", "tags", "users"],
    [],
  ],
  ["VALUES (1), ((SELECT id FROM users))", ["users"], []],
  ["SELECT * FROM (VALUES (1, 2), (3, 4))", [], []],
  ["SELECT * FROM users WHERE (id, name) IN (VALUES (1, 'a'))", ["users"], []],
  // A CTE hides a table only where it holds.
  ["WITH users AS (SELECT * FROM posts) SELECT * FROM users", ["posts"], []],
  ["WITH users AS (SELECT * FROM posts) SELECT * FROM main.users", ["users"], []],
  ["SELECT * FROM (WITH users AS (SELECT * FROM posts) SELECT * FROM users), users", ["posts", "users"], []],
  ["WITH a AS (SELECT * FROM b), b AS (SELECT * FROM users) SELECT * FROM a", ["users"], []],
  ["WITH a AS (WITH posts AS (SELECT 1 AS id) SELECT * FROM posts) SELECT * FROM a, posts", ["posts"], []],
  ["WITH x AS (SELECT 1) SELECT (SELECT 1 FROM (SELECT * FROM x)) FROM users", ["users"], []],
  ["WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT * FROM n", [], []],
  [
    "WITH RECURSIVE tree(id) AS (SELECT id FROM users UNION SELECT p.id FROM posts p JOIN tree ON p.user_id = tree.id) SELECT * FROM tree",
    ["posts", "users"],
    [],
  ],
  ["WITH x AS NOT MATERIALIZED (SELECT id FROM users) SELECT * FROM x", ["users"], []],
  ["WITH X AS (SELECT id FROM users) SELECT * FROM x", ["users"], []],
  [
    "SELECT CASE (CASE (id) WHEN 1 THEN 2 END) WHEN 2 THEN (SELECT 1 FROM users) END FROM posts",
    ["posts", "users"],
    [],
  ],
  // With a parser that begins again at each level these would never end.
  [`SELECT ${"CASE (".repeat(40)}1${") WHEN 1 THEN 2 END".repeat(40)} FROM posts`, ["posts"], []],
  [
    `SELECT 1 FROM posts WHERE ${"EXISTS (SELECT 1 WHERE ".repeat(40)}id NOT NULL IN ()${")".repeat(40)}`,
    ["posts"],
    [],
  ],
  // WITH is a name wherever it begins no CTE. SQLite's program shows no virtual table, so that nobody else would notice.
  ["SELECT 1 with, (SELECT count(*) FROM search)", ["search"], []],
  ["SELECT with.id FROM posts AS with WHERE with.id IN (SELECT id FROM users)", ["posts", "users"], []],
  ["SELECT id AS with FROM posts ORDER BY with, (SELECT max(id) FROM users)", ["posts", "users"], []],
  ["SELECT sum(id) OVER with, (SELECT 1 FROM tags) FROM posts WINDOW with AS (ORDER BY id)", ["posts", "tags"], []],
  ["WITH with AS (SELECT id FROM users) SELECT * FROM with", ["users"], []],
  // In a parameter's name only ASCII space ends it, so that what looks like a comment here is none.
  ["SELECT :a(\u00a0/*), (SELECT 1 FROM users -- */\n)", ["users"], []],
  // Names as they are written.
  ["SELECT * FROM main.users", ["users"], []],
  ["SELECT main.users.id FROM main.users", ["users"], []],
  ['SELECT * FROM MAIN."USERS"', ["users"], []],
  ["SELECT * FROM mixed", ["Mixed"], []],
  ["SELECT * FROM [Mixed] NOT INDEXED", ["Mixed"], []],
  ["SELECT * FROM `users` 'u'", ["users"], []],
  ["SELECT * FROM 'users'", ["users"], []],
  ['SELECT * FROM "we""ird" WHERE "a.b" = 1', ['we"ird'], []],
  ['SELECT * FROM "dot.ted"', ["dot.ted"], []],
  ['SELECT * FROM "élan"', ["élan"], []],
  ["SELECT * FROM élan", ["élan"], []],
  ['SELECT * FROM "select"', ["select"], []],
  ['SELECT "select"."id" FROM [select] JOIN "two words" ON 1', ["select", "two words"], []],
  ["SELECT '-- FROM posts', \"order\" FROM users /* FROM tags */ -- FROM log", ["users"], []],
  // What stands in a FROM clause and is no table.
  ["SELECT * FROM json_each('[1]')", [], []],
  ["SELECT * FROM users, json_each(users.name) AS j", ["users"], []],
  ["SELECT * FROM users WHERE id IN (SELECT value FROM json_each(?))", ["users"], []],
  ["SELECT * FROM users WHERE id IN json_each(?)", ["users"], []],
  ["SELECT * FROM json_tree((SELECT name FROM users))", ["users"], []],
  // Several statements.
  ["SELECT 1 FROM users; SELECT 2 FROM posts;", ["posts", "users"], []],
  // Operators that the grammar doesn't know.
  ["SELECT name -> '$', name ->> 1, name || 2, ~id, -id, id % 2 FROM users", ["users"], []],
  [
    "SELECT * FROM users WHERE name GLOB 'a*' OR name NOT LIKE ? ESCAPE '!' OR name ISNULL OR name NOT NULL",
    ["users"],
    [],
  ],
  ["SELECT * FROM users WHERE id BETWEEN ?1 AND :two OR id = @three OR id = $four OR id = 0x1F", ["users"], []],
  ["SELECT EXISTS (SELECT 1 FROM users)", ["users"], []],
  // Our own tables aren't the user's to watch.
];

/** What stands for other tables, and what nobody can be sure of. */
export const FOLLOWED_READS: readonly Case[] = [
  ["SELECT * FROM user_posts", ["posts", "users"], []],
  ["SELECT * FROM USER_POSTS AS p, tags", ["posts", "tags", "users"], []],
  ["SELECT * FROM search WHERE search MATCH 'a'", ["search"], []],
  ["SELECT * FROM search('a')", ["search"], []],
  ["SELECT * FROM sqlite_schema", "all", []],
  ["SELECT * FROM sqlite_master", "all", []],
  ["SELECT * FROM pragma_table_info('users')", "all", []],
  ["SELECT * FROM nowhere", "all", []],
  ["SELECT * FROM temp.users", "all", []],
  ["EXPLAIN SELECT * FROM users", "all", []],
  ["SELECT ) FROM users (", "all", []],
];

export const WRITES: readonly Case[] = [
  ["INSERT INTO tags (label) VALUES (?)", [], ["tags"]],
  ["INSERT INTO tags DEFAULT VALUES RETURNING *", ["tags"], ["tags"]],
  ["INSERT INTO main.tags AS t (id, label) VALUES (1, 'a'), (2, (SELECT name FROM users))", ["users"], ["tags"]],
  ["INSERT INTO tags (label) SELECT title FROM posts", ["posts"], ["tags"]],
  ["INSERT INTO tags (label) VALUES ('a') RETURNING id, (SELECT count(*) FROM users)", ["tags", "users"], ["tags"]],
  ["INSERT INTO tags (label) VALUES ('a') ON CONFLICT DO NOTHING", [], ["tags"]],
  [
    "INSERT INTO tags (label) WITH users AS (SELECT 'a' AS a) SELECT a FROM users RETURNING (SELECT count(*) FROM users)",
    ["users"],
    ["tags"],
  ],
  [
    "INSERT INTO tags (label) VALUES ('a') ON CONFLICT (label) DO UPDATE SET label = (SELECT name FROM users) WHERE EXISTS (SELECT 1 FROM posts) RETURNING *",
    ["posts", "tags", "users"],
    ["tags"],
  ],
  [
    "INSERT INTO tags (label) SELECT name FROM users WHERE true ON CONFLICT (label) DO UPDATE SET label = excluded.label",
    ["tags", "users"],
    ["tags"],
  ],
  ["INSERT INTO tags (label) VALUES ('a') ON CONFLICT DO UPDATE SET label = label || 'b'", ["tags"], ["tags"]],
  ["INSERT OR IGNORE INTO tags (label) VALUES ('a')", [], ["tags"]],
  ["INSERT OR REPLACE INTO tags (label) VALUES ('a')", [], ["tags"]],
  ["REPLACE INTO tags (label) VALUES ('a')", [], ["tags"]],
  ["WITH x AS (SELECT name FROM users) INSERT INTO tags (label) SELECT name FROM x", ["users"], ["tags"]],
  [
    "WITH x AS (SELECT name FROM users), posts AS (SELECT 1) INSERT INTO tags (label) SELECT name FROM x, posts RETURNING (SELECT count(*) FROM log)",
    ["log", "users"],
    ["tags"],
  ],
  ["INSERT INTO tags (label) WITH x AS (SELECT name FROM users) SELECT name FROM x", ["users"], ["tags"]],
  ["UPDATE tags SET label = ?", [], ["tags"]],
  // Only what stands before the first `=` is set.
  ["UPDATE tags SET label = label = 'a'", ["tags"], ["tags"]],
  ["UPDATE tags SET label = 'a', id = 2", ["tags"], ["tags"]],
  [
    "UPDATE tags AS t SET label = (SELECT name FROM users) WHERE t.id IN (SELECT id FROM posts) RETURNING (SELECT 1 FROM log)",
    ["log", "posts", "tags", "users"],
    ["tags"],
  ],
  [
    "UPDATE tags SET label = u.name FROM users AS u LEFT JOIN posts ON 1 WHERE u.id = tags.id",
    ["posts", "tags", "users"],
    ["tags"],
  ],
  ["UPDATE tags SET (id, label) = (SELECT id, name FROM users) WHERE id = 1", ["tags", "users"], ["tags"]],
  ["UPDATE OR IGNORE tags SET label = 'a', (id) = 2", ["tags"], ["tags"]],
  ["WITH tags AS (SELECT * FROM users) UPDATE tags SET label = 'a'", [], ["tags"]],
  ["WITH x AS (SELECT id FROM users) UPDATE tags SET label = 'a' WHERE id IN x", ["tags", "users"], ["tags"]],
  ["DELETE FROM tags", [], ["tags"]],
  ["DELETE FROM TAGS AS t WHERE t.id IN (SELECT id FROM posts) RETURNING *", ["posts", "tags"], ["tags"]],
  ["WITH x AS (SELECT id FROM users) DELETE FROM tags WHERE id IN (SELECT id FROM x)", ["tags", "users"], ["tags"]],
  ["INSERT INTO tags (label) VALUES ('a'); SELECT * FROM users", ["users"], ["tags"]],
  // Foreign keys without an action are only looked at.
  ["INSERT INTO parents (id) VALUES (1)", [], ["parents"]],
  ["INSERT INTO children (parent_id) VALUES (1)", ["parents"], ["children"]],
  ["DELETE FROM owners WHERE id = 1", ["owners", "things"], ["owners"]],
  ["DELETE FROM children WHERE id = 1", ["children", "parents"], ["children"]],
];

export const FOLLOWED_WRITES: readonly Case[] = [
  ["DELETE FROM parents WHERE id = 1", ["children", "parents"], ["children", "parents"]],
  ["UPDATE parents SET id = 2 WHERE id = 1", ["children", "parents"], ["parents"]],
  ["UPDATE parents SET name = 'a' WHERE id = 1", ["parents"], ["parents"]],
  ["REPLACE INTO parents (id) VALUES (1)", ["children", "parents"], ["children", "parents"]],
  ["INSERT INTO parents (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2", ["children", "parents"], ["parents"]],
  ["INSERT INTO eager (id) VALUES (1)", ["eager", "followers"], ["eager", "followers"]],
  ["INSERT INTO audited (name) VALUES ('a')", ["audited"], ["audited", "log"]],
  [
    "INSERT INTO search (body) VALUES ('a')",
    [],
    ["search", "search_config", "search_content", "search_data", "search_docsize", "search_idx"],
  ],
  ["PRAGMA foreign_keys = OFF", "all", "all"],
  ["INSERT INTO nowhere VALUES (1)", "all", "all"],
];

/** Each may change the schema. */
export const DDL: readonly string[] = [
  "CREATE TABLE x (id INTEGER)",
  "CREATE TABLE x AS SELECT * FROM users",
  "ALTER TABLE users RENAME TO people",
  "DROP VIEW user_posts",
  "CREATE TRIGGER x AFTER INSERT ON users BEGIN DELETE FROM posts; DELETE FROM tags; END",
  "SELECT 1; DROP TABLE users",
  "ANALYZE",
  "'not closed",
];
