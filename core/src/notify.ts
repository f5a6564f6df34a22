/** How an adapter reads a state and hears that it has changed. */
import { notifyManager } from "@tanstack/query-core";

/** Something that is looked at. */
export interface Observed<R> {
  /** What to show now. The same object for as long as nothing in it has changed. */
  readonly read: () => R;
  /** Calls `changed` after every change. Returns what ends that. */
  readonly subscribe: (changed: () => void) => () => void;
}

/** Gives back the last object again while every member of the next one is the same. */
export function keepWhileEqual<R extends object>(): (next: R) => R {
  let last: R | undefined;
  return (next) => {
    const before = last;
    const isSame = before && (Object.keys(next) as (keyof R)[]).every((name) => Object.is(before[name], next[name]));
    return isSame ? before : (last = next);
  };
}

/** What is to be told after this turn. */
const changes = new Set<() => void>();

/** Answers that came together reach the cache one after another in one turn. Their screens are told of all of them at once. */
export function inOneTask(changed: () => void): () => void {
  return () => {
    if (changes.size === 0) {
      notifyManager.schedule(() => {
        const told = [...changes];
        changes.clear();
        for (const tell of told) tell();
      });
    }
    changes.add(changed);
  };
}
