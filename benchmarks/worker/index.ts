/** The Worker under load: a pod, and beside it the least that any Durable Object could do instead. */
import { DurableObject } from "cloudflare:workers";
import { createGateway, createPod } from "@edgepod/server";
import type { Context } from "@edgepod/server";
import { eq, sql } from "drizzle-orm";
import { shelves, ticks } from "./schema.ts";

export { Lab } from "./lab.ts";

const schema = { ticks };
type Ctx = Context<typeof schema>;

/** The functions that the load calls. */
const functions = {
  getTicks: ({ db }: Ctx) => db.select().from(ticks).limit(1),
  /** The same select through Drizzle, again and again, each one tracked. */
  selectAgain: async ({ db }: Ctx, { times }: { times: number }) => {
    for (let time = 0; time < times; time += 1) await db.select().from(ticks).where(eq(ticks.id, 1));
  },
  /** As many different statements. */
  selectAnew: async ({ unsafeRawDb }: Ctx, { texts }: { texts: number }) => {
    for (let text = 0; text < texts; text += 1)
      unsafeRawDb.all(sql.raw(`SELECT n AS c${text} FROM ticks WHERE id = 1`));
  },
  /** Answers with the moment of the write, in milliseconds since 1970. */
  tick: async ({ db }: Ctx) => {
    await db.insert(ticks).values({ n: 1 });
    return Date.now();
  },
  getShelf: ({ db }: Ctx, { shelf }: { shelf: number }) => db.select().from(shelfOf(shelf)).limit(1),
  fillShelf: async ({ db }: Ctx, { shelf }: { shelf: number }) => {
    await db.insert(shelfOf(shelf)).values({ n: 1 });
  },
};

function shelfOf(at: number) {
  const shelf = shelves[at];
  if (!shelf) throw new Error(`There is no shelf ${at}.`);
  return shelf;
}

/** What the load generator has of the functions: their types. */
export type Functions = typeof functions;

export const Pod = createPod({
  schema,
  functions,
  migrations: [
    { id: "0001_ticks", sql: "CREATE TABLE ticks (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);" },
    {
      id: "0002_shelves",
      sql: shelves.map((_, at) => `CREATE TABLE shelf_${at} (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);`).join("\n"),
    },
  ],
});

/** The limit: writes a row and tells every socket, in one turn, without asking who cares. */
export class Bare extends DurableObject {
  constructor(state: DurableObjectState, env: object) {
    super(state, env);
    state.storage.sql.exec("CREATE TABLE IF NOT EXISTS ticks (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)");
  }

  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get("upgrade") === "websocket") {
      const { 0: client, 1: server } = new WebSocketPair();
      this.ctx.acceptWebSocket(server);
      return new Response(null, { status: 101, webSocket: client });
    }
    await request.text();
    this.ctx.storage.sql.exec("INSERT INTO ticks (n) VALUES (1)");
    const at = Date.now();
    for (const socket of this.ctx.getWebSockets()) socket.send('{"type":"stale","tables":["ticks"],"version":1}');
    return Response.json({ data: at });
  }
}

interface Env {
  readonly POD: DurableObjectNamespace;
  readonly BARE: DurableObjectNamespace;
  readonly LAB: DurableObjectNamespace;
}

const gateway = createGateway<Env>({ namespace: (env) => env.POD, keys: () => ["ep_pk_bench"] });

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/bare")) return env.BARE.getByName("main").fetch(request);
    if (pathname.startsWith("/lab")) return env.LAB.getByName("main").fetch(request);
    return gateway.fetch(request, env);
  },
} satisfies ExportedHandler<Env>;
