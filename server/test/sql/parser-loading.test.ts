import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { durableStorage } from "../../src/pod/durable-storage.ts";
import { Analyzer } from "../../src/sql/analyzer.ts";
import { isLoaded } from "../../src/sql/grammar.ts";

// A file of its own, because the parser stays evaluated for the rest of it.
it("evaluates the parser when a text is new, and not before", async () => {
  await runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), (_instance, { storage }: DurableObjectState) => {
    storage.sql.exec(`
      CREATE TABLE users (id INTEGER);
      CREATE TABLE _edgepod_analyses (text TEXT PRIMARY KEY, key TEXT, batch INTEGER, analysis TEXT) WITHOUT ROWID`);
    const asleep = new Analyzer(durableStorage(storage), { build: "one", without: "ast" });
    for (const _ of [1, 2]) asleep.analyze("SELECT * FROM users");
    asleep.save();
    const woken = new Analyzer(durableStorage(storage), { build: "one" });
    expect(woken.analyze("SELECT * FROM users").reads).toEqual(["users"]);
    expect(isLoaded()).toBe(false);
    woken.analyze("SELECT id FROM users");
    expect(isLoaded()).toBe(true);
  });
});
