/**
 * Puts the stages of a pod together. Everything that a pod knows of its data hangs here, so whoever has replaced the data
 * retires these parts and starts others: nothing of before can be left in memory.
 */
import { EdgePodError } from "@edgepod/core/protocol";
import type { Log, Schema } from "../functions/context.ts";
import type { Functions } from "../functions/functions.ts";
import { Staging } from "../dump/staging.ts";
import { Signals } from "../reactivity/signals.ts";
import { Versions } from "../reactivity/versions.ts";
import type { Commit } from "../reactivity/versions.ts";
import { Analyzer } from "../sql/analyzer.ts";
import { ENGINE_BUILD } from "../sql/grammar.ts";
import type { Storage } from "../storage.ts";
import { TrackedStorage } from "../tracking/tracked-storage.ts";
import { Caller } from "./call.ts";
import { createDatabases } from "./databases.ts";
import { durableStorage } from "./durable-storage.ts";
import { openEpoch } from "./epoch.ts";
import { KeptCalls } from "./kept-calls.ts";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migration.ts";
import { Once } from "./once.ts";
import { Sockets } from "./sockets.ts";

/** What a running pod is made of, for as long as its data live. */
export interface Parts {
  readonly storage: Storage;
  readonly versions: Versions;
  readonly epoch: string;
  readonly caller: Caller;
  readonly sockets: Sockets;
  readonly analyzer: Analyzer;
  readonly kept: KeptCalls;
  readonly staging: Staging;
  /** Why nothing can be served, or null. */
  readonly fault: EdgePodError | null;
  /** The data are no longer there: calls that still run can do nothing more, and nothing more is sent. */
  retire(): void;
}

export interface PartsOptions {
  readonly state: DurableObjectState;
  readonly env: object;
  readonly schema: Schema;
  readonly functions: Functions;
  readonly migrations: readonly Migration[];
  readonly build: string;
  readonly log: Log;
}

/** What has been learned of statements is kept this much later, many in one write. */
const SAVE_MS = 1000;

export async function startParts(options: PartsOptions): Promise<Parts> {
  const { state, env, schema, functions, log } = options;
  let isRetired = false;
  const later = (task: () => void, ms: number): void => {
    setTimeout(() => {
      if (!isRetired) task();
    }, ms);
  };
  const storage = durableStorage(state.storage);
  const versions = new Versions(storage);
  const epoch = openEpoch(storage, options.build);
  const sockets = new Sockets({ host: state, versions, epoch: () => epoch.id });
  const signals = new Signals({ subscriptions: () => sockets.everybody(), versions, sink: sockets, later });
  const onCommit = (commit: Commit): void => {
    signals.publish(commit);
  };
  const fault = await bringUpToDate(storage, versions, onCommit, options);
  const analyzer = new Analyzer(storage, {
    build: ENGINE_BUILD,
    onUnsaved: () => {
      later(() => {
        analyzer.save();
      }, SAVE_MS);
    },
    onDisagreement: (message, statement) => {
      log.error(`The layers of the analysis disagree: ${message}.`, { statement });
    },
  });
  const tracked = new TrackedStorage({
    storage,
    analyzer,
    versions,
    onCommit,
    onFault: (message, statement) => {
      log.error(message, { statement });
    },
  });
  const kept = new KeptCalls(storage, () => Date.now());
  const staging = new Staging(storage);
  const caller = new Caller({
    storage,
    tracked,
    versions,
    sockets,
    functions,
    databases: createDatabases(tracked, schema),
    once: new Once(kept),
    epoch: epoch.id,
    env,
  });
  // Sockets outlive a deploy and the data; what their clients hold came from others.
  if (epoch.isNew) sockets.greetAll();
  const retire = (): void => {
    isRetired = true;
    for (const part of [tracked, kept, staging, sockets]) part.retire();
  };
  return { storage, versions, epoch: epoch.id, caller, sockets, analyzer, kept, staging, fault, retire };
}

/** A failure thrown at the start would reset the object at every request; the pod stays up to say what is the matter. */
async function bringUpToDate(
  storage: Storage,
  versions: Versions,
  onCommit: (commit: Commit) => void,
  { migrations, log }: PartsOptions,
): Promise<EdgePodError | null> {
  try {
    await migrate(storage, migrations, versions, onCommit);
    return null;
  } catch (error) {
    log.error(error instanceof Error ? error.message : String(error));
    return new EdgePodError("MIGRATION_FAILED", "The database couldn't be brought up to date. The pod's log says why.");
  }
}
