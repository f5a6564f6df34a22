/** A foreign key that is looked at only by COMMIT: on this platform a commit that fails would break the pod. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { connected, createApp, until } from "./support/app.ts";

type App = ReturnType<typeof createApp>;

interface Answered {
  readonly data: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

async function ask(app: App, fn: string, args: unknown = {}): Promise<Answered> {
  return (await app.post(`/rpc/${fn}`, { args })).json<Answered>();
}

async function createDeferred(declares: boolean): Promise<App> {
  const app = createApp();
  await ask(app, "createDeferred", { declares });
  return app;
}

/** Breaks the object, if the platform still does so; then nothing can be asked of it any more. */
it("is what breaks a Durable Object that doesn't look before", async () => {
  const stub = env.BARE.getByName("broken by a commit");
  const broken = runInDurableObject(stub, async (_instance, { storage }: DurableObjectState) => {
    storage.sql.exec(`CREATE TABLE parents (id INTEGER PRIMARY KEY);
      CREATE TABLE children (parent REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)`);
    storage.transactionSync(() => storage.sql.exec("INSERT INTO children VALUES (7)"));
    await storage.sync();
  });
  await expect(broken).rejects.toThrow(/constraints were violated|internal error/);
});

describe("a key that is declared so", () => {
  it.each(["addOrphan", "addOrphanAlone", "addOrphanInTransaction", "addOrphanInInner"])(
    "and broken by %s is refused with a code, and undone; the pod and its sockets live on",
    async (fn) => {
      const app = await createDeferred(true);
      const reader = app.visit();
      reader.look("getTasks");
      await connected(reader);
      const { error } = await ask(app, fn, { parent: 7, adopts: false });
      expect(error).toEqual({
        code: "FOREIGN_KEY_VIOLATED",
        message:
          'Rows of "late_children" refer to rows of "late_parents" that don\'t exist, and so can\'t be committed.',
      });
      expect((await ask(app, "countChildren")).data).toEqual([]);
      expect((await ask(app, "addChildThenParent", { parent: 7 })).error).toBeUndefined();
      expect((await ask(app, "countChildren")).data).toEqual([{ parent: 7 }]);
      expect(reader.network.heard.filter((text) => text.includes("hello"))).toHaveLength(1);
    },
  );

  it("may be broken for a while, also in a transaction inside of another", async () => {
    const app = await createDeferred(true);
    expect((await ask(app, "addChildThenParent", { parent: 1 })).error).toBeUndefined();
    expect((await ask(app, "addOrphanInInner", { parent: 2, adopts: true })).error).toBeUndefined();
    expect((await ask(app, "countChildren")).data).toEqual([{ parent: 1 }, { parent: 2 }]);
  });

  it("is looked at, too, when only its parent is written, and after the pod has slept", async () => {
    const app = await createDeferred(true);
    await ask(app, "addChildThenParent", { parent: 1 });
    await app.sleep();
    expect((await ask(app, "removeParent", { parent: 1 })).error?.code).toBe("FOREIGN_KEY_VIOLATED");
    expect((await ask(app, "removeParent", { parent: 2 })).error).toBeUndefined();
  });
});

describe("a key that a pragma makes so", () => {
  it("is refused like one that is declared so", async () => {
    const app = await createDeferred(false);
    expect((await ask(app, "deferAndAddOrphan", { parent: 7 })).error?.code).toBe("FOREIGN_KEY_VIOLATED");
    expect((await ask(app, "countChildren")).data).toEqual([]);
  });

  it("is looked at in the next call's commit, if the pragma was left on", async () => {
    const app = await createDeferred(false);
    await ask(app, "deferAndLeave");
    const { error } = await ask(app, "addOrphan", { parent: 7 });
    expect(error?.code).toMatch(/^(?:FOREIGN_KEY_VIOLATED|INTERNAL)$/);
    await until(async () => expect((await ask(app, "countChildren")).data).toEqual([]));
  });
});

it("costs nothing where there is none: no statement but those of a pod without foreign keys", async () => {
  const { DeferredKeys } = await import("../src/tracking/deferred-keys.ts");
  await runInDurableObject(env.BARE.getByName("cost"), async (_instance, { storage }: DurableObjectState) => {
    storage.sql.exec("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p (id))");
    const asked: string[] = [];
    const keys = new DeferredKeys({
      exec: (sql, ...params) => {
        asked.push(sql);
        return storage.sql.exec(sql, ...params);
      },
      transactionSync: (body) => storage.transactionSync(body),
      transaction: (body) => storage.transaction(body),
    });
    for (let commit = 0; commit < 5; commit += 1) keys.check(["c"]);
    expect(asked).toHaveLength(1);
  });
});
