/** The error that the SQL stage throws itself. Whatever else is wrong with a statement, SQLite says. */
import { EdgePodError } from "@edgepod/core/protocol";

/** A statement of the user's that would write a table which only the engine may write. */
export class ReservedTableError extends EdgePodError {
  constructor(table: string) {
    super(
      "RESERVED_TABLE",
      `The table "${table}" belongs to EdgePod and can't be changed by a statement. ` +
        `Names that begin with "_edgepod_" are reserved: give your table another one.`,
    );
  }
}

/** A statement that SQLite takes and a pod can't. */
export class UnsupportedStatementError extends EdgePodError {
  constructor(reason: string) {
    super("UNSUPPORTED_STATEMENT", `${reason} Say ABORT, FAIL, IGNORE or REPLACE instead.`);
  }
}
