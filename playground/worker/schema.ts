import { index, integer, relations, sqliteTable, text } from "@edgepod/server/schema";

export const people = sqliteTable("people", {
  id: integer().primaryKey(),
  name: text().notNull(),
});

export const projects = sqliteTable("projects", {
  id: integer().primaryKey(),
  name: text().notNull(),
});

export const tasks = sqliteTable(
  "tasks",
  {
    id: integer().primaryKey(),
    title: text().notNull(),
    done: integer({ mode: "boolean" }).notNull().default(false),
    projectId: integer("project_id")
      .notNull()
      .references(() => projects.id),
    assigneeId: integer("assignee_id").references(() => people.id),
  },
  (table) => [index("tasks_by_project").on(table.projectId)],
);

/** What happened, in words that stay when the task goes. Each mutation adds a line in its own transaction. */
export const activity = sqliteTable("activity", {
  id: integer().primaryKey(),
  what: text({ enum: ["added", "done", "reopened", "changed", "deleted"] }).notNull(),
  title: text().notNull(),
  at: integer({ mode: "timestamp_ms" }).notNull(),
});

/** Read by no screen that shows tasks, and the other way round. */
export const notes = sqliteTable("notes", {
  id: integer().primaryKey(),
  text: text().notNull(),
  writtenAt: integer("written_at", { mode: "timestamp_ms" }).notNull(),
});

export const peopleRelations = relations(people, ({ many }) => ({ tasks: many(tasks) }));

export const projectsRelations = relations(projects, ({ many }) => ({ tasks: many(tasks) }));

export const tasksRelations = relations(tasks, ({ one }) => ({
  project: one(projects, { fields: [tasks.projectId], references: [projects.id] }),
  assignee: one(people, { fields: [tasks.assigneeId], references: [people.id] }),
}));
