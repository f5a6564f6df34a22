/** The schema of the corpus, once for SQLite and once for Drizzle: everything that makes table sets hard. */
import { relations } from "drizzle-orm";
import { integer, primaryKey, sqliteTable, sqliteView, text } from "drizzle-orm/sqlite-core";

export const SCHEMA = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, invited_by INTEGER REFERENCES users (id) ON DELETE SET NULL, age INTEGER);
  CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, views INTEGER DEFAULT 0, owner_id INTEGER REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE);
  CREATE TABLE comments (id INTEGER PRIMARY KEY, body TEXT, post_id INTEGER REFERENCES posts (id) ON DELETE CASCADE, author_id INTEGER REFERENCES users ON UPDATE SET NULL);
  CREATE TABLE tags (id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT UNIQUE) STRICT;
  CREATE TABLE posts_to_tags (post_id INTEGER REFERENCES posts (id) ON DELETE CASCADE, tag_id INTEGER REFERENCES tags (id), PRIMARY KEY (post_id, tag_id)) WITHOUT ROWID;
  CREATE TABLE "order" (id INTEGER PRIMARY KEY, "group" TEXT, "select" INTEGER, doubled INTEGER AS ("select" * 2));
  CREATE TABLE "Odd Names" (id INTEGER PRIMARY KEY, "some value" TEXT, "a.b" TEXT, "größe" INTEGER);
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE audit (id INTEGER PRIMARY KEY, line TEXT, at TEXT);
  CREATE TABLE counters (name TEXT PRIMARY KEY ON CONFLICT REPLACE, n INTEGER);
  CREATE INDEX posts_owner ON posts (owner_id, views);
  CREATE INDEX settings_value ON settings (value) WHERE value IS NOT NULL;
  CREATE VIEW popular AS SELECT p.id, p.title, u.name AS owner FROM posts AS p LEFT JOIN users AS u ON u.id = p.owner_id WHERE p.views > 10;
  CREATE VIEW talk AS WITH posts AS (SELECT id AS post_id, body FROM comments) SELECT popular.id, popular.title, posts.body FROM popular JOIN posts ON posts.post_id = popular.id;
  CREATE VIEW "All Values" AS SELECT "some value" AS v FROM "Odd Names" UNION SELECT value FROM settings;
  CREATE TRIGGER settings_audit AFTER UPDATE OF value ON settings WHEN old.value IS NOT new.value
    BEGIN INSERT INTO audit (line, at) VALUES (old.key || CASE WHEN new.value THEN 'a' ELSE 'b' END, datetime('now')); END;
  CREATE TRIGGER audit_count AFTER INSERT ON audit
    BEGIN INSERT INTO counters (name, n) VALUES ('audit', (SELECT count(*) FROM audit)); END;
  CREATE TRIGGER tags_gone BEFORE DELETE ON tags BEGIN DELETE FROM posts_to_tags WHERE tag_id = old.id; END;
  CREATE TRIGGER popular_insert INSTEAD OF INSERT ON popular
    BEGIN INSERT INTO posts (title, views, owner_id) SELECT new.title, 11, id FROM users WHERE name = new.owner; END;
  CREATE TRIGGER popular_delete INSTEAD OF DELETE ON popular BEGIN UPDATE posts SET views = 0 WHERE id = old.id; END;
  CREATE VIRTUAL TABLE notes USING fts5 (body);
  CREATE VIRTUAL TABLE search USING fts5 (title, content='posts', content_rowid='id');
  CREATE VIRTUAL TABLE words USING fts5vocab ('notes', 'row');
  CREATE TRIGGER posts_search_in AFTER INSERT ON posts BEGIN INSERT INTO search (rowid, title) VALUES (new.id, new.title); END;
  CREATE TRIGGER posts_search_out AFTER DELETE ON posts
    BEGIN INSERT INTO search (search, rowid, title) VALUES ('delete', old.id, old.title); END;
`;

/** A few rows, so that writes have something to change. */
export const ROWS = `
  INSERT INTO users (id, name, invited_by, age) VALUES (1, 'ada', NULL, 36), (2, 'bob', 1, 20), (3, 'cy', 1, 52), (4, 'di', 2, 8);
  INSERT INTO posts (id, title, views, owner_id) VALUES (1, 'one', 5, 1), (2, 'two', 20, 2), (3, 'three', 30, 2), (4, 'four', 0, 3);
  INSERT INTO comments (id, body, post_id, author_id) VALUES (1, 'a', 1, 2), (2, 'b', 2, 3), (3, 'c', 3, 1), (4, 'd', 2, NULL);
  INSERT INTO tags (id, label) VALUES (1, 'x'), (2, 'y'), (3, 'z');
  INSERT INTO posts_to_tags VALUES (1, 1), (1, 2), (2, 2);
  INSERT INTO "order" (id, "group", "select") VALUES (1, 'a', 1), (2, 'b', 2), (3, NULL, 3);
  INSERT INTO "Odd Names" VALUES (1, 'v', 'ab', 1), (2, 'w', 'cd', 2);
  INSERT INTO settings VALUES ('theme', 'dark'), ('lang', 'de'), ('zoom', NULL);
  INSERT INTO notes (body) VALUES ('hello world'), ('hello there');
`;

export const users = sqliteTable("users", {
  id: integer("id").primaryKey(),
  name: text("name"),
  invitedBy: integer("invited_by"),
  age: integer("age"),
});
export const posts = sqliteTable("posts", {
  id: integer("id").primaryKey(),
  title: text("title"),
  views: integer("views").default(0),
  ownerId: integer("owner_id"),
});
export const comments = sqliteTable("comments", {
  id: integer("id").primaryKey(),
  body: text("body"),
  postId: integer("post_id"),
  authorId: integer("author_id"),
});
export const tags = sqliteTable("tags", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  label: text("label"),
});
export const postsToTags = sqliteTable(
  "posts_to_tags",
  { postId: integer("post_id").notNull(), tagId: integer("tag_id").notNull() },
  (table) => [primaryKey({ columns: [table.postId, table.tagId] })],
);
export const order = sqliteTable("order", {
  id: integer("id").primaryKey(),
  group: text("group"),
  select: integer("select"),
});
export const odd = sqliteTable("Odd Names", {
  id: integer("id").primaryKey(),
  value: text("some value"),
  dotted: text("a.b"),
  size: integer("größe"),
});
export const settings = sqliteTable("settings", { key: text("key").primaryKey(), value: text("value") });
export const popular = sqliteView("popular", {
  id: integer("id"),
  title: text("title"),
  owner: text("owner"),
}).existing();
export const talk = sqliteView("talk", { id: integer("id"), title: text("title"), body: text("body") }).existing();

// The keys of relations aren't names of tables, and some are those of other tables.
export const usersRelations = relations(users, ({ one, many }) => ({
  settings: one(users, { fields: [users.invitedBy], references: [users.id], relationName: "invitation" }),
  guests: many(users, { relationName: "invitation" }),
  articles: many(posts),
  remarks: many(comments),
}));
export const postsRelations = relations(posts, ({ one, many }) => ({
  author: one(users, { fields: [posts.ownerId], references: [users.id] }),
  comments: many(comments),
  labels: many(postsToTags),
}));
export const commentsRelations = relations(comments, ({ one }) => ({
  post: one(posts, { fields: [comments.postId], references: [posts.id] }),
  tags: one(users, { fields: [comments.authorId], references: [users.id] }),
}));
export const tagsRelations = relations(tags, ({ many }) => ({ links: many(postsToTags) }));
export const postsToTagsRelations = relations(postsToTags, ({ one }) => ({
  post: one(posts, { fields: [postsToTags.postId], references: [posts.id] }),
  tag: one(tags, { fields: [postsToTags.tagId], references: [tags.id] }),
}));
