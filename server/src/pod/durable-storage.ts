/** A Durable Object's SQLite as the engine's storage. */
import type { Storage } from "../storage.ts";

export function durableStorage(storage: DurableObjectStorage): Storage {
  return {
    get databaseSize() {
      return storage.sql.databaseSize;
    },
    exec: (sql, ...params) => storage.sql.exec(sql, ...params),
    transactionSync: (body) => storage.transactionSync(body),
    transaction: (body) => storage.transaction(body),
  };
}
