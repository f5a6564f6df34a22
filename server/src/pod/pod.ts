/** The Durable Object: puts the stages together at its start, and hands events to them. */
import { DurableObject } from "cloudflare:workers";
import { exportStream } from "../dump/export.ts";
import type { Schema } from "../functions/context.ts";
import { Functions } from "../functions/functions.ts";
import { createLog } from "../functions/log.ts";
import { AS_VALUE } from "./answer-form.ts";
import { FailedQuery } from "./call.ts";
import type { CallRequest, CallResult } from "./call.ts";
import { durableStorage } from "./durable-storage.ts";
import { hashOf } from "./epoch.ts";
import { expiryOf, identityOf } from "./identity.ts";
import { parseUpgrade, protocolFault } from "./internal.ts";
import type { RpcRequest, RpcResponse } from "./internal.ts";
import { KeptCalls } from "./kept-calls.ts";
import type { Migration } from "./migration.ts";
import { startParts } from "./parts.ts";
import type { Parts } from "./parts.ts";
import { checkReplaceable, replaceData } from "./replace.ts";
import type { ImportOptions, ImportResult } from "./replace.ts";
import { respond, toResponse } from "./rpc.ts";

export interface PodOptions {
  /** The Drizzle schema: `import * as schema from "./schema"`. */
  readonly schema: Schema;
  /** What the browser may call: `import * as functions from "./functions"`. */
  readonly functions: object;
  /** The schema's history, oldest first. */
  readonly migrations: readonly Migration[];
}

/** What a pod offers to other Workers through its binding. */
export interface Pod {
  /** Runs a function, tracked and signalled like a call over HTTP. */
  call(request: CallRequest): Promise<CallResult>;
  /**
   * The pod's schema, rows and history as a dump: lines of JSON, made as they are read. What is written meanwhile makes
   * one that no pod imports, and so does a stream that ends early. Whoever has it has everything: no function and no
   * route reaches this.
   *
   * @throws EdgePodError `UNSUPPORTED_STATEMENT` for a full-text table that keeps no text.
   */
  exportData(): Promise<ReadableStream<Uint8Array>>;
  /**
   * Puts a dump in the place of what the pod holds, all or nothing, and brings it up to date with the code. Calls that
   * run meanwhile fail, those made before aren't run again, and everybody who is connected fetches anew. To be called
   * again if it was cut off.
   *
   * @throws EdgePodError `BAD_DUMP`, `POD_NOT_EMPTY`, `MIGRATION_FAILED`, `PAYLOAD_TOO_LARGE`, `CONFLICT`; then nothing
   * was changed.
   */
  importData(dump: ReadableStream<Uint8Array>, options?: ImportOptions): Promise<ImportResult>;
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
      // Whoever empties the database takes away what the pod knows by heart, and what its clients show.
      const deleteAll = state.storage.deleteAll.bind(state.storage);
      Object.defineProperty(state.storage, "deleteAll", {
        value: (options?: DurableObjectPutOptions) => this.#empty(() => deleteAll(options)),
      });
    }

    async call(request: CallRequest): Promise<CallResult> {
      const parts = this.#parts;
      if (parts.fault) throw parts.fault;
      const [outcome] = await Promise.allSettled([parts.caller.call(request, AS_VALUE)]);
      if (request.intent === "query" && this.#parts !== parts) return this.call(request);
      if (outcome.status === "fulfilled") return outcome.value;
      throw outcome.reason instanceof FailedQuery ? outcome.reason.cause : outcome.reason;
    }

    async exportData(): Promise<ReadableStream<Uint8Array>> {
      const parts = this.#parts;
      const { storage, versions, epoch, kept } = parts;
      return exportStream({ storage, versions, epoch, keys: kept.greatest, isOver: () => this.#parts !== parts });
    }

    async importData(dump: ReadableStream<Uint8Array>, options: ImportOptions = {}): Promise<ImportResult> {
      const { storage, versions, staging } = this.#parts;
      checkReplaceable(storage, versions, options);
      await staging.receive(dump);
      return this.#replace(() => replaceData(this.#parts, migrations, options));
    }

    /** How many texts had to be parsed since the pod woke up. */
    get parses(): number {
      return this.#parts.analyzer.parses;
    }

    /** For the gateway: a call that came over HTTP. */
    async rpc(request: RpcRequest): Promise<RpcResponse> {
      const parts = this.#parts;
      const fault = parts.fault ?? protocolFault(request.protocol);
      if (fault) return toResponse(fault);
      const response = await respond(parts.caller, request, log);
      // The data were replaced under it. A query can be asked again, of what there is now.
      return request.intent === "query" && this.#parts !== parts ? this.rpc(request) : response;
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

    /** Empties the database as the platform does. Then the pod begins anew, as if it were its first time. */
    #empty(deleteAll: () => Promise<void>): Promise<void> {
      return this.#replace(async () => {
        const { greatest } = this.#parts.kept;
        await deleteAll();
        new KeptCalls(durableStorage(this.ctx.storage), () => Date.now()).forgetAll(greatest);
      });
    }

    /** Replaces the data, and with them everything that the pod knows of them. Nobody is served meanwhile. */
    async #replace<T>(change: () => Promise<T>): Promise<T> {
      const outcome = await this.ctx.blockConcurrencyWhile(async () => {
        const [changed] = await Promise.allSettled([change()]);
        // Thrown in here it would reset the object, and the data are as they were.
        if (changed.status === "rejected") return changed;
        this.#parts.retire();
        this.#parts = await start(this.ctx, this.env);
        return changed;
      });
      if (outcome.status === "rejected") throw outcome.reason;
      return outcome.value;
    }
  };

  function start(state: DurableObjectState, env: object): Promise<Parts> {
    return startParts({ state, env, schema, functions, migrations, build: stampedBuild(env) ?? build, log });
  }
}

/** The build that a deploy has stamped into the Worker's variables. */
function stampedBuild(env: object): string | null {
  return "EDGEPOD_BUILD" in env && typeof env.EDGEPOD_BUILD === "string" ? env.EDGEPOD_BUILD : null;
}
