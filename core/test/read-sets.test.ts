import { beforeEach, describe, expect, it } from "vitest";
import type { HelloFrame, Meta } from "../src/protocol/index.ts";
import { ReadSets } from "../src/read-sets.ts";

const hello = (session = "s1", epoch = "e1"): HelloFrame => ({ type: "hello", session, epoch, version: 40 });

const meta = (reads: Record<string, number>, more: Partial<Meta> = {}): Meta => ({
  epoch: "e1",
  version: 40,
  reads,
  writes: {},
  watched: null,
  ...more,
});

/** A query that was answered and is held. */
function receive(sets: ReadSets, key: string, answer: Meta) {
  const consequence = sets.answer(answer, sets.moment);
  sets.hold(key, answer);
  return consequence;
}

describe("read sets", () => {
  let sets: ReadSets;
  beforeEach(() => {
    sets = new ReadSets();
  });

  describe("a signal", () => {
    it("makes those answers outdated that read one of its tables, and were of a lower version", () => {
      receive(sets, "tasks", meta({ tasks: 38, people: 12 }));
      receive(sets, "notes", meta({ notes: 39 }));
      expect(sets.stale(["tasks"], 41)).toEqual(["tasks"]);
      expect(sets.isOutdated("tasks")).toBe(true);
      expect(sets.isOutdated("notes")).toBe(false);
    });

    it("heard twice is news once", () => {
      receive(sets, "tasks", meta({ tasks: 38 }));
      expect(sets.stale(["tasks"], 41)).toEqual(["tasks"]);
      expect(sets.stale(["tasks"], 41)).toEqual([]);
    });

    it("is remembered for an answer that is still on its way", () => {
      sets.stale(["tasks"], 41);
      expect(sets.isOutdated(meta({ tasks: 38 }))).toBe(true);
      expect(sets.isOutdated(meta({ tasks: 38 }, { version: 41 }))).toBe(false);
    });

    it("of several commits doesn't outdate an answer that was made after the last", () => {
      sets.stale(["tasks", "notes"], 45);
      expect(sets.isOutdated(meta({ tasks: 42 }, { version: 45 }))).toBe(false);
    });

    it("isn't news to an answer whose read came after that commit, although its call began before", () => {
      sets.stale(["tasks"], 41);
      expect(sets.isOutdated(meta({ notes: 3, tasks: 41 }, { version: 40 }))).toBe(false);
    });

    it("about everything outdates every older answer", () => {
      receive(sets, "tasks", meta({ tasks: 38 }));
      receive(sets, "nothing", meta({}));
      expect(sets.stale("*", 41)).toEqual(["tasks"]);
    });

    it("about anything outdates an answer that read everything", () => {
      receive(sets, "all", meta({ "*": 40 }));
      expect(sets.stale(["tasks"], 41)).toEqual(["all"]);
    });

    it("is implied by a newer answer that read the same table", () => {
      receive(sets, "list", meta({ tasks: 38 }));
      expect(receive(sets, "count", meta({ tasks: 41 }, { version: 41 }))).toEqual({ outdated: ["list"] });
    });
  });

  describe("one's own write", () => {
    it("counts like a signal, so that the signal itself is no news any more", () => {
      receive(sets, "tasks", meta({ tasks: 38 }));
      expect(sets.written(meta({}, { version: 41, writes: { tasks: 41 } }), sets.moment)).toEqual({
        outdated: ["tasks"],
      });
      expect(sets.stale(["tasks"], 41)).toEqual([]);
    });

    it("of what nobody knows counts as everything", () => {
      receive(sets, "tasks", meta({ tasks: 38 }));
      expect(sets.written(meta({}, { version: 41, writes: { "*": 41 } }), sets.moment)).toEqual({
        outdated: ["tasks"],
      });
    });
  });

  describe("what the pod is told", () => {
    it("is nothing before a session", () => {
      receive(sets, "tasks", meta({ tasks: 38 }));
      expect(sets.takeWatch()).toBeNull();
    });

    it("is all that is held, by its oldest versions, when a session begins", () => {
      receive(sets, "list", meta({ tasks: 38, people: 12 }));
      receive(sets, "count", meta({ tasks: 38, notes: 3 }));
      sets.hello(hello(), sets.moment);
      expect(sets.takeWatch()).toEqual({ type: "watch", n: 1, add: { tasks: 38, people: 12, notes: 3 }, drop: [] });
      expect(sets.takeWatch()).toBeNull();
    });

    it("leaves out what an answer says has been registered under this session and its newest watch", () => {
      sets.hello(hello(), sets.moment);
      receive(sets, "tasks", meta({ tasks: 38 }, { watched: { session: "s1", n: 0 } }));
      expect(sets.takeWatch()).toBeNull();
      expect(sets.isLive("tasks")).toBe(true);
    });

    it("repeats what was registered before the newest watch, which may have dropped it", () => {
      sets.hello(hello(), sets.moment);
      receive(sets, "old", meta({ tasks: 38 }, { watched: { session: "s1", n: 0 } }));
      sets.release("old");
      expect(sets.takeWatch()).toEqual({ type: "watch", n: 1, add: {}, drop: ["tasks"] });
      receive(sets, "new", meta({ tasks: 38 }, { watched: { session: "s1", n: 0 } }));
      expect(sets.isLive("new")).toBe(false);
      expect(sets.takeWatch()).toEqual({ type: "watch", n: 2, add: { tasks: 38 }, drop: [] });
      expect(sets.isLive("new")).toBe(true);
    });

    it("takes back a drop that hasn't been said yet when the table is read again", () => {
      sets.hello(hello(), sets.moment);
      receive(sets, "old", meta({ tasks: 38 }, { watched: { session: "s1", n: 0 } }));
      sets.release("old");
      receive(sets, "new", meta({ tasks: 38 }, { watched: { session: "s1", n: 0 } }));
      expect(sets.takeWatch()).toBeNull();
      expect(sets.isLive("new")).toBe(true);
    });

    it("drops a table that a newer answer of the same query reads no more", () => {
      sets.hello(hello(), sets.moment);
      receive(sets, "q", meta({ tasks: 38, people: 2 }, { watched: { session: "s1", n: 0 } }));
      receive(sets, "q", meta({ tasks: 38 }, { watched: { session: "s1", n: 0 } }));
      expect(sets.takeWatch()).toMatchObject({ add: {}, drop: ["people"] });
    });

    it("keeps a table that another answer still reads", () => {
      sets.hello(hello(), sets.moment);
      receive(sets, "one", meta({ tasks: 38 }, { watched: { session: "s1", n: 0 } }));
      receive(sets, "two", meta({ tasks: 38 }, { watched: { session: "s1", n: 0 } }));
      sets.release("one");
      expect(sets.takeWatch()).toBeNull();
    });

    it("counts anew in a new session", () => {
      receive(sets, "tasks", meta({ tasks: 38 }));
      sets.hello(hello("s1"), sets.moment);
      sets.takeWatch();
      sets.goodbye();
      expect(sets.isLive("tasks")).toBe(false);
      sets.hello(hello("s2"), sets.moment);
      expect(sets.takeWatch()).toMatchObject({ n: 1, add: { tasks: 38 } });
    });

    it("covers what came from elsewhere, such as a hydrated answer", () => {
      sets.hello(hello(), sets.moment);
      sets.hold("hydrated", meta({ tasks: 30 }));
      expect(sets.isLive("hydrated")).toBe(false);
      expect(sets.takeWatch()).toMatchObject({ add: { tasks: 30 } });
    });
  });

  describe("another epoch", () => {
    it("makes everything outdated and forgets every version heard", () => {
      receive(sets, "tasks", meta({ tasks: 38 }));
      sets.stale(["tasks"], 41);
      const next = meta({ notes: 1 }, { epoch: "e2", version: 2 });
      expect(receive(sets, "notes", next)).toEqual({ outdated: ["tasks"] });
      expect(sets.isOutdated(meta({ tasks: 1 }, { epoch: "e2", version: 2 }))).toBe(false);
    });

    it("in an answer that was asked for before the present one began is not adopted", () => {
      const { moment } = sets;
      sets.hello(hello("s1", "e2"), sets.moment);
      expect(sets.answer(meta({ tasks: 38 }, { epoch: "e1" }), moment)).toBe("ask again");
      expect(sets.isOutdated(meta({ tasks: 38 }, { epoch: "e2" }))).toBe(false);
    });

    it("in a hello of the same session asks for what is held of it, which is nothing yet", () => {
      sets.hello(hello(), sets.moment);
      receive(sets, "tasks", meta({ tasks: 38 }, { watched: { session: "s1", n: 0 } }));
      expect(sets.hello(hello("s1", "e2"), sets.moment)).toEqual({ outdated: ["tasks"] });
      expect(sets.isLive("tasks")).toBe(false);
      expect(sets.takeWatch()).toBeNull();
    });
  });

  it("know nothing any more after a reset, and no late answer is of the present moment", () => {
    const { moment } = sets;
    receive(sets, "tasks", meta({ tasks: 38 }));
    sets.reset();
    expect(sets.keys()).toEqual([]);
    expect(sets.answer(meta({ tasks: 38 }), moment)).toBe("ask again");
  });
});
