/**
 * What one client fetched and heard, in order, and what of its fetches was too much.
 *
 * A fetch is *needless* if its answer read exactly what the answer before it had read, at the same versions. It is
 * *doubled* if, besides, nothing had asked for it since the one before it began: no newer version of what it reads was
 * heard, nobody began to look, nothing was lost, neither socket, identity nor epoch changed, and the one before it was
 * shown. One that was held back is asked for again because those that it was to be shown with were overtaken. Otherwise
 * both were fetched for one and the same cause.
 */
import type { TransportCall } from "@edgepod/core";
import { parseAnswer } from "@edgepod/core/protocol";
import type { Meta, StaleTables } from "@edgepod/core/protocol";
import { Screen } from "./screen.ts";

interface Fetch {
  readonly query: string;
  readonly token: string | null;
  /** Its place among everything that has happened, as its beginning. */
  readonly start: number;
  end: number;
  meta: Meta | null;
}

/** Something that may ask for a fetch: news of tables, or anything else, of one query or, where that is null, of all. */
type Reason = { readonly at: number } & (
  | { readonly tables: StaleTables; readonly version: number }
  | { readonly tables: null; readonly query: string | null }
);

interface Entry {
  readonly fn: string;
  readonly args?: unknown;
}

export interface Excess {
  readonly needless: number;
  /** The queries fetched twice for one cause. */
  readonly doubled: readonly string[];
}

export class Diary {
  readonly screen = new Screen();
  /** How long each query took the pod the last time. */
  readonly #ms = new Map<string, number>();
  readonly #writes = new Map<number, Meta>();
  readonly #fetches: Fetch[] = [];
  readonly #reasons: Reason[] = [];
  readonly #shown: { readonly at: number; readonly query: string }[] = [];
  /** Queries that were answered by an error of which the model's functions know nothing. */
  readonly crashes: string[] = [];
  #clock = 0;
  #epoch: string | null = null;
  /** The epoch that the present socket speaks of. */
  #greeted = "";

  /** A request leaves. Returns the fetches that it stands for: none if it is no query's. */
  fetchStarts({ fn, body, intent, token }: TransportCall): readonly Fetch[] {
    if (intent !== "query") return [];
    const start = this.#tick();
    const queries = fn === null ? entriesOf(body).map(nameOf) : [`${fn} ${body}`];
    const fetches = queries.map((query) => ({ query, token, start, end: Infinity, meta: null }));
    this.#fetches.push(...fetches);
    return fetches;
  }

  fetchEnds(fetches: readonly Fetch[], body: unknown): void {
    if (fetches.length > 1 && Array.isArray(body))
      for (const [at, one] of body.entries()) this.#answered(one, fetches[at]);
    else this.#answered(body, ...fetches);
  }

  #answered(body: unknown, ...fetches: readonly (Fetch | undefined)[]): void {
    const [fetch] = fetches;
    const answer = parseAnswer(body);
    if (answer.meta) {
      this.sawEpoch(answer.meta.epoch);
      for (const [table, version] of [...Object.entries(answer.meta.reads), ...Object.entries(answer.meta.writes)]) {
        this.#heard(table === "*" ? "*" : [table], version);
      }
      this.screen.learned(answer.meta.epoch, { ...answer.meta.reads, ...answer.meta.writes });
      if (!fetch) this.#writes.set(answer.meta.version, answer.meta);
    }
    if (!fetch) return;
    this.#ms.set(fetch.query, answer.meta?.ms ?? 0);
    fetch.end = this.#tick();
    fetch.meta = answer.meta;
    if (!answer.meta) this.asked(fetch.query);
    if ("failure" in answer && answer.failure.code === "INTERNAL") this.crashes.push(fetch.query);
  }

  fetchFails(fetches: readonly Fetch[]): void {
    for (const { query } of fetches) this.asked(query);
  }

  /** What the latest fetches of a query came to is in the cache, and shown. */
  settled(query: string): void {
    this.#shown.push({ at: this.#tick(), query });
    this.screen.took(query, this.#ms.get(query) ?? 0);
  }

  /** A `stale` frame has come. */
  heard(tables: StaleTables, version: number): void {
    this.#heard(tables, version);
    this.screen.wrote(
      this.#greeted,
      Object.fromEntries((tables === "*" ? ["*"] : tables).map((table) => [table, version])),
    );
  }

  #heard(tables: StaleTables, version: number): void {
    this.#reasons.push({ at: this.#tick(), tables, version });
  }

  /** The client has heeded what its mutation of that version wrote. */
  wrote(version: number): void {
    const meta = this.#writes.get(version);
    if (meta) this.screen.wrote(meta.epoch, meta.writes);
  }

  /** A `hello` has come. */
  greeted(epoch: string): void {
    this.#greeted = epoch;
    this.sawEpoch(epoch);
  }

  sawEpoch(epoch: string): void {
    if (epoch !== this.#epoch) this.asked();
    this.#epoch = epoch;
    this.screen.sawEpoch(epoch);
  }

  /** Something other than news asks for a fetch, of one query or of all. */
  asked(query: string | null = null): void {
    this.#reasons.push({ at: this.#tick(), tables: null, query });
  }

  get excess(): Excess {
    const last = new Map<string, Fetch>();
    let needless = 0;
    const doubled: string[] = [];
    for (const fetch of this.#fetches) {
      const before = last.get(fetch.query);
      if (fetch.meta) last.set(fetch.query, fetch);
      if (!fetch.meta || !before?.meta || before.token !== fetch.token || !isSame(before.meta, fetch.meta)) continue;
      needless += 1;
      const wasShown = this.#shown.some(
        ({ at, query }) => query === fetch.query && at > before.end && at < fetch.start,
      );
      if (wasShown && !this.#hasReason(before.start, before.meta, fetch)) doubled.push(fetch.query);
    }
    return { needless, doubled };
  }

  /** Whether anything has asked for the fetch since `from`, other than what the answer before it knew already. */
  #hasReason(from: number, { version, reads }: Meta, { query, start }: Fetch): boolean {
    const isRead = (tables: StaleTables): boolean =>
      tables === "*" || "*" in reads || tables.some((table) => table in reads);
    return this.#reasons.some((reason) => {
      if (reason.at < from || reason.at > start) return false;
      if (reason.tables === null) return reason.query === null || reason.query === query;
      return reason.version > version && isRead(reason.tables);
    });
  }

  #tick(): number {
    this.#clock += 1;
    return this.#clock;
  }
}

/** A query by its function and the body of its call. */
export function nameOf({ fn, ...body }: Entry): string {
  return `${fn} ${JSON.stringify(body)}`;
}

function entriesOf(body: string): readonly Entry[] {
  return JSON.parse(body) as Entry[];
}

function isSame(one: Meta, other: Meta): boolean {
  return one.epoch === other.epoch && JSON.stringify(one.reads) === JSON.stringify(other.reads);
}
