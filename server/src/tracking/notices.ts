/** What a call is told of itself, in words. */
import { EdgePodError } from "@edgepod/core/protocol";
import type { Warning } from "@edgepod/core/protocol";
import { subjectOf } from "../guards/guarded.ts";
import type { GuardedStatement } from "../guards/guarded.ts";
import { MAX_ROWS } from "../guards/rows.ts";
import type { Recording } from "./recording.ts";

export function replaced({ kind }: Recording): EdgePodError {
  // Of anything but an action there is nothing left, and it may be sent again.
  return kind === "action"
    ? new EdgePodError(
        "OUTCOME_UNKNOWN",
        "The pod's data were replaced while the action ran. What it had written by then is gone, and it can't go on.",
      )
    : new EdgePodError("UNAVAILABLE", "The pod's data were replaced while the call ran. Try again.");
}

export function queryWrote({ analysis }: GuardedStatement): EdgePodError {
  return new EdgePodError(
    "QUERY_WROTE",
    `A query can't write to ${subjectOf(analysis)}. Call the function with useMutation, or wrap it in mutation().`,
  );
}

export function rowsCut({ analysis }: GuardedStatement): Warning {
  const message = `A statement on ${subjectOf(analysis)} has more than ${MAX_ROWS} rows; the rest is left out. Use limit(), or a condition.`;
  return { code: "ROWS_CUT", message };
}
