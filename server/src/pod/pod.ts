/** The Durable Object: puts the stages together at its start, and hands events to them. */
import { DurableObject } from "cloudflare:workers";
import { EdgePodError } from "@edgepod/core/protocol";
import type { Schema } from "../functions/context.ts";
import { Functions } from "../functions/functions.ts";
import { createLog } from "../functions/log.ts";
import { Signals } from "../reactivity/signals.ts";
import { Versions } from "../reactivity/versions.ts";
import type { Commit } from "../reactivity/versions.ts";
import { Analyzer } from "../sql/analyzer.ts";
import { ENGINE_BUILD } from "../sql/grammar.ts";
import type { Storage } from "../storage.ts";
import { TrackedStorage } from "../tracking/tracked-storage.ts";
import { AS_VALUE } from "./answer-form.ts";
import { Caller, FailedQuery } from "./call.ts";
import type { CallRequest, CallResult } from "./call.ts";
import { createDatabases } from "./databases.ts";
import { durableStorage } from "./durable-storage.ts";
import { hashOf, openEpoch } from "./epoch.ts";
import { expiryOf, identityOf } from "./identity.ts";
import { parseUpgrade, protocolFault } from "./internal.ts";
import type { RpcRequest, RpcResponse } from "./internal.ts";
import { KeptCalls } from "./kept-calls.ts";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migration.ts";
import { Once } from "./once.ts";
import { respond, toResponse } from "./rpc.ts";
import { Sockets } from "./sockets.ts";

export interface PodOptions {
  /** The Drizzle schema: `import * as schema from "./schema"`. */
  readonly schema: Schema;
  /** What the browser may call: `import * as functions from "./functions"`. */
  readonly functions: object;
  /** The schema's history, oldest first. */
  readonly migrations: readonly Migration[];
}

/** What has been learned of statements is kept this much later, many in one write. */
const SAVE_MS = 1000;

/** What a pod offers to other Workers through its binding. */
export interface Pod {
  /** Runs a function, tracked and signalled like a call over HTTP. */
  call(request: CallRequest): Promise<CallResult>;
}

/** A Durable Object class, to be exported from the Worker and bound with `new_sqlite_classes`. */
export type PodClass = new (state: never, env: never) => Pod;

/**
 * Makes the Durable Object class of an app's pods.
 *
 * @example
 * export const Pod = createPod({ schema, functions, migrations });
 */
export function createPod({ schema, functions: module, migrations }: PodOptions): PodClass {
  const functions = new Functions(module);
  const build = hashOf([...functions.sources(), ...migrations.map(({ id, sql }) => `${id}=${sql}`)]);
  const log = createLog({});

  return class extends DurableObject<object> implements Pod {
    /** Set before the first event is served. */
    #parts!: Parts;

    constructor(state: DurableObjectState, env: object) {
      super(state, env);
      void state.blockConcurrencyWhile(async () => {
        this.#parts = await start(state, env);
      });
    }

    async call(request: CallRequest): Promise<CallResult> {
      const { fault, caller } = this.#parts;
      if (fault) throw fault;
      return caller.call(request, AS_VALUE).catch((error: unknown) => {
        throw error instanceof FailedQuery ? error.cause : error;
      });
    }

    /** How many texts had to be parsed since the pod woke up. */
    get parses(): number {
      return this.#parts.analyzer.parses;
    }

    /** For the gateway: a call that came over HTTP. */
    async rpc(request: RpcRequest): Promise<RpcResponse> {
      const { caller } = this.#parts;
      const fault = this.#parts.fault ?? protocolFault(request.protocol);
      if (fault) return toResponse(fault);
      return respond(caller, request, log);
    }

    /** For the gateway: a socket to be opened. */
    override fetch(request: Request): Response {
      const { protocol, user } = parseUpgrade(request);
      const fault = this.#parts.fault ?? protocolFault(protocol);
      if (fault) return Response.json(fault.toFailure(), { status: fault.status });
      return this.#parts.sockets.accept(identityOf(user), expiryOf(user));
    }

    override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
      this.#parts.sockets.receive(socket, typeof message === "string" ? message : "");
    }

    override webSocketClose(socket: WebSocket): void {
      this.#parts.sockets.forget(socket);
    }

    override webSocketError(socket: WebSocket): void {
      this.#parts.sockets.forget(socket);
      // Not every error ends the socket, and one that nobody serves must not look open to its client.
      socket.close(1011, "socket error");
    }
  };

  async function start(state: DurableObjectState, env: object): Promise<Parts> {
    const storage = durableStorage(state.storage);
    const versions = new Versions(storage);
    const epoch = openEpoch(storage, stampedBuild(env) ?? build);
    const sockets = new Sockets({ host: state, versions, epoch: () => epoch.id });
    const later = (task: () => void, ms: number): void => void setTimeout(task, ms);
    const signals = new Signals({
      subscriptions: () => sockets.everybody(),
      versions,
      sink: sockets,
      later,
    });
    const onCommit = (commit: Commit): void => {
      signals.publish(commit);
    };
    const fault = await bringUpToDate(storage, versions, onCommit);
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
    const databases = createDatabases(tracked, schema);
    const once = new Once(new KeptCalls(storage, () => Date.now()));
    const caller = new Caller({
      storage,
      tracked,
      versions,
      sockets,
      functions,
      databases,
      once,
      epoch: epoch.id,
      env,
    });
    // Sockets outlive a deploy; what their clients hold came from other code.
    if (epoch.isNewBuild) sockets.greetAll();
    return { caller, sockets, analyzer, fault };
  }

  /** A failure thrown at the start would reset the object at every request; the pod stays up to say what is the matter. */
  async function bringUpToDate(
    storage: Storage,
    versions: Versions,
    onCommit: (commit: Commit) => void,
  ): Promise<EdgePodError | null> {
    try {
      await migrate(storage, migrations, versions, onCommit);
      return null;
    } catch (error) {
      log.error(error instanceof Error ? error.message : String(error));
      return new EdgePodError(
        "MIGRATION_FAILED",
        "The database couldn't be brought up to date. The pod's log says why.",
      );
    }
  }
}

/** What a running pod is made of. */
interface Parts {
  readonly caller: Caller;
  readonly sockets: Sockets;
  readonly analyzer: Analyzer;
  /** Why nothing can be served, or null. */
  readonly fault: EdgePodError | null;
}

/** The build that a deploy has stamped into the Worker's variables. */
function stampedBuild(env: object): string | null {
  return "EDGEPOD_BUILD" in env && typeof env.EDGEPOD_BUILD === "string" ? env.EDGEPOD_BUILD : null;
}
