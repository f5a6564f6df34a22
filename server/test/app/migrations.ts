import type { Migration } from "../../src/index.ts";
import { WIDE_COLUMNS } from "./schema.ts";

export const migrations: readonly Migration[] = [
  {
    id: "0001_board",
    sql: `
      CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
      CREATE TABLE tasks (
        id INTEGER PRIMARY KEY, title TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0,
        person_id INTEGER REFERENCES people (id)
      );
      INSERT INTO people (id, name) VALUES (1, 'Ada'), (2, 'Grace');
    `,
  },
  {
    id: "0002_notes",
    sql: `
      CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, at INTEGER);
      CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n REAL, flag INTEGER, bytes BLOB, anything);
      CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES nodes (id), label TEXT, rank INTEGER);
      CREATE TABLE wide (id INTEGER PRIMARY KEY, ${WIDE_COLUMNS.map((name) => `${name} INTEGER`).join(", ")});
    `,
  },
];
