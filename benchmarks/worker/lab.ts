/** What a statement costs, stage by stage, each as a loop that is timed from outside: a Worker's own clock stands still. */
import { DurableObject } from "cloudflare:workers";
import { Analyzer } from "@edgepod/server/sql";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { ticks } from "./schema.ts";

type Stage = (times: number) => unknown;

export class Lab extends DurableObject {
  readonly #stages: Readonly<Record<string, Stage>>;

  constructor(state: DurableObjectState, env: object) {
    super(state, env);
    const { storage } = state;
    storage.sql.exec("CREATE TABLE IF NOT EXISTS ticks (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)");
    storage.sql.exec("INSERT OR IGNORE INTO ticks VALUES (1, 1)");
    const db = drizzle(storage);
    const select = () => db.select().from(ticks).where(eq(ticks.id, 1));
    const { sql } = select().toSQL();
    const store = { exec: storage.sql.exec.bind(storage.sql), transactionSync: storage.transactionSync.bind(storage) };
    const engine = () => new Analyzer({ ...store, transaction: (body) => storage.transaction(body) });
    const warm = engine();
    let texts = 0;
    this.#stages = {
      "Drizzle compiles": repeat(() => select().toSQL()),
      "SQLite executes": repeat(() => storage.sql.exec(sql, 1).toArray()),
      "Drizzle, untracked": async (times) => {
        for (let time = 0; time < times; time += 1) await select();
      },
      "analysis, cached": repeat(() => warm.analyze(sql)),
      "analysis, cold": repeat(() => warm.analyze(`${sql} -- ${(texts += 1)}`)),
    };
  }

  /** `GET /lab/<stage>?times=n` */
  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const stage = this.#stages[decodeURIComponent(url.pathname.split("/").at(-1) ?? "")];
    if (!stage) return new Response("no such stage", { status: 404 });
    await stage(Number(url.searchParams.get("times")));
    return new Response("done");
  }
}

function repeat(once: () => unknown): Stage {
  return (times) => {
    for (let time = 0; time < times; time += 1) once();
  };
}
