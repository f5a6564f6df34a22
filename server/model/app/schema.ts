/** The model's tables: small, and tied together by every means by which a write may reach a table that it doesn't name. */
import { integer, relations, sqliteTable, text } from "../../src/schema/index.ts";

export const people = sqliteTable("people", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
});

export const lists = sqliteTable("lists", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
});

export const tasks = sqliteTable("tasks", {
  id: integer("id").primaryKey(),
  title: text("title").notNull(),
  done: integer("done", { mode: "boolean" }).notNull().default(false),
  listId: integer("list_id").references(() => lists.id, { onDelete: "cascade" }),
  personId: integer("person_id").references(() => people.id, { onDelete: "set null" }),
});

export const notes = sqliteTable("notes", {
  id: integer("id").primaryKey(),
  text: text("text").notNull(),
  taskId: integer("task_id").references(() => tasks.id, { onDelete: "cascade" }),
});

/** Written by triggers alone. */
export const journal = sqliteTable("journal", {
  id: integer("id").primaryKey(),
  entry: text("entry").notNull(),
});

export const listsRelations = relations(lists, ({ many }) => ({ entries: many(tasks) }));

export const tasksRelations = relations(tasks, ({ one }) => ({
  list: one(lists, { fields: [tasks.listId], references: [lists.id] }),
  person: one(people, { fields: [tasks.personId], references: [people.id] }),
}));
