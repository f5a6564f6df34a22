/** Statements that nobody may run, neither a function nor a migration. */
import { ReservedTableError, UnsupportedStatementError } from "./errors.ts";
import { isWord } from "./lexer.ts";
import { fold, isOwn } from "./names.ts";
import type { Statement } from "./statement.ts";

/** @throws EdgePodError `RESERVED_TABLE`, `UNSUPPORTED_STATEMENT`. */
export function refuse(statement: Statement): void {
  refuseReserved(statement);
  refuseRollback(statement);
}

/** Throws where a statement would change one of the engine's own tables. */
function refuseReserved({ kind, target, tokens }: Statement): void {
  if (target !== undefined && isOwn(target)) throw new ReservedTableError(target);
  // No grammar is needed for DDL: it has no business with such a name, neither as a target nor in a trigger's body.
  if (kind !== "schema") return;
  // SQLite takes a string for a name, too.
  const own = tokens.find((token) => ["word", "quoted", "string"].includes(token.kind) && isOwn(token.value));
  if (own) throw new ReservedTableError(fold(own.value));
}

/**
 * Throws where a statement would end the transaction that it runs in, `OR ROLLBACK` for one: what the function does after
 * it would be committed alone, without what it did before.
 */
function refuseRollback({ tokens }: Statement): void {
  const ends = tokens.some(
    (token, index) =>
      isWord(token, "ROLLBACK") && (isWord(tokens[index - 1], "OR", "CONFLICT") || isWord(tokens[index - 2], "RAISE")),
  );
  if (ends)
    throw new UnsupportedStatementError("ROLLBACK as an answer to a conflict would end the call's transaction.");
}
