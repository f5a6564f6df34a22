import { describe, expect, it } from "vitest";
import { Explainer } from "../src/explain.ts";

const SCHEMA = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE tasks (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id) ON DELETE CASCADE, done INTEGER);
  CREATE TABLE comments (id INTEGER PRIMARY KEY, task_id INTEGER REFERENCES tasks (id) ON DELETE CASCADE);
  CREATE VIEW open_tasks AS SELECT * FROM tasks WHERE NOT done;
`;

describe("edgepod explain", () => {
  const explainer = new Explainer({ schema: SCHEMA });

  it("tells a person the reason for every table", () => {
    expect(explainer.describe("SELECT * FROM open_tasks")).toContain("reads    `tasks` ← view `open_tasks`");
    const cascade = explainer.describe("DELETE FROM users WHERE id = 1");
    expect(cascade).toContain("`comments` ← ON DELETE CASCADE from `tasks`");
    expect(cascade).toContain("sqlite   reads comments, tasks, users; writes comments, tasks, users");
  });

  it("tells a program the sets", () => {
    expect(explainer.answer("SELECT name, random() FROM users")).toEqual({
      reads: ["users"],
      writes: [],
      parsedBy: "ast",
      deterministic: false,
    });
    expect(explainer.answer("CREATE TABLE more (id INTEGER)")).toMatchObject({ reads: "all", writes: "all" });
  });

  it("passes on what SQLite itself rejects", () => {
    expect(explainer.answer("SELECT * FROM nowhere")).toEqual({ error: "no such table: nowhere" });
    expect(explainer.answer("SELECT 'open")).toEqual({ error: "unrecognized token" });
  });

  it("knows UPDATE and DELETE with ORDER BY and LIMIT, as Durable Objects do", () => {
    const answer = explainer.answer("DELETE FROM comments WHERE task_id IN (SELECT id FROM tasks) ORDER BY id LIMIT ?");
    expect(answer).toMatchObject({ reads: ["comments", "tasks"], writes: ["comments"] });
  });

  it("explains a pragma without obeying it", () => {
    const schema = `
      CREATE TABLE seats (id INTEGER PRIMARY KEY);
      CREATE TABLE freed (id INTEGER);
      CREATE TRIGGER free AFTER DELETE ON seats BEGIN INSERT INTO freed VALUES (old.id); END;
    `;
    const own = new Explainer({ schema });
    own.answer("PRAGMA recursive_triggers = ON");
    // Only then would the rows that REPLACE deletes fire triggers.
    expect(own.answer("REPLACE INTO seats VALUES (1)")).toMatchObject({ writes: ["seats"] });
  });

  it("answers the same without one of its layers", () => {
    for (const without of ["ast", "explain"] as const) {
      const less = new Explainer({ schema: SCHEMA, without, layers: true });
      expect(less.answer("DELETE FROM users")).toMatchObject({ writes: ["comments", "tasks", "users"] });
      expect(less.answer("SELECT * FROM nowhere")).toEqual({ error: "no such table: nowhere" });
    }
  });
});
