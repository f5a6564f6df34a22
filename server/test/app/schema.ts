import { blob, integer, real, relations, sqliteTable, text } from "../../src/schema/index.ts";

export const people = sqliteTable("people", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
});

export const tasks = sqliteTable("tasks", {
  id: integer("id").primaryKey(),
  title: text("title").notNull(),
  done: integer("done", { mode: "boolean" }).notNull().default(false),
  personId: integer("person_id").references(() => people.id),
});

export const notes = sqliteTable("notes", {
  id: integer("id").primaryKey(),
  text: text("text").notNull(),
  at: integer("at", { mode: "timestamp_ms" }),
});

export const items = sqliteTable("items", {
  id: integer("id").primaryKey(),
  name: text("name").unique(),
  n: real("n"),
  flag: integer("flag", { mode: "boolean" }),
  bytes: blob("bytes", { mode: "buffer" }).$type<Uint8Array>(),
});

/** A tree. */
export const nodes = sqliteTable("nodes", {
  id: integer("id").primaryKey(),
  parentId: integer("parent_id"),
  label: text("label"),
  rank: integer("rank"),
});

/** As many columns as a table may have, but for its id. */
export const WIDE_COLUMNS = Array.from({ length: 99 }, (_, index) => `c${index}`);

export const wide = sqliteTable("wide", {
  id: integer("id").primaryKey(),
  ...Object.fromEntries(WIDE_COLUMNS.map((name) => [name, integer(name)])),
});

export const tasksRelations = relations(tasks, ({ one }) => ({
  person: one(people, { fields: [tasks.personId], references: [people.id] }),
}));
