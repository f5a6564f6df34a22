/**
 * Situations that steps drawn one by one hardly ever make: several things in one order, with little between them. Which
 * query, which write and which client they are about is drawn all the same.
 */
import type { Random } from "../corpus/random.ts";
import { CLIENTS, QUERIES, drawCall, drawLook } from "./steps.ts";
import type { Step } from "./steps.ts";

type Scene = (random: Random, client: number) => Step[];

const settle: Step = { do: "settle" };

const queryOf = (fn: string): number => QUERIES.findIndex((query) => query.fn === fn);

/** Reads what each of the narrow ones reads, and more. */
const WIDE = queryOf("getBoard");
const NARROW: readonly number[] = ["getPeople", "getLists", "getTasks"].map(queryOf);

const SCENES: readonly Scene[] = [
  // The signal of a table that the client holds nothing of yet is there before its first answer.
  (random, client) => [
    { do: "go", client },
    { do: "come", client },
    drawLook(random, client),
    settle,
    { do: "hold answers", client },
    drawLook(random, client),
    { do: "pause", ms: 10 },
    ...writes(random),
    { do: "pause", ms: 25 },
    { do: "release answers", client, backwards: random.chance(0.5) },
    settle,
  ],
  // Somebody logs in while the token of the one before is still being asked for.
  (random) => {
    const client = 1 + random.below(CLIENTS - 1);
    const query = random.below(QUERIES.length);
    return [
      { do: "come", client },
      { do: "look", client, query: queryOf("getMine"), eye: 0 },
      { do: "identity", client, token: "ada" },
      { do: "forget", client, query, eye: 0 },
      settle,
      { do: "look", client, query, eye: 0 },
      { do: "identity", client, token: random.pick([null, "grace"]) },
      settle,
    ];
  },
  // The pod falls asleep when it has just learned of a table that no `watch` has named, and wakes by a write to it.
  (random, client) => {
    const query = random.below(QUERIES.length);
    return [
      { do: "come", client },
      drawLook(random, client),
      { do: "forget", client, query, eye: 0 },
      settle,
      { do: "look", client, query, eye: 0 },
      settle,
      { do: "sleep pod" },
      ...writes(random),
      settle,
    ];
  },
  // What a query on its way has read is dropped before its answer is there.
  (random, client) => [
    { do: "go", client },
    { do: "come", client },
    { do: "look", client, query: WIDE, eye: 0 },
    settle,
    { do: "hold answers", client },
    { do: "look", client, query: random.pick(NARROW), eye: 0 },
    { do: "pause", ms: 15 },
    { do: "forget", client, query: WIDE, eye: 0 },
    { do: "pause", ms: 10 },
    { do: "release answers", client, backwards: false },
    settle,
    ...writes(random),
    settle,
  ],
  // What a query on its way has read was registered for a session that is over when its answer is there.
  (random, client) => [
    { do: "go", client },
    { do: "come", client },
    { do: "look", client, query: random.pick(NARROW), eye: 0 },
    settle,
    { do: "hold answers", client },
    { do: "look", client, query: WIDE, eye: 0 },
    { do: "pause", ms: 15 },
    { do: "cut socket", client },
    { do: "pause", ms: 30 },
    { do: "release answers", client, backwards: false },
    settle,
    ...writes(random),
    settle,
  ],
];

/** A few steps that belong together. */
export function drawScene(random: Random): Step[] {
  return random.pick(SCENES)(random, random.below(CLIENTS));
}

function writes(random: Random): Step[] {
  return Array.from({ length: 1 + random.below(3) }, () => ({ do: "call", call: drawCall(random) }) as const);
}
