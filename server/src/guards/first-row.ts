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
  const { get } = SQLiteDOPreparedQuery.prototype;
  if (installed.has(get)) return;
  const first: typeof get = function (this: ThisParameterType<typeof get>, ...args) {
    isWanted = true;
    try {
      return get.apply(this, args);
    } finally {
      isWanted = false;
    }
  };
  installed.add(first);
  Object.defineProperty(SQLiteDOPreparedQuery.prototype, "get", { configurable: true, value: first });
}

const installed = new WeakSet<object>();
