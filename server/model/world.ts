/** One run: a fresh pod, its clients, and the steps that happen to them. At the end every screen must be right. */
import { ModelPod } from "./model-pod.ts";
import { QUERIES, isFault } from "./steps.ts";
import type { Call, Step } from "./steps.ts";
import { Visitor } from "./visitor.ts";
import type { Shown } from "./visitor.ts";

export interface Outcome {
  /** What was wrong, in words; none if all was well. */
  readonly faults: readonly string[];
  readonly injected: number;
  readonly stale: number;
  readonly doubled: number;
  readonly torn: number;
  readonly needless: number;
}

/** Milliseconds after which a screen that is still wrong is called stale. */
const PATIENCE_MS = 15_000;
/** Milliseconds in which whatever is still to come of a commit, such as a second fetch, comes. */
const AFTERMATH_MS = 30;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Runs the steps on a fresh pod. */
export async function runSteps(steps: readonly Step[]): Promise<Outcome> {
  const world = new World();
  try {
    for (const step of steps) {
      // oxlint-disable-next-line no-await-in-loop -- one step after another
      await world.take(step);
    }
    const wrong = await world.end();
    const crashes = world.everybody.flatMap(({ diary }) => diary.crashes);
    const excess = world.everybody.map(({ diary }) => diary.excess);
    const doubled = excess.flatMap((of) => of.doubled);
    const torn = world.everybody.flatMap(({ diary }) => diary.screen.torn);
    return {
      faults: [
        ...wrong,
        ...crashes.map((query) => `${query} failed for a reason of its own`),
        ...doubled.map((query) => `${query} was fetched twice for one cause`),
        ...torn,
      ],
      injected: steps.filter(isFault).length,
      stale: wrong.length + crashes.length,
      doubled: doubled.length,
      torn: torn.length,
      needless: excess.reduce((sum, { needless }) => sum + needless, 0),
    };
  } finally {
    world.close();
  }
}

class World {
  /** Those who have left as well: what they did counts. */
  readonly everybody: Visitor[] = [];
  readonly #pod = new ModelPod();
  readonly #present = new Map<number, Visitor>();
  /** Mutations and calls under way. */
  readonly #running = new Set<Promise<void>>();
  readonly #wrong: string[] = [];

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case "come":
        if (!this.#present.has(step.client)) this.#add(step.client);
        return;
      case "go":
        this.#present.get(step.client)?.close();
        this.#present.delete(step.client);
        return;
      case "call":
        this.#begin(this.#pod.call(step.call));
        return;
      case "pause":
        await sleep(step.ms);
        return;
      case "settle":
        this.#wrong.push(...(await this.#settle((visitor) => visitor.network.isWhole && visitor.isConnected)));
        return;
      default: {
        if (!("client" in step)) return this.#pod.take(step, this.#running);
        const visitor = this.#present.get(step.client);
        if (visitor) await this.#happen(visitor, step);
      }
    }
  }

  /** Everything that stands in the way goes, and every screen must become right. */
  async end(): Promise<readonly string[]> {
    for (const visitor of this.#present.values()) visitor.network.heal();
    this.#wrong.push(...(await this.#settle(() => true)));
    return [...this.#wrong, ...this.#pod.wrong];
  }

  close(): void {
    for (const visitor of this.#present.values()) visitor.close();
  }

  #add(client: number): void {
    // Some apps have their token at hand, and some must ask for it.
    const visitor = new Visitor(this.#pod.name, client === 0 ? 0 : client * 3);
    this.#present.set(client, visitor);
    this.everybody.push(visitor);
  }

  async #happen(visitor: Visitor, step: Extract<Step, { readonly client: number }>): Promise<void> {
    const { network } = visitor;
    switch (step.do) {
      case "look":
        visitor.look(queryOf(step.query), step.eye);
        return;
      case "leave":
        visitor.leave(queryOf(step.query), step.eye);
        return;
      case "forget":
        visitor.forget(queryOf(step.query));
        return;
      case "mutate": {
        const done = visitor.mutate(step.call);
        this.#begin(done);
        if (step.wait && network.isWhole) await done;
        return;
      }
      case "identity":
        this.#begin(visitor.become(step.token));
        return;
      case "resume":
        visitor.resume();
        return;
      case "hold answers":
        network.holdAnswers();
        return;
      case "release answers":
        network.releaseAnswers(step.backwards);
        return;
      case "lose answer":
        network.lose("answer");
        return;
      case "lose request":
        network.lose("request");
        return;
      case "block calls":
        network.blockCalls();
        return;
      case "free calls":
        network.freeCalls();
        return;
      case "cut socket":
        network.cutSocket();
        return;
      case "hold socket":
        network.holdSocket();
        return;
      case "free socket":
        network.freeSocket();
        return;
      case "delay frames":
        network.delayFrames();
        return;
      case "free frames":
        network.freeFrames();
        return;
      case "deafen socket":
        network.deafenSocket();
        return;
      case "come":
      case "go":
        break;
      default:
        step satisfies never;
    }
  }

  #begin(work: Promise<void>): void {
    const tracked = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Waits until the screens of those of whom it can be asked are right. Returns what is wrong with them after too long. */
  async #settle(isAsked: (visitor: Visitor) => boolean): Promise<readonly string[]> {
    const asked = new Set([...this.#present.values()].filter(isAsked));
    const deadline = Date.now() + PATIENCE_MS;
    for (let nudge = Date.now() + 300; ;) {
      // oxlint-disable no-await-in-loop -- until it is so
      await sleep(AFTERMATH_MS);
      const wrong = [...asked].flatMap((visitor) => faultsOf(visitor));
      if (wrong.length === 0) wrong.push(...(await this.#differences(asked)));
      if (wrong.length === 0) return [];
      if (Date.now() > deadline) return wrong;
      if (Date.now() > nudge) {
        // A network that is back tells its page so. Who is connected isn't told: it must not need it.
        for (const visitor of asked) if (!visitor.isConnected) visitor.resume();
        nudge = Infinity;
      }
      // oxlint-enable no-await-in-loop
    }
  }

  async #differences(visitors: ReadonlySet<Visitor>): Promise<string[]> {
    const truths = new Map<string, Promise<Shown>>();
    const differences: string[] = [];
    for (const visitor of visitors) {
      for (const { call, shown } of visitor.shown()) {
        const name = `${call.fn} ${JSON.stringify(call.args)} ${visitor.token}`;
        const truth = truths.get(name) ?? this.#pod.ask(call, visitor.token);
        truths.set(name, truth);
        // oxlint-disable-next-line no-await-in-loop -- the answers are shared
        const is = await truth;
        const isRight = is.code === null ? isEqual(is, shown) : is.code === shown.code;
        if (!isRight) differences.push(`${name} shows ${JSON.stringify(shown)}, is ${JSON.stringify(is)}`);
      }
    }
    return differences;
  }
}

function faultsOf(visitor: Visitor): string[] {
  if (!visitor.isConnected) return ["a client finds no way back to its pod"];
  return visitor.isBusy ? ["a client waits for an answer for ever"] : [];
}

function isEqual(one: Shown, other: Shown): boolean {
  return one.code === other.code && JSON.stringify(one.data) === JSON.stringify(other.data);
}

function queryOf(index: number): Call {
  const query = QUERIES[index];
  if (!query) throw new Error(`There is no query ${index}.`);
  return query;
}
