import { describe, expect, it } from "vitest";
import { OptimisticUpdates } from "../src/optimistic.ts";

const answer = (data: readonly string[], version: number, epoch = "e") => ({
  data,
  version,
  epoch,
  reads: { tasks: version },
});
const commit = (version: number) => ({ epoch: "e", version, reads: {}, writes: { tasks: version }, watched: null });

/** Updates over answers, where something newer is known than what is older than `heard`. */
function updates(heard = () => 0) {
  const all = new OptimisticUpdates(({ version }) => version < heard());
  const begin = (add: string) =>
    all.begin<{ getTasks: () => Promise<string[]> }>(({ update }) => {
      update("getTasks", (tasks) => [...tasks, add]);
    });
  return { all, begin, show: (of: ReturnType<typeof answer>) => all.apply("getTasks", null, of) };
}

describe("optimistic updates", () => {
  it("are laid over the answer in the order in which they began, and leave it as it is", () => {
    const { begin, show } = updates();
    begin("b");
    begin("c");
    const shown = answer(["a"], 1);
    expect(show(shown)).toEqual(["a", "b", "c"]);
    expect(shown.data).toEqual(["a"]);
  });

  it("go at once when their mutation fails, and the others stay", () => {
    const { begin, show } = updates();
    const failed = begin("b");
    begin("c");
    failed(null);
    expect(show(answer(["a"], 1))).toEqual(["a", "c"]);
  });

  it("stay after their commit until an answer knows of it", () => {
    const { begin, show } = updates(() => 5);
    begin("b")(commit(5));
    expect(show(answer(["a"], 4))).toEqual(["a", "b"]);
    expect(show(answer(["a", "b"], 5))).toEqual(["a", "b"]);
  });

  it("go with their commit where it didn't outdate the answer, which then never read what was written", () => {
    const { begin, show } = updates();
    begin("b")(commit(5));
    expect(show(answer(["a"], 4))).toEqual(["a"]);
  });

  it("don't outlive the epoch of their commit", () => {
    const { begin, show } = updates(() => 5);
    begin("b")(commit(5));
    expect(show(answer(["a"], 1, "next"))).toEqual(["a"]);
  });

  it("are forgotten when no held answer needs them", () => {
    const { all, begin } = updates(() => 5);
    begin("b")(commit(5));
    all.prune([{ fn: "getTasks", answer: answer([], 4) }]);
    expect(all.stamp).toHaveLength(1);
    all.prune([{ fn: "getTasks", answer: answer([], 5) }]);
    expect(all.stamp).toHaveLength(0);
  });
});
