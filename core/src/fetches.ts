/**
 * Fetches queries from the pod: those that a screen shows already together, so that it goes from one moment of the
 * database to another; the rest each by itself. Leaves to `live-cache.ts` what to fetch and when.
 */
import type { CachedAnswer } from "./answers.ts";
import { aborted } from "./calls.ts";
import type { Calls, QueryAnswer } from "./calls.ts";
import { EdgePodError, MAX_BATCH } from "./protocol/index.ts";
import type { ReadSet, ReadSets } from "./read-sets.ts";
import { pause, retryDelay, shouldRetry } from "./retries.ts";

export interface FetchesOptions {
  readonly calls: Calls;
  readonly sets: ReadSets;
  /** Whether there is an answer to the query already, so that a screen may show it beside others. */
  readonly isAnswered: (key: string) => boolean;
  /** An answer has come; these held ones, of whichever queries, turned out to be outdated. */
  readonly outdated: (keys: readonly string[]) => void;
  /** A query has failed after it had read: what it read is what calls it back. */
  readonly failed: (key: string, readSet: ReadSet) => void;
}

/** One query that is waited for. */
interface Member {
  readonly fn: string;
  readonly args: unknown;
  readonly key: string;
  readonly resolve: (answer: CachedAnswer) => void;
  readonly reject: (error: unknown) => void;
  /** What has come, and is held back until the others have too; null if it can't be shown. */
  taken: { readonly answer: QueryAnswer; readonly readSet: ReadSet | null } | null;
  /** Whether the query has left the cache meanwhile: nobody waits for a better answer. */
  isDropped: boolean;
}

/** How often a batch is asked until its answers are of one moment; then they are shown as they are. */
const ATTEMPTS = 3;
/** The same of one that others join, of which each does so once. */
const JOINS = 2 * ATTEMPTS;
/** A query that took more milliseconds than this in the pod goes alone: the others would wait for it. */
const SLOW_MS = 50;
/** Milliseconds for which the next batch waits for the one before it. */
const PATIENCE_MS = 5000;

export class Fetches {
  readonly #options: FetchesOptions;
  readonly #slow = new Set<string>();
  readonly #large = new Set<string>();
  readonly #running = new Set<Member>();
  /** What goes when the present batch has come back, or in the next turn. */
  #waiting: Member[] = [];
  #isDeparting = false;
  #batch: Member[] | null = null;
  /** Whether what waits was made stale by the same news as some of the present batch. */
  #isLinked = false;

  constructor(options: FetchesOptions) {
    this.#options = options;
  }

  /** One query from the pod. What is fetched in the same turn is fetched together, and all of it is shown at once. */
  fetch<T>(fn: string, args: unknown, key: string): Promise<CachedAnswer<T>> {
    const { promise, resolve, reject } = Promise.withResolvers<CachedAnswer>();
    const member: Member = { fn, args, key, resolve, reject, taken: null, isDropped: false };
    // At its first time nobody knows how long it takes, and there is nothing on screen that it could disagree with.
    if (!this.#options.isAnswered(key) || this.#slow.has(key) || this.#large.has(key)) void this.#run([member]);
    else {
      this.#waiting.push(member);
      if (!this.#isDeparting) {
        queueMicrotask(() => {
          this.#isDeparting = false;
          if (!this.#batch) this.#depart();
        });
      }
      this.#isDeparting = true;
    }
    return promise as Promise<CachedAnswer<T>>;
  }

  /** One and the same news has made these queries stale: those of them that are being fetched wait for the others. */
  link(keys: readonly string[]): void {
    if (this.#batch?.some(({ key }) => keys.includes(key))) this.#isLinked = true;
  }

  /** The query has left the cache. */
  forget(key: string): void {
    this.#slow.delete(key);
    this.#large.delete(key);
    for (const member of this.#running) if (member.key === key) member.isDropped = true;
  }

  /** What waits is given up, as `Calls` gives up what runs. */
  abort(): void {
    this.#batch = null;
    for (const { fn, reject } of this.#takeWaiting()) reject(aborted(fn));
  }

  #takeWaiting(): Member[] {
    const members = this.#waiting;
    this.#waiting = [];
    this.#isLinked = false;
    return members;
  }

  /** One batch after another, or two that were made stale by the same news would be shown apart. */
  #depart(): void {
    if (this.#waiting.length === 0) return;
    const batch = this.#takeWaiting();
    this.#batch = batch;
    const release = (): void => {
      clearTimeout(patience);
      if (this.#batch !== batch) return;
      this.#batch = null;
      this.#depart();
    };
    const patience = setTimeout(release, PATIENCE_MS);
    void this.#run(batch).then(release);
  }

  /** Asks until everything is of one moment and nothing in it outdated (rule 3), and shows all of it at once. */
  async #run(batch: Member[]): Promise<void> {
    const { signal } = this.#options.calls;
    for (const member of batch) this.#running.add(member);
    let failures = 0;
    let attempts = 0;
    let most = ATTEMPTS;
    for (let again = batch; again.length > 0;) {
      // oxlint-disable-next-line no-await-in-loop -- one try after another
      const failure = await this.#ask(batch, again);
      if (failure === null) {
        attempts += 1;
        again = attempts < most ? this.#unfit(batch) : [];
      } else {
        if (!shouldRetry(failures, failure)) {
          this.#settle(batch, failure, signal);
          return;
        }
        // oxlint-disable-next-line no-await-in-loop -- one try after another
        await pause(retryDelay(failures, failure), signal);
        failures += 1;
      }
      if (signal.aborted) break;
      if (this.#batch === batch && (failure !== null || (this.#isLinked && attempts < JOINS))) {
        const joined = this.#takeWaiting();
        batch.push(...joined);
        again = [...again, ...joined];
        // Those that join are ahead of the rest, which then need another try as well.
        if (joined.length > 0) most = JOINS;
        for (const member of joined) this.#running.add(member);
      }
    }
    this.#settle(batch, null, signal);
  }

  /** Returns why a request as a whole came to nothing, or null. */
  async #ask(batch: Member[], members: readonly Member[]): Promise<Error | null> {
    const chunks: Promise<void>[] = [];
    for (let at = 0; at < members.length; at += MAX_BATCH) {
      chunks.push(this.#askOnce(batch, members.slice(at, at + MAX_BATCH)));
    }
    const outcomes = await Promise.allSettled(chunks);
    return outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as Error] : []))[0] ?? null;
  }

  async #askOnce(batch: Member[], members: readonly Member[]): Promise<void> {
    const { calls, sets } = this.#options;
    const { moment } = sets;
    const [first, ...others] = members;
    const isAlone = first !== undefined && others.length === 0;
    const answers = isAlone ? [await calls.send(first.fn, first.args, "query")] : await calls.sendTogether(members);
    for (const [index, member] of members.entries()) {
      const answer = answers[index];
      if (!answer) continue;
      if (!isAlone && "failure" in answer && mayPassAlone(answer.failure)) {
        if (answer.failure.code === "ANSWER_TOO_LARGE") this.#large.add(member.key);
        batch.splice(batch.indexOf(member), 1);
        void this.#run([member]);
      } else this.#take(member, answer, moment);
    }
  }

  #take(member: Member, answer: QueryAnswer, moment: number): void {
    const { sets, outdated } = this.#options;
    member.taken = null;
    if (!answer.meta) {
      member.taken = { answer, readSet: null };
      return;
    }
    const { epoch, version, reads, ms = 0 } = answer.meta;
    const consequence = sets.answer(answer.meta, moment);
    if (consequence === "ask again") return;
    if (ms > SLOW_MS) this.#slow.add(member.key);
    else this.#slow.delete(member.key);
    member.taken = { answer, readSet: { epoch, version, reads } };
    outdated(consequence.outdated);
  }

  /** Those to be asked again. Where one needs a newer moment all of them do, or they would be of two. */
  #unfit(batch: readonly Member[]): Member[] {
    const { sets } = this.#options;
    const awaited = batch.filter(({ isDropped }) => !isDropped);
    if (awaited.some(({ taken }) => !taken || (taken.readSet && sets.isOutdated(taken.readSet)))) return awaited;
    const newest = Math.max(...awaited.map((member) => momentOf(member) ?? 0));
    return awaited.filter((member) => (momentOf(member) ?? newest) < newest);
  }

  /** In one turn, so that what follows from it in the cache is one notification. */
  #settle(batch: readonly Member[], failure: Error | null, { aborted: isAborted }: AbortSignal): void {
    for (const member of batch) {
      const { fn, key, taken, resolve, reject } = member;
      this.#running.delete(member);
      if (isAborted) reject(aborted(fn));
      else if (!taken) {
        if (failure && batch.length > 1 && mayBeTheBatch(failure)) void this.#run([member]);
        else reject(failure ?? new EdgePodError("UNAVAILABLE", `"${fn}" was answered by one epoch after another.`));
      } else if ("failure" in taken.answer) {
        if (taken.readSet) this.#options.failed(key, taken.readSet);
        reject(taken.answer.failure);
      } else if (taken.readSet) resolve({ data: taken.answer.data, ...taken.readSet });
    }
  }
}

/** The commit up to which an answer knows everything that it read; null if it read nothing. */
function momentOf({ taken }: Member): number | null {
  return taken?.readSet ? Math.max(taken.readSet.version, ...Object.values(taken.readSet.reads)) : null;
}

/** Of one entry: the request for it alone says when to try again, and has room for all of its answer. */
function mayPassAlone({ code, status }: EdgePodError): boolean {
  return code === "ANSWER_TOO_LARGE" || status === 429 || status === 503;
}

/** Of a whole request: too large, unknown to an older gateway, or with one entry that can't be sent. */
function mayBeTheBatch(failure: Error): boolean {
  return failure instanceof EdgePodError && ![0, 401, 403, 429, 503].includes(failure.status);
}
