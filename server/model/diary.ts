/**
 * What one client fetched and heard, in order, and what of its fetches was too much.
 *
 * A fetch is *needless* if its answer read exactly what the answer before it had read, at the same versions. It is
 * *doubled* if, besides, nothing had asked for it since the one before it began: no newer version of what it reads was
 * heard, nobody began to look, nothing was lost, and neither socket, identity nor epoch changed. Then both were fetched for
 * one and the same cause.
 */
import type { TransportCall } from "@edgepod/core";
import { parseAnswer } from "@edgepod/core/protocol";
import type { Meta, StaleTables } from "@edgepod/core/protocol";

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

export interface Excess {
  readonly needless: number;
  /** The queries fetched twice for one cause. */
  readonly doubled: readonly string[];
}

export class Diary {
  readonly #fetches: Fetch[] = [];
  readonly #reasons: Reason[] = [];
  /** Queries that were answered by an error of which the model's functions know nothing. */
  readonly crashes: string[] = [];
  #clock = 0;
  #epoch: string | null = null;

  fetchStarts({ fn, body, intent, token }: TransportCall): Fetch | null {
    if (intent !== "query") return null;
    const fetch: Fetch = { query: `${fn} ${body}`, token, start: this.#tick(), end: Infinity, meta: null };
    this.#fetches.push(fetch);
    return fetch;
  }

  fetchEnds(fetch: Fetch | null, body: unknown): void {
    const answer = parseAnswer(body);
    if (answer.meta) {
      this.sawEpoch(answer.meta.epoch);
      for (const [table, version] of [...Object.entries(answer.meta.reads), ...Object.entries(answer.meta.writes)]) {
        this.heard(table === "*" ? "*" : [table], version);
      }
    }
    if (!fetch) return;
    fetch.end = this.#tick();
    fetch.meta = answer.meta;
    if (!answer.meta) this.asked(fetch.query);
    if ("failure" in answer && answer.failure.code === "INTERNAL") this.crashes.push(fetch.query);
  }

  fetchFails(fetch: Fetch | null): void {
    if (fetch) this.asked(fetch.query);
  }

  heard(tables: StaleTables, version: number): void {
    this.#reasons.push({ at: this.#tick(), tables, version });
  }

  sawEpoch(epoch: string): void {
    if (epoch !== this.#epoch) this.asked();
    this.#epoch = epoch;
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
      if (before.end < fetch.start && !this.#hasReason(before.start, before.meta, fetch)) doubled.push(fetch.query);
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

function isSame(one: Meta, other: Meta): boolean {
  return one.epoch === other.epoch && JSON.stringify(one.reads) === JSON.stringify(other.reads);
}
