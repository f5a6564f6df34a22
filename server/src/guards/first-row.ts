/** Drizzle's `.get()` asks for every row and keeps the first. Here SQLite is asked for no more than that one. */
import { SQLiteDOPreparedQuery } from "drizzle-orm/durable-sqlite";

// Drizzle runs a statement in the turn in which it is told to.
let isWanted = false;

/** Whether the statement that runs now is wanted for its first row alone. */
export function wantsFirstRow(): boolean {
  return isWanted;
}

/** Makes `.get()` of every builder, prepared statement and raw SQL say so. */
export function installFirstRow(): void {
  if (isInstalled) return;
  isInstalled = true;
  const prototype: { get(values?: Record<string, unknown>): unknown } = SQLiteDOPreparedQuery.prototype;
  // oxlint-disable-next-line typescript/unbound-method -- it is given its own `this` again
  const { get } = prototype;
  prototype.get = function (values) {
    isWanted = true;
    try {
      return get.call(this, values);
    } finally {
      isWanted = false;
    }
  };
}

let isInstalled = false;
