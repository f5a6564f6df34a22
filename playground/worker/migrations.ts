/** How the pod's database came to be, oldest first. What has been applied somewhere is never changed: add to the end. */
import type { Migration } from "@edgepod/server";

export const migrations: readonly Migration[] = [
  {
    id: "0001_board",
    sql: `
      CREATE TABLE people (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);
      CREATE TABLE projects (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL);
      CREATE TABLE tasks (
        id INTEGER PRIMARY KEY NOT NULL,
        title TEXT NOT NULL,
        done INTEGER DEFAULT false NOT NULL,
        project_id INTEGER NOT NULL REFERENCES projects (id),
        assignee_id INTEGER REFERENCES people (id)
      );
      CREATE INDEX tasks_by_project ON tasks (project_id);
      CREATE TABLE notes (id INTEGER PRIMARY KEY NOT NULL, text TEXT NOT NULL, written_at INTEGER NOT NULL);
    `,
  },
  {
    id: "0002_something_to_look_at",
    sql: `
      INSERT INTO people (id, name) VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Katherine'), (4, 'Linus');
      INSERT INTO projects (id, name) VALUES (1, 'Greenhouse'), (2, 'Workshop'), (3, 'Website');
      INSERT INTO tasks (title, done, project_id, assignee_id) VALUES
        ('Sow the tomatoes', true, 1, 1),
        ('Mend the roof vent', false, 1, 2),
        ('Order potting soil', false, 1, NULL),
        ('Sharpen the chisels', true, 2, 4),
        ('Build a cold frame', false, 2, 2),
        ('Publish the opening hours', false, 3, 3);
      INSERT INTO notes (text, written_at) VALUES
        ('The key to the shed hangs behind the clock.', 1792573200000);
    `,
  },
  {
    // The index is kept by triggers: whatever writes a title, SQLite writes it there as well, and the pod knows it.
    id: "0003_search_and_activity",
    sql: `
      CREATE VIRTUAL TABLE task_search USING fts5 (title);
      INSERT INTO task_search (rowid, title) SELECT id, title FROM tasks;
      CREATE TRIGGER tasks_found AFTER INSERT ON tasks BEGIN
        INSERT INTO task_search (rowid, title) VALUES (new.id, new.title);
      END;
      CREATE TRIGGER tasks_found_anew AFTER UPDATE OF title ON tasks BEGIN
        UPDATE task_search SET title = new.title WHERE rowid = new.id;
      END;
      CREATE TRIGGER tasks_lost AFTER DELETE ON tasks BEGIN
        DELETE FROM task_search WHERE rowid = old.id;
      END;
      CREATE TABLE activity (
        id INTEGER PRIMARY KEY NOT NULL,
        what TEXT NOT NULL,
        title TEXT NOT NULL,
        at INTEGER NOT NULL
      );
      INSERT INTO activity (what, title, at)
        SELECT 'added', title, 1792573200000 + id * 60000 FROM tasks ORDER BY id;
    `,
  },
];
