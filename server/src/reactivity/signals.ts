/**
 * Turns commits into `stale` frames. The first leaves in the turn after the commit, so that the caller's own answer goes
 * first; commits of the next few milliseconds share the one after it. Leaves sockets to the sink and time to `later`.
 */
import { EVERYTHING } from "@edgepod/core/protocol";
import type { StaleFrame, StaleTables } from "@edgepod/core/protocol";
import type { Subscriptions, Watcher } from "./subscriptions.ts";
import type { Commit, Versions } from "./versions.ts";

/** Where frames go. */
export interface SignalSink<W> {
  /** Sends a text to a watcher. A socket that can't take it must be closed, so that its client resumes elsewhere. */
  send(watcher: W, text: string): void;
}

export interface SignalsOptions<W extends Watcher> {
  /** Everybody who watches, complete also when the pod has just woken up. */
  readonly subscriptions: () => Subscriptions<W>;
  readonly versions: Versions;
  readonly sink: SignalSink<W>;
  /** Runs `task` after `ms` milliseconds, in a turn of its own. */
  readonly later: (task: () => void, ms: number) => void;
}

/** Commits this close together reach a socket as one frame. */
const JOIN_MS = 10;
/** Sockets served in one turn, so that a call need not wait for all of them. */
const CHUNK = 100;

export class Signals<W extends Watcher> {
  readonly #options: SignalsOptions<W>;
  #version = 0;
  #tables = new Set<string>();
  #isEverything = false;
  /** Whether a flush is due, under way, or so recent that the next one waits. */
  #isBusy = false;

  constructor(options: SignalsOptions<W>) {
    this.#options = options;
  }

  /** A commit has happened: whoever watches what it wrote will hear of it. */
  publish({ version, tables }: Commit): void {
    this.#version = version;
    if (tables === "all") this.#isEverything = true;
    else for (const table of tables) this.#tables.add(table);
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#options.later(() => {
      this.#flush();
    }, 0);
  }

  #flush(): void {
    const frames = this.#takeFrames();
    const sendChunk = (): void => {
      for (const [watcher, text] of frames.splice(0, CHUNK)) this.#options.sink.send(watcher, text);
      this.#options.later(frames.length > 0 ? sendChunk : rested, frames.length > 0 ? 0 : JOIN_MS);
    };
    const rested = (): void => {
      if (this.#isEverything || this.#tables.size > 0) this.#flush();
      else this.#isBusy = false;
    };
    sendChunk();
  }

  /** One text for each distinct set of tables. */
  #takeFrames(): (readonly [W, string])[] {
    const version = this.#version;
    const subscriptions = this.#options.subscriptions();
    const tables = [...this.#tables];
    const isEverything = this.#isEverything;
    this.#tables = new Set();
    this.#isEverything = false;
    if (isEverything) {
      const text = toText(EVERYTHING, version);
      return [...subscriptions.everybody()].map((watcher) => [watcher, text]);
    }
    const { versions } = this.#options;
    const ids = tables.flatMap((table) => versions.idOf(table) ?? []);
    const texts = new Map<string, string>();
    return [...subscriptions.targets(ids)].map(([watcher, watched]) => {
      const key = watched.join();
      let text = texts.get(key);
      if (text === undefined) {
        text = toText(
          watched.flatMap((id) => versions.nameOf(id) ?? []),
          version,
        );
        texts.set(key, text);
      }
      return [watcher, text];
    });
  }
}

function toText(tables: StaleTables, version: number): string {
  return JSON.stringify({ type: "stale", tables, version } satisfies StaleFrame);
}
