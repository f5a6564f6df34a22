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

/** Who is to be told after this turn. */
const changes = new Set<() => void>();

/**
 * Tells of changes of any of `sources`. Answers that came together reach the cache one after another in one turn; their
 * screens are told of all of them at once.
 */
export function tellTogether(
  sources: readonly { readonly subscribe: (changed: () => void) => () => void }[],
  changed: () => void,
): () => void {
  const tell = (): void => {
    changed();
  };
  const ends = sources.map((source) =>
    source.subscribe(() => {
      changes.add(tell);
      // Each asks for it, and the first that comes tells all: nobody depends on another's timer.
      notifyManager.schedule(tellAll);
    }),
  );
  return () => {
    changes.delete(tell);
    for (const end of ends) end();
  };
}

function tellAll(): void {
  const told = [...changes];
  changes.clear();
  for (const tell of told) tell();
}
