/** What the query cache holds of an answer, and what a screen sees of it. */
import type { ReadSet } from "./read-sets.ts";

/** A cached answer: its data together with what it read, so that nothing that moves the cache can lose the read set. */
export interface CachedAnswer<T = unknown> extends ReadSet {
  readonly data: T;
}

/** The part of a cached answer that a screen shows. */
export function selectData<T>(answer: CachedAnswer<T>): T {
  return answer.data;
}

/** Whether a value found in the cache has the shape of a cached answer. */
export function isCachedAnswer(value: unknown): value is CachedAnswer {
  return typeof value === "object" && value !== null && "data" in value && "reads" in value && "epoch" in value;
}
