/** What the read sets do where two things meet: found by `pnpm mutants`, whose mutants the other tests let live. */
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

/** What the pod says of an answer that it has registered under the session and its `n`th watch. */
const registered = (n = 0): Partial<Meta> => ({ watched: { session: "s1", n } });

let sets: ReadSets;
beforeEach(() => {
  sets = new ReadSets();
});

function receive(key: string, answer: Meta) {
  const consequence = sets.answer(answer, sets.moment);
  sets.hold(key, answer);
  return consequence;
}

describe("the session", () => {
  it("is the one that the pod has greeted, until the socket closes or somebody else logs in", () => {
    expect(sets.session).toBeNull();
    sets.hello(hello(), sets.moment);
    expect(sets.session).toBe("s1");
    sets.goodbye();
    expect(sets.session).toBeNull();
    sets.hello(hello(), sets.moment);
    sets.reset();
    expect(sets.session).toBeNull();
  });

  it("goes on counting when it is greeted again", () => {
    sets.hello(hello(), sets.moment);
    receive("tasks", meta({ tasks: 38 }));
    expect(sets.takeWatch()).toMatchObject({ n: 1 });
    sets.hello(hello(), sets.moment);
    expect(sets.takeWatch()).toMatchObject({ n: 2, add: { tasks: 38 } });
  });

  it("isn't begun by a greeting, nor anything outdated by a write, of an epoch that may have ended", () => {
    const { moment } = sets;
    receive("tasks", meta({ tasks: 38 }));
    expect(sets.hello(hello("s1", "e0"), moment)).toBe("ask again");
    expect(sets.session).toBeNull();
    expect(sets.written(meta({}, { epoch: "e0", writes: { tasks: 41 } }), moment)).toBe("ask again");
    expect(sets.isOutdated("tasks")).toBe(false);
  });
});

describe("the keys of some tables", () => {
  it("are those of the answers that read one of them, or everything", () => {
    receive("tasks", meta({ tasks: 38 }));
    receive("notes", meta({ notes: 39 }));
    expect(sets.keys(["people"])).toEqual([]);
    receive("all", meta({ "*": 40 }));
    expect(sets.keys(["tasks"])).toEqual(["tasks", "all"]);
    expect(sets.keys(["people"])).toEqual(["all"]);
    expect(sets.keys(["people", "*"])).toEqual(["tasks", "notes", "all"]);
    expect(sets.keys("*")).toEqual(["tasks", "notes", "all"]);
  });

  it("are none of an answer that has left, or of another identity's", () => {
    receive("tasks", meta({ tasks: 38 }));
    receive("notes", meta({ notes: 39 }));
    sets.release("tasks");
    expect(sets.keys()).toEqual(["notes"]);
    expect(sets.stale(["tasks"], 41)).toEqual([]);
    sets.reset();
    expect(sets.keys(["notes"])).toEqual([]);
  });
});

describe("news", () => {
  it("is what an answer from elsewhere has read, unless that is of another epoch", () => {
    receive("list", meta({ tasks: 38 }));
    expect(sets.hold("other", meta({ tasks: 50 }, { epoch: "e0", version: 50 }))).toEqual([]);
    expect(sets.isOutdated("list")).toBe(false);
    expect(sets.hold("count", meta({ tasks: 41 }, { version: 41 }))).toEqual(["list", "other"]);
  });

  it("is heard once also by what read everything", () => {
    receive("tasks", meta({ tasks: 38 }));
    receive("all", meta({ "*": 40 }));
    expect(sets.stale(["notes"], 41)).toEqual(["all"]);
    expect(sets.stale(["notes"], 41)).toEqual([]);
  });

  it("is, to what read everything, also a newer answer that did", () => {
    receive("before", meta({ "*": 40 }));
    receive("after", meta({ "*": 42 }, { version: 42 }));
    expect(sets.isOutdated("before")).toBe(true);
    expect(sets.isOutdated("after")).toBe(false);
  });

  it("about everything comes to a table although another was written later", () => {
    receive("tasks", meta({ tasks: 38 }));
    sets.stale(["notes"], 45);
    expect(sets.stale("*", 41)).toEqual(["tasks"]);
  });

  it("heard for one identity is forgotten for the next", () => {
    sets.stale(["tasks"], 41);
    sets.reset();
    expect(sets.isOutdated(meta({ tasks: 38 }))).toBe(false);
  });
});

describe("what the pod is told", () => {
  beforeEach(() => {
    sets.hello(hello(), sets.moment);
  });

  it("is told before the answer is shown, and forgotten when it never is", () => {
    sets.answer(meta({ tasks: 38 }), sets.moment);
    expect(sets.takeWatch()).toMatchObject({ add: { tasks: 38 } });
    sets.answer(meta({ notes: 38 }), sets.moment);
    sets.sayAll();
    expect(sets.takeWatch()).toBeNull();
  });

  it("is nothing of an answer that came and left in between", () => {
    receive("tasks", meta({ tasks: 38 }));
    sets.release("tasks");
    expect(sets.takeWatch()).toBeNull();
  });

  it("is said again where another session has registered it", () => {
    receive("tasks", meta({ tasks: 38 }, { watched: { session: "s0", n: 0 } }));
    expect(sets.isLive("tasks")).toBe(false);
    expect(sets.takeWatch()).toMatchObject({ add: { tasks: 38 } });
  });

  it("is the oldest version of several", () => {
    receive("new", meta({ tasks: 40 }));
    receive("old", meta({ tasks: 38 }));
    receive("between", meta({ tasks: 39 }));
    expect(sets.takeWatch()).toMatchObject({ add: { tasks: 38 } });
  });

  it("adds and drops in one frame, and each once", () => {
    receive("tasks", meta({ tasks: 38 }, registered()));
    sets.release("tasks");
    receive("notes", meta({ notes: 39 }));
    expect(sets.takeWatch()).toEqual({ type: "watch", n: 1, add: { notes: 39 }, drop: ["tasks"] });
    expect(sets.takeWatch()).toBeNull();
    receive("people", meta({ people: 3 }));
    expect(sets.takeWatch()).toEqual({ type: "watch", n: 2, add: { people: 3 }, drop: [] });
  });

  it("is everything after a gap, and no drop of before it", () => {
    receive("tasks", meta({ tasks: 38 }, registered()));
    receive("notes", meta({ notes: 39 }, registered()));
    sets.release("notes");
    sets.sayAll();
    expect(sets.isLive("tasks")).toBe(false);
    expect(sets.takeWatch()).toEqual({ type: "watch", n: 1, add: { tasks: 38 }, drop: [] });
  });

  it("is nothing of an epoch that has ended", () => {
    receive("tasks", meta({ tasks: 38 }));
    sets.answer(meta({ notes: 1 }, { epoch: "e2", ...registered() }), sets.moment);
    expect(sets.takeWatch()).toBeNull();
  });

  it("is said anew in another epoch", () => {
    receive("tasks", meta({ tasks: 38 }, registered()));
    sets.answer(meta({ notes: 1 }, { epoch: "e2", ...registered() }), sets.moment);
    sets.hold("tasks", meta({ tasks: 1 }, { epoch: "e2", version: 1 }));
    expect(sets.takeWatch()).toMatchObject({ add: { tasks: 1 } });
  });
});

describe("an answer", () => {
  it("that read nothing is live while there is a session", () => {
    receive("nothing", meta({}));
    expect(sets.isLive("nothing")).toBe(false);
    sets.hello(hello(), sets.moment);
    expect(sets.isLive("nothing")).toBe(true);
  });

  it("isn't live while one of its tables is unwatched", () => {
    sets.hello(hello(), sets.moment);
    receive("tasks", meta({ tasks: 38 }, registered()));
    receive("both", meta({ tasks: 38, people: 2 }));
    expect(sets.isLive("tasks")).toBe(true);
    expect(sets.isLive("both")).toBe(false);
  });
});
