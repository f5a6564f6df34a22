/** The error that the SQL stage throws itself. Whatever else is wrong with a statement, SQLite says. */

/** A statement of the user's that would write a table which only the engine may write. */
export class ReservedTableError extends Error {
  override readonly name = "ReservedTableError";
  readonly code = "RESERVED_TABLE";
  readonly table: string;

  constructor(table: string) {
    super(
      `The table "${table}" belongs to EdgePod and can't be changed by a statement. ` +
        `Names that begin with "_edgepod_" are reserved: give your table another one.`,
    );
    this.table = table;
  }
}
