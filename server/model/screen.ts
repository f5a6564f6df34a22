/**
 * What one client's screen shows, and whether it is ever of two moments.
 *
 * A piece of news is a `stale` frame, what a mutation of this client says it wrote, or another epoch. Two queries went
 * stale by it together if both were looked at and had answers that it outdates, also ones that were outdated before. From
 * then on, until both show an answer that the news doesn't outdate, each rendering must show both as of before the news or
 * both as of after it, and in the one in which they change there must be a version at which both answers were right: none of
 * them lacks a write, heard of then or later, that is as old as what the other shows. A rendering in which that isn't so
 * is *torn*.
 *
 * A screen renders in the microtask after it was notified, from what it read of each query when that query's own notification
 * came. Not counted are queries that took the pod more than 50 ms the last time, which are fetched alone; and from the
 * moment on in which they are so, those that nobody looks at, that show an error, or have been reset by a login. Nor is
 * news that is four seconds old: not much longer does a client let the rest of a screen wait for an answer that doesn't come.
 */
import type { CachedAnswer } from "@edgepod/core";
import type { TableVersions } from "@edgepod/core/protocol";

export interface News {
  readonly epoch: string;
  readonly writes: TableVersions;
}

/** What is known of a query; null while there is nothing to show, or an error. */
export type Read = () => CachedAnswer | null;

interface Shown {
  readonly query: string;
  readonly read: Read;
  readonly answer: CachedAnswer | null;
}

const SLOW_MS = 50;
const PATIENCE_MS = 4000;

interface Seen {
  readonly query: string;
  readonly answer: CachedAnswer;
}

export class Screen {
  readonly #torn: string[] = [];
  /** Writes of which the version is known exactly; a frame's may be that of a later write to another table. */
  readonly #writes: News[] = [];
  /** Answers that were shown together when what they went stale by was over. */
  readonly #together: (readonly Seen[])[] = [];
  readonly #shown = new Map<string, Shown>();
  readonly #slow = new Set<string>();
  /** What went stale together and doesn't show the news yet. */
  #waiting: { readonly news: News; readonly queries: ReadonlySet<string>; readonly since: number }[] = [];
  /** Every epoch heard of; the last is the present one. */
  readonly #epochs = new Set<string>();
  #isRendering = false;

  /** Somebody looks at a query: they see what is known now. */
  show(slot: string, query: string, read: Read): void {
    this.#shown.set(slot, { query, read, answer: read() });
  }

  /** They have been told that there is something else to see. */
  update(slot: string, query: string, read: Read): void {
    this.show(slot, query, read);
    if (this.#isRendering) return;
    this.#isRendering = true;
    queueMicrotask(() => {
      this.#isRendering = false;
      this.#render();
    });
  }

  hide(slot: string): void {
    this.#shown.delete(slot);
    this.#dropUnseen();
  }

  /** The pod has said how long a query took. */
  took(query: string, ms: number): void {
    if (ms > SLOW_MS) this.#slow.add(query);
    else this.#slow.delete(query);
  }

  /** An answer has said of tables when they were last written. */
  learned(epoch: string, versions: TableVersions): void {
    const writes = Object.fromEntries(Object.entries(versions).filter(([table]) => table !== "*"));
    this.#writes.push({ epoch, writes });
  }

  /** These tables were written; the client is about to hear so. */
  wrote(epoch: string, writes: TableVersions): void {
    // A late word of an epoch that has ended is no news.
    if (Object.keys(writes).length > 0 && epoch === [...this.#epochs].at(-1)) this.#hear({ epoch, writes });
  }

  sawEpoch(epoch: string): void {
    if (this.#epochs.has(epoch)) return;
    this.#epochs.add(epoch);
    this.#hear({ epoch, writes: {} });
  }

  /** What was torn, in words. */
  get torn(): readonly string[] {
    const apart = this.#together.flatMap((seen) => this.#apart(seen));
    return [...this.#torn, ...apart.map((words) => `torn: ${words}`)];
  }

  /** Those of which one lacks what another of them has. */
  #apart(seen: readonly Seen[]): string[] {
    return seen.flatMap((behind) =>
      seen.flatMap((ahead) => {
        const last = Math.max(0, ...Object.values(ahead.answer.reads));
        const missed = this.#writes.find((news) => isBefore(behind.answer, news, last));
        return missed ? [`${behind.query} lacks ${JSON.stringify(missed)}, ${ahead.query} is at ${last}`] : [];
      }),
    );
  }

  #hear(news: News): void {
    const outdated = [...this.#shown.values()].filter(({ query, read }) => {
      const answer = read();
      return answer && !this.#slow.has(query) && isBefore(answer, news);
    });
    this.#waiting.push({ news, queries: new Set(outdated.map(({ query }) => query)), since: Date.now() });
  }

  #render(): void {
    this.#dropUnseen();
    const answers = this.#answers();
    this.#waiting = this.#waiting.filter(({ news, queries }) => {
      const now = [...queries].flatMap((query) => {
        const answer = answers.get(query);
        return answer ? [{ query, answer, isOld: isBefore(answer, news) }] : [];
      });
      const isNew = now.every(({ isOld }) => !isOld);
      const isTorn = !isNew && now.some(({ isOld }) => !isOld);
      if (isNew) this.#together.push(now);
      if (isTorn) {
        const words = now.map(({ query, isOld }) => `${query} ${isOld ? "before" : "after"}`);
        this.#torn.push(`torn by ${JSON.stringify(news)}: ${words.join(", ")}`);
      }
      // Once is enough of one and the same.
      return !isNew && !isTorn;
    });
  }

  /** What nobody sees any more has nothing to agree with, and what comes back later is looked at anew. */
  #dropUnseen(): void {
    const answers = this.#answers();
    this.#waiting = this.#waiting
      .map(({ news, queries, since }) => ({
        news,
        since,
        queries: new Set([...queries].filter((query) => answers.has(query))),
      }))
      .filter(({ queries, since }) => queries.size > 1 && Date.now() - since < PATIENCE_MS);
  }

  #answers(): Map<string, CachedAnswer> {
    const entries = [...this.#shown.values()].flatMap(({ query, answer }) =>
      answer && !this.#slow.has(query) ? [[query, answer] as const] : [],
    );
    return new Map(entries);
  }
}

/** Whether an answer is outdated by the news; by that part of it which is no newer than `atMost`. */
function isBefore({ epoch, version, reads }: CachedAnswer, news: News, atMost = Infinity): boolean {
  if (epoch !== news.epoch) return atMost === Infinity;
  return Object.entries(reads).some(([table, read]) =>
    Object.entries(news.writes).some(
      ([name, at]) => (table === "*" || name === "*" || name === table) && Math.max(version, read) < at && at <= atMost,
    ),
  );
}
