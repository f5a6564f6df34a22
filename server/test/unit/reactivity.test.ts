/** The parts between a commit and a socket, which know neither. */
import { describe, expect, it } from "vitest";
import { Signals } from "../../src/reactivity/signals.ts";
import { Subscriptions } from "../../src/reactivity/subscriptions.ts";
import { EVERY_TABLE, TableSet } from "../../src/reactivity/table-set.ts";
import type { Versions } from "../../src/reactivity/versions.ts";

const NAMES = ["*", "tasks", "people", "notes"];
const TASKS = 1;
const PEOPLE = 2;
const NOTES = 3;

class Watcher {
  readonly tables = new TableSet();
  readonly heard: string[] = [];
}

describe("a set of tables", () => {
  it("holds what was added, and is no longer than it needs to be", () => {
    const set = new TableSet();
    expect([set.add(9), set.add(9), set.add(0)]).toEqual([true, false, true]);
    expect([...set]).toEqual([0, 9]);
    expect(set.bytes).toHaveLength(2);
    expect([set.delete(9), set.delete(9)]).toEqual([true, false]);
    expect([set.has(0), set.has(9), set.has(1000)]).toEqual([true, false, false]);
  });

  it("comes back from its bytes", () => {
    const set = new TableSet();
    for (const id of [1, 8, 64, 100_000]) set.add(id);
    expect([...new TableSet(set.bytes)]).toEqual([1, 8, 64, 100_000]);
  });
});

describe("subscriptions", () => {
  it("find those who watch a table, each with what it watches of what was written", () => {
    const subscriptions = new Subscriptions<Watcher>();
    const [one, two, all] = [new Watcher(), new Watcher(), new Watcher()] as const;
    subscriptions.watch(one, [TASKS, PEOPLE]);
    subscriptions.watch(two, [NOTES]);
    subscriptions.watch(all, [EVERY_TABLE]);
    expect(subscriptions.targets([TASKS, NOTES])).toEqual(
      new Map([
        [one, [TASKS]],
        [two, [NOTES]],
        [all, [TASKS, NOTES]],
      ]),
    );
  });

  it("forget what is dropped and who leaves, and keep nothing of them", () => {
    const subscriptions = new Subscriptions<Watcher>();
    const watcher = new Watcher();
    subscriptions.watch(watcher, [TASKS, PEOPLE]);
    subscriptions.unwatch(watcher, [TASKS]);
    expect(subscriptions.targets([TASKS]).size).toBe(0);
    expect(subscriptions.targets([PEOPLE]).size).toBe(1);
    subscriptions.leave(watcher);
    expect(subscriptions.everybody().size).toBe(0);
  });

  it("who reads everything and a table still watches the table when everything is dropped", () => {
    const subscriptions = new Subscriptions<Watcher>();
    const watcher = new Watcher();
    subscriptions.watch(watcher, [EVERY_TABLE]);
    subscriptions.watch(watcher, [TASKS]);
    subscriptions.unwatch(watcher, [EVERY_TABLE]);
    expect(subscriptions.targets([TASKS]).size).toBe(1);
  });
});

describe("signals", () => {
  /** A clock that the test turns, and watchers of the given tables. */
  function setUp(...watched: number[][]) {
    const subscriptions = new Subscriptions<Watcher>();
    const watchers = watched.map((ids) => {
      const watcher = new Watcher();
      subscriptions.watch(watcher, ids);
      return watcher;
    });
    const due: { at: number; task: () => void }[] = [];
    let now = 0;
    let texts = 0;
    const signals = new Signals<Watcher>({
      subscriptions: () => subscriptions,
      versions: { idOf: (name: string) => NAMES.indexOf(name), nameOf: (id: number) => NAMES[id] ?? null } as Versions,
      sink: {
        send: (watcher, text) => {
          texts += 1;
          watcher.heard.push(text);
        },
      },
      later: (task, ms) => void due.push({ at: now + ms, task }),
    });
    const advance = (ms: number): void => {
      now += ms;
      for (;;) {
        const index = due.findIndex(({ at }) => at <= now);
        if (index === -1) return;
        due.splice(index, 1)[0]?.task();
      }
    };
    return { signals, watchers, advance, due, sent: () => texts };
  }

  it("leave in a turn after the commit, never in its own", () => {
    const { signals, watchers, advance } = setUp([TASKS]);
    signals.publish({ version: 2, tables: ["tasks"] });
    expect(watchers[0]?.heard).toEqual([]);
    advance(0);
    expect(watchers[0]?.heard).toEqual(['{"type":"stale","tables":["tasks"],"version":2}']);
  });

  it("name to each only what it watches, and go to nobody else", () => {
    const { signals, watchers, advance } = setUp([TASKS, PEOPLE], [NOTES], [EVERY_TABLE]);
    signals.publish({ version: 2, tables: ["people", "tasks"] });
    advance(0);
    expect(watchers.map(({ heard }) => heard)).toEqual([
      ['{"type":"stale","tables":["people","tasks"],"version":2}'],
      [],
      ['{"type":"stale","tables":["people","tasks"],"version":2}'],
    ]);
  });

  it("of what nobody knows reach everybody who watches anything", () => {
    const { signals, watchers, advance } = setUp([TASKS], []);
    signals.publish({ version: 2, tables: "all" });
    advance(0);
    expect(watchers.map(({ heard }) => heard)).toEqual([['{"type":"stale","tables":"*","version":2}'], []]);
  });

  it("of a burst of commits are one at once and one soon after, with the last version", () => {
    const { signals, watchers, advance } = setUp([TASKS, NOTES]);
    for (let version = 2; version <= 200; version += 1) {
      signals.publish({ version, tables: [version % 2 === 0 ? "tasks" : "notes"] });
      if (version === 2) advance(0);
    }
    advance(9);
    expect(watchers[0]?.heard).toHaveLength(1);
    advance(1);
    expect(watchers[0]?.heard).toEqual([
      '{"type":"stale","tables":["tasks"],"version":2}',
      '{"type":"stale","tables":["notes","tasks"],"version":200}',
    ]);
  });

  it("leave nothing to do behind when it has become quiet", () => {
    const { signals, advance, due } = setUp([TASKS]);
    signals.publish({ version: 2, tables: ["tasks"] });
    advance(0);
    advance(10);
    expect(due).toEqual([]);
  });

  it("go to many sockets in several turns, so that a call may come between", () => {
    const { signals, advance, sent } = setUp(...Array.from({ length: 250 }, () => [TASKS]));
    signals.publish({ version: 2, tables: ["tasks"] });
    let turns = 0;
    while (sent() < 250) {
      advance(0);
      turns += 1;
      if (turns > 10) break;
    }
    expect(sent()).toBe(250);
  });
});
