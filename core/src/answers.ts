/** What the query cache holds of an answer, and what a screen sees of it. */
import { isRecord } from "./protocol/index.ts";
import type { ReadSet } from "./read-sets.ts";

/** A cached answer: its data together with what it read, so that nothing that moves the cache can lose the read set. */
export interface CachedAnswer<T = unknown> extends ReadSet {
  readonly data: T;
}

/** The part of a cached answer that a screen shows. */
export function selectData<T>(answer: CachedAnswer<T>): T {
  return answer.data;
}

/** What a cached value read: that of an answer, that of all pages of a list, or `null` if it is neither. */
export function readSetOf(value: unknown): ReadSet | null {
  if (isCachedAnswer(value)) return value;
  if (!isRecord(value) || !Array.isArray(value["pages"])) return null;
  const pages = value["pages"].filter(isCachedAnswer);
  const [first] = pages;
  if (!first || pages.length < value["pages"].length) return null;
  const reads: Record<string, number> = {};
  for (const page of pages) {
    for (const [table, version] of Object.entries(page.reads))
      reads[table] = Math.min(version, reads[table] ?? version);
  }
  // Pages of two epochs are no whole: one that nobody knows makes all of them outdated.
  const epoch = pages.every((page) => page.epoch === first.epoch) ? first.epoch : "";
  return { epoch, version: Math.min(...pages.map(({ version }) => version)), reads };
}

function isCachedAnswer(value: unknown): value is CachedAnswer {
  return isRecord(value) && "data" in value && "reads" in value && "epoch" in value;
}
