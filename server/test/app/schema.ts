import { integer, relations, sqliteTable, text } from "../../src/schema/index.ts";

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

export const tasksRelations = relations(tasks, ({ one }) => ({
  person: one(people, { fields: [tasks.personId], references: [people.id] }),
}));
