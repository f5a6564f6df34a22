/**
 * What the client holds, what it has heard, and what the pod watches for it: decides which answers are outdated, which
 * are live, and what the next `watch` frame says. Pure: no socket, no clock, no cache. The rules that it keeps are
 * numbered in ARCHITECTURE.md.
 */
import { EVERYTHING } from "./protocol/index.ts";
import type { HelloFrame, Meta, StaleTables, TableVersions, WatchFrame } from "./protocol/index.ts";

/** Of one answer: what it read, and how new that was. */
export interface ReadSet {
  readonly epoch: string;
  readonly version: number;
  readonly reads: TableVersions;
}

/** What to do about news: ask again, because it may be of an epoch that has ended, or refetch what it outdated. */
export type Consequence = "ask again" | { readonly outdated: readonly string[] };

export class ReadSets {
  #epoch: string | null = null;
  /** Counts the epochs adopted; a request remembers the count under which it left. */
  #epochCount = 0;
  readonly #held = new Map<string, ReadSet>();
  readonly #holders = new Map<string, Set<string>>();
  readonly #heard = new Map<string, number>();
  #heardOfAll = 0;
  #heardAtMost = 0;
  #session: string | null = null;
  #n = 0;
  readonly #covered = new Set<string>();
  readonly #toAdd = new Map<string, number>();
  readonly #toDrop = new Set<string>();

  /** A mark to take when a request leaves, and to give back with its answer. */
  get moment(): number {
    return this.#epochCount;
  }

  /** The session that calls should register their reads for. */
  get session(): string | null {
    return this.#session;
  }

  // ── What the client holds ────────────────────────────────────────────────────────────────────────────────────────

  /** An answer is held under `key`, in place of an earlier one. Returns the keys of others that it shows to be old. */
  hold(key: string, readSet: ReadSet): readonly string[] {
    const before = this.#forget(key);
    this.#held.set(key, readSet);
    for (const [table, version] of Object.entries(readSet.reads)) {
      const holders = this.#holders.get(table);
      if (holders) holders.add(key);
      else this.#holders.set(table, new Set([key]));
      this.#toDrop.delete(table);
      if (!this.#covered.has(table)) this.#add(table, version);
    }
    this.#dropUnheld(before);
    return readSet.epoch === this.#epoch ? this.#learn(readSet.reads) : [];
  }

  /** The answer under `key` has left the cache. */
  release(key: string): void {
    this.#dropUnheld(this.#forget(key));
  }

  #forget(key: string): TableVersions {
    const reads = this.#held.get(key)?.reads ?? {};
    this.#held.delete(key);
    for (const table of Object.keys(reads)) {
      const holders = this.#holders.get(table);
      holders?.delete(key);
      if (holders?.size === 0) this.#holders.delete(table);
    }
    return reads;
  }

  /** A table that no answer in the cache reads need not be watched any more. */
  #dropUnheld(reads: TableVersions): void {
    for (const table of Object.keys(reads)) {
      if (this.#holders.has(table)) continue;
      this.#toAdd.delete(table);
      if (this.#covered.has(table)) this.#toDrop.add(table);
    }
  }

  // ── What the client hears ────────────────────────────────────────────────────────────────────────────────────────

  /** These tables were written at `version`. Returns the keys of the held answers that this news made outdated. */
  stale(tables: StaleTables, version: number): readonly string[] {
    return [...this.#note(tables === EVERYTHING ? [[EVERYTHING, version]] : tables.map((table) => [table, version]))];
  }

  /** The answer of a query has come, whose request left at `moment`. */
  answer(meta: Meta, moment: number): Consequence {
    const adopted = this.#enter(meta.epoch, moment);
    if (adopted === "ask again") return adopted;
    const { watched, reads } = meta;
    const isRegistered = watched !== null && watched.session === this.#session && watched.n === this.#n;
    for (const [table, version] of Object.entries(reads)) {
      // Rule 2. Registered under another session, or before a `watch` that may have dropped it: say it again.
      if (isRegistered) this.#covered.add(table);
      else this.#add(table, version);
      this.#toDrop.delete(table);
    }
    return { outdated: [...adopted.outdated, ...this.#learn(reads)] };
  }

  /** The answer of a mutation has come, whose request left at `moment`. What it wrote counts like a `stale` (rule 6). */
  written(meta: Meta, moment: number): Consequence {
    const adopted = this.#enter(meta.epoch, moment);
    if (adopted === "ask again") return adopted;
    return { outdated: [...adopted.outdated, ...this.#note(Object.entries(meta.writes))] };
  }

  /** A session begins, or goes on in another epoch. `moment` was taken when its connection was opened. */
  hello(frame: HelloFrame, moment: number): Consequence {
    const adopted = this.#enter(frame.epoch, moment);
    if (adopted === "ask again") return adopted;
    if (frame.session !== this.#session) this.#n = 0;
    this.#session = frame.session;
    this.sayAll();
    return adopted;
  }

  /** The socket has closed: nothing is watched until the next `hello`. */
  goodbye(): void {
    this.#session = null;
    this.#covered.clear();
    this.#toAdd.clear();
    this.#toDrop.clear();
  }

  /** Another identity: nothing that was known of the last one counts any more. */
  reset(): void {
    this.goodbye();
    this.#held.clear();
    this.#holders.clear();
    this.#forgetHeard();
    this.#epoch = null;
    this.#epochCount += 1;
  }

  /** Rule 5. News of an epoch: of ours, of the next one, or of one that may have ended since it was asked for. */
  #enter(epoch: string, moment: number): Consequence {
    if (epoch === this.#epoch) return { outdated: [] };
    if (moment < this.#epochCount) return "ask again";
    this.#epoch = epoch;
    this.#epochCount += 1;
    this.#forgetHeard();
    this.#covered.clear();
    this.#toAdd.clear();
    return { outdated: [...this.#held.keys()].filter((key) => this.isOutdated(key)) };
  }

  /** What an answer read is news as well: an older answer that read the same table has just turned out to be old. */
  #learn(reads: TableVersions): readonly string[] {
    const { [EVERYTHING]: ofAll, ...ofTables } = reads;
    if (ofAll !== undefined) this.#heardAtMost = Math.max(this.#heardAtMost, ofAll);
    return [...this.#note(Object.entries(ofTables))];
  }

  /** Remembers the newest version of each table, also of those that nobody holds yet: a fetch may be in flight. */
  #note(versions: Iterable<readonly [table: string, version: number]>): Set<string> {
    const outdated = new Set<string>();
    const collect = (keys: Iterable<string> | undefined): void => {
      for (const key of keys ?? []) if (this.isOutdated(key)) outdated.add(key);
    };
    let isNews = false;
    for (const [table, version] of versions) {
      if (version <= (table === EVERYTHING ? this.#heardOfAll : this.#heardOf(table))) continue;
      isNews = true;
      this.#heardAtMost = Math.max(this.#heardAtMost, version);
      if (table === EVERYTHING) {
        this.#heardOfAll = version;
        collect(this.#held.keys());
      } else {
        this.#heard.set(table, version);
        collect(this.#holders.get(table));
      }
    }
    if (isNews) collect(this.#holders.get(EVERYTHING));
    return outdated;
  }

  #forgetHeard(): void {
    this.#heard.clear();
    this.#heardOfAll = 0;
    this.#heardAtMost = 0;
  }

  // ── What follows from it ─────────────────────────────────────────────────────────────────────────────────────────

  /** Says everything that is held in the next `watch`: after a gap the pod must tell what was missed (rule 4). */
  sayAll(): void {
    this.#covered.clear();
    this.#toAdd.clear();
    this.#toDrop.clear();
    for (const { epoch, reads } of this.#held.values()) {
      if (epoch !== this.#epoch) continue;
      for (const [table, version] of Object.entries(reads)) this.#add(table, version);
    }
  }

  /** The keys of the held answers that read one of these tables; every key that is held unless told otherwise. */
  keys(tables: StaleTables = EVERYTHING): string[] {
    if (tables === EVERYTHING || tables.includes(EVERYTHING)) return [...this.#held.keys()];
    return [...tables, EVERYTHING].flatMap((table) => [...(this.#holders.get(table) ?? [])]);
  }

  /** Whether the database is known to hold something newer than the answer, held under a key or just come in. */
  isOutdated(answer: string | ReadSet): boolean {
    const readSet = typeof answer === "string" ? this.#held.get(answer) : answer;
    if (!readSet) return false;
    if (this.#epoch !== null && readSet.epoch !== this.#epoch) return true;
    // Rule 3. Both are proof: no later commit is missing below `version`, and `reads` names the table's own last one.
    return Object.entries(readSet.reads).some(
      ([table, version]) => Math.max(version, readSet.version) < this.#heardOf(table),
    );
  }

  /** Whether the answer under `key` is fresh and will be signalled the moment it isn't (rule 7). */
  isLive(key: string): boolean {
    const readSet = this.#held.get(key);
    if (!readSet || this.#session === null || this.isOutdated(readSet)) return false;
    return Object.keys(readSet.reads).every((table) => this.#covered.has(table));
  }

  /** Takes what there is to say to the pod, or `null`. What it returns must be sent: it counts as said. */
  takeWatch(): WatchFrame | null {
    if (this.#session === null || this.#toAdd.size + this.#toDrop.size === 0) return null;
    this.#n += 1;
    const frame: WatchFrame = {
      type: "watch",
      n: this.#n,
      add: Object.fromEntries(this.#toAdd),
      drop: [...this.#toDrop],
    };
    for (const table of this.#toAdd.keys()) this.#covered.add(table);
    for (const table of this.#toDrop) this.#covered.delete(table);
    this.#toAdd.clear();
    this.#toDrop.clear();
    return frame;
  }

  /** Of several answers that read a table the oldest version is said: if the pod's differs, each answer is compared. */
  #add(table: string, version: number): void {
    if (this.#session === null) return;
    this.#toAdd.set(table, Math.min(version, this.#toAdd.get(table) ?? version));
    this.#toDrop.delete(table);
  }

  #heardOf(table: string): number {
    if (table === EVERYTHING) return this.#heardAtMost;
    return Math.max(this.#heard.get(table) ?? 0, this.#heardOfAll);
  }
}
