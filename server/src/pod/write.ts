/**
 * Runs a mutation or an action, and says on the way how it stands, so that a repeat of it can be answered: a mutation in
 * its own commit, an action before its first statement and after its end.
 */
import { EVERYTHING, EdgePodError } from "@edgepod/core/protocol";
import type { Commit } from "../reactivity/versions.ts";
import type { Recording } from "../tracking/recording.ts";
import type { TrackedStorage } from "../tracking/tracked-storage.ts";

/** How a call that writes stands. */
export type WriteState<T> =
  | { readonly state: "begun" }
  | { readonly state: "answered"; readonly data: T; readonly commits: readonly Commit[] }
  | { readonly state: "failed"; readonly failure: EdgePodError };

export type Tell<T> = (state: WriteState<T>) => void;

/** All or nothing: what is told of it is undone with it. */
export function mutate<T>(
  tracked: TrackedStorage,
  recording: Recording,
  run: () => Promise<T>,
  tell: Tell<T>,
): Promise<T> {
  return tracked.atomic(recording, run, (data, commit) => {
    tell({ state: "answered", data, commits: commit ? [commit] : [] });
  });
}

/** Every statement by itself. From `begun` on it isn't known what it has done, until it has ended in one way or another. */
export async function act<T>(
  tracked: TrackedStorage,
  recording: Recording,
  run: () => Promise<T>,
  tell: Tell<T>,
): Promise<T> {
  tell({ state: "begun" });
  let data: T;
  try {
    data = await tracked.run(recording, run);
  } catch (error) {
    // What else was thrown is for the log alone, and stands there.
    const failure =
      error instanceof EdgePodError
        ? error
        : new EdgePodError("INTERNAL", "The action failed. The pod's log says why.");
    tell({ state: "failed", failure });
    throw error;
  }
  tell({ state: "answered", data, commits: recording.commits });
  return data;
}

/** The names of the tables that were written. */
export function tablesOf(commits: readonly Commit[]): readonly string[] {
  return [...new Set(commits.flatMap(({ tables }) => (tables === "all" ? [EVERYTHING] : tables)))];
}
