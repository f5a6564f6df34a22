import type { Migration } from "../../src/index.ts";

export const migrations: readonly Migration[] = [
  {
    id: "0001_tables",
    sql: `
      CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
      CREATE TABLE lists (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
      CREATE TABLE tasks (
        id INTEGER PRIMARY KEY, title TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0,
        list_id INTEGER REFERENCES lists (id) ON DELETE CASCADE,
        person_id INTEGER REFERENCES people (id) ON DELETE SET NULL
      );
      CREATE TABLE notes (
        id INTEGER PRIMARY KEY, text TEXT NOT NULL, task_id INTEGER REFERENCES tasks (id) ON DELETE CASCADE
      );
      CREATE TABLE journal (id INTEGER PRIMARY KEY, entry TEXT NOT NULL);
      CREATE VIRTUAL TABLE found USING fts5(title);
      INSERT INTO people (id, name) VALUES (1, 'ada'), (2, 'grace'), (3, 'mary');
      INSERT INTO lists (id, name) VALUES (1, 'home'), (2, 'work');
    `,
  },
  {
    id: "0002_views_and_triggers",
    sql: `
      CREATE VIEW open_tasks AS
        SELECT tasks.id, tasks.title, tasks.person_id, lists.name AS list
        FROM tasks JOIN lists ON lists.id = tasks.list_id WHERE NOT tasks.done;
      CREATE VIEW busy_people AS
        SELECT people.name, count(*) AS n FROM people JOIN open_tasks ON open_tasks.person_id = people.id
        GROUP BY people.id;
      CREATE TRIGGER tasks_added AFTER INSERT ON tasks BEGIN
        INSERT INTO journal (entry) VALUES ('added ' || new.title);
        INSERT INTO found (rowid, title) VALUES (new.id, new.title);
      END;
      CREATE TRIGGER tasks_deleted AFTER DELETE ON tasks BEGIN
        INSERT INTO journal (entry) VALUES ('deleted ' || old.title);
        DELETE FROM found WHERE rowid = old.id;
      END;
    `,
  },
];
