/** The two faces of the pod's one Drizzle database: `ctx.db`, and `ctx.unsafeRawDb` with the methods that take raw SQL. */
import { EdgePodError } from "@edgepod/core/protocol";
import { DrizzleError, TransactionRollbackError } from "drizzle-orm";
import type { SQLWrapper } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import type { PodDatabase, RawDatabase, Schema, Transaction } from "../functions/context.ts";
import { installFirstRow } from "../guards/first-row.ts";
import { installWithoutWhere } from "../guards/where.ts";
import type { TrackedStorage } from "../tracking/tracked-storage.ts";

export interface Databases {
  readonly db: PodDatabase<Schema>;
  readonly unsafeRawDb: RawDatabase<Schema>;
}

const RAW_METHODS = ["run", "all", "get", "values"];

/** Made once per pod: Drizzle's set-up of relations is not for every call. */
export function createDatabases(tracked: TrackedStorage, schema: Schema): Databases {
  installWithoutWhere();
  installFirstRow();
  // Drizzle asks for a whole Durable Object's storage and uses two members of it.
  const client: object = tracked.client;
  const database = drizzle(client as DurableObjectStorage, { schema });
  // Drizzle's own transaction commits when `body` returns its promise. Its storage would be a way around the tracking
  // of transactions, so it is hidden.
  const unsafeRawDb = Object.create(database, {
    run: { value: (query: SQLWrapper | string) => unwrapped(() => database.run(query)) },
    $client: { value: undefined },
    transaction: {
      value: <T>(body: (tx: Transaction<Schema>) => Promise<T>) => tracked.transaction(async () => body(transaction)),
    },
  }) as RawDatabase<Schema>;
  const refused = Object.fromEntries(RAW_METHODS.map((method) => [method, { value: () => refuse(method) }]));
  const db = Object.create(unsafeRawDb, refused) as PodDatabase<Schema>;
  const transaction = Object.create(db, { rollback: { value: rollback } }) as Transaction<Schema>;
  return { db, unsafeRawDb };
}

function refuse(method: string): never {
  throw new EdgePodError(
    "RAW_STATEMENT",
    `ctx.db.${method} takes SQL as it stands, past the guards of ctx.db. Use the query builder, or ctx.unsafeRawDb.${method}.`,
  );
}

/** Drizzle's `run`, alone of its methods, wraps what was thrown in an error of its own. */
function unwrapped<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof DrizzleError && error.cause !== undefined ? error.cause : error;
  }
}

function rollback(): never {
  throw new TransactionRollbackError();
}
