/**
 * The one way into a pod: runs a function as what it is, and says what it touched. HTTP is one caller of it; an alarm, a
 * queue or another Worker is another, tracked and signalled the same.
 */
import { EVERYTHING, EdgePodError } from "@edgepod/core/protocol";
import type { Intent, Meta, TableVersions, Warning } from "@edgepod/core/protocol";
import { checkArguments } from "../functions/arguments.ts";
import type { Context, Schema, User } from "../functions/context.ts";
import { kindOf } from "../functions/functions.ts";
import type { Functions, PodFunction } from "../functions/functions.ts";
import { createLog } from "../functions/log.ts";
import type { Commit, Versions } from "../reactivity/versions.ts";
import { asText } from "../storage.ts";
import type { Storage } from "../storage.ts";
import { Recording } from "../tracking/recording.ts";
import type { TrackedStorage } from "../tracking/tracked-storage.ts";
import type { AnswerForm } from "./answer-form.ts";
import type { Databases } from "./databases.ts";
import { watchHold } from "./hold.ts";
import { identityOf } from "./identity.ts";
import type { CallState, KeptAnswer } from "./kept-calls.ts";
import type { Once } from "./once.ts";
import type { Session, Sockets } from "./sockets.ts";
import { act, mutate, tablesOf } from "./write.ts";
import type { Tell, WriteState } from "./write.ts";

/** A call of one function. */
export interface CallRequest {
  readonly fn: string;
  readonly args?: unknown;
  /** Who calls; null for nobody in particular. */
  readonly user?: User | null;
  /** The session that a query's reads shall be registered for. */
  readonly session?: string | null;
  /** What the caller means to do. Unless told otherwise: to write. */
  readonly intent?: Intent;
  readonly headers?: HeadersInit;
  /**
   * Names one attempt to write, so that a repeat of it runs no second time: an idempotency key, made by `createCallKey`.
   * Whoever may repeat a call keeps it from the first time on. Without one, every call is another.
   */
  readonly key?: string | null;
}

/** What came of a call. */
export interface CallResult<T = unknown> {
  readonly data: T;
  readonly meta: Meta;
  readonly warnings: readonly Warning[];
}

/** A query that threw, and what it had read by then: when that changes, it may throw no longer. */
export class FailedQuery extends Error {
  override readonly name = "FailedQuery";
  readonly meta: Meta;

  constructor(cause: unknown, meta: Meta) {
    super("The query failed.", { cause });
    this.meta = meta;
  }
}

export interface CallerOptions {
  readonly storage: Storage;
  readonly tracked: TrackedStorage;
  readonly versions: Versions;
  readonly sockets: Sockets;
  readonly functions: Functions;
  readonly databases: Databases;
  readonly once: Once;
  readonly epoch: string;
  readonly env: object;
}

/** Of a repeated call: it has run, its data were too large to be kept, and what it wrote is fetched again by `meta.writes`. */
const ANSWER_NOT_KEPT: Warning = {
  code: "ANSWER_NOT_KEPT",
  message: "The call has run once, as it should; its answer was lost on the way and too large to be kept for a repeat.",
};

/** Runs of a query that was overtaken by commits while it waited for something. */
const RUNS_AT_MOST = 3;

export class Caller {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Runs the call. Its data is given its form before a mutation commits: if that throws, nothing was. */
  async call<T>(request: CallRequest, form: AnswerForm<T>): Promise<CallResult<T>> {
    const { functions, sockets, once } = this.#options;
    const fn = functions.get(request.fn);
    const kind = kindOf(fn, request.intent ?? "mutation");
    const user = request.user ?? null;
    const { key, args } = request;
    const prepare = async (): Promise<() => Promise<T>> => {
      // Before anything is begun: in a transaction an asynchronous check would stop the pod.
      const checked = fn.schema ? await checkArguments(fn.schema, args) : args;
      return async () => form.seal(await fn.run(this.#context(request, user), checked));
    };
    if (kind === "query") {
      const run = await prepare();
      const session = request.session == null ? null : sockets.find(request.session, identityOf(user));
      return this.#read(fn, run, session);
    }
    if (key == null) return this.#write(fn, kind, await prepare(), () => undefined);
    return once.run(
      { key, fn: fn.name, args, user },
      async (keep) => this.#write(fn, kind, await prepare(), (state) => keep(this.#toKept(state, form))),
      (answer) => this.#replay(answer, form),
    );
  }

  async #read<T>({ name }: PodFunction, run: () => Promise<T>, session: Session | null): Promise<CallResult<T>> {
    const { tracked, versions, sockets } = this.#options;
    // Taken before the first read: a `watch` that comes while the query waits may drop what it has registered.
    const watched = session && { session: session.id, n: session.n };
    const began = Date.now();
    for (let runs = 1; ; runs += 1) {
      const recording = new Recording("query", {
        // Register before reading: a write during an await must find us.
        onRead: (tables) => {
          for (const table of tables) versions.register(table);
          if (session) sockets.watch(session, tables);
        },
      });
      // oxlint-disable-next-line no-await-in-loop -- one run after another
      const [outcome] = await Promise.allSettled([watchHold(name, recording, () => tracked.run(recording, run))]);
      const reads = Object.fromEntries(recording.reads);
      if (runs < RUNS_AT_MOST && isOvertaken(reads, versions)) continue;
      // In production the clock moves only while a query waits for something, which is what keeps its batch waiting.
      const meta = { ...this.#meta(recording.version, reads, [], watched), ms: Date.now() - began };
      if (outcome.status === "rejected") throw new FailedQuery(outcome.reason, meta);
      return { data: outcome.value, meta, warnings: this.#warningsOf(recording, name) };
    }
  }

  async #write<T>(
    { name }: PodFunction,
    kind: "mutation" | "action",
    run: () => Promise<T>,
    tell: Tell<T>,
  ): Promise<CallResult<T>> {
    const recording = new Recording(kind);
    const write = kind === "mutation" ? mutate : act;
    const data = await watchHold(name, recording, () => write(this.#options.tracked, recording, run, tell));
    const version = recording.commits.at(-1)?.version ?? recording.version;
    const reads = Object.fromEntries(recording.reads);
    return {
      data,
      meta: this.#meta(version, reads, recording.commits, null),
      warnings: this.#warningsOf(recording, name),
    };
  }

  #toKept<T>(state: WriteState<T>, form: AnswerForm<T>): CallState {
    if (state.state !== "answered") return state;
    const { data, commits } = state;
    const version = commits.at(-1)?.version ?? this.#options.versions.current;
    return { state: "answered", answer: { version, tables: tablesOf(commits), text: form.toText(data) } };
  }

  /** A call that has run before, answered again. Its caller may not have heard of what it wrote. */
  #replay<T>({ version, tables, text }: KeptAnswer, form: AnswerForm<T>): CallResult<T> {
    const { epoch, versions } = this.#options;
    // As they are now, which is at least as new: another life may count from elsewhere.
    const writes = Object.fromEntries(tables.map((table) => [table, versions.lastWrite(table)]));
    return {
      data: form.fromText(text ?? ""),
      meta: { epoch, version: Math.min(version, versions.current), reads: {}, writes, watched: null },
      warnings: text === null ? [ANSWER_NOT_KEPT] : [],
    };
  }

  #warningsOf({ warnings }: Recording, fn: string): readonly Warning[] {
    if (warnings.length > 0) {
      const log = createLog({ fn });
      for (const { code, message } of warnings) log.warn(message, { code });
    }
    return warnings;
  }

  #meta(version: number | null, reads: TableVersions, commits: readonly Commit[], watched: Meta["watched"]): Meta {
    const { epoch, versions } = this.#options;
    return { epoch, version: version ?? versions.current, reads, writes: writesOf(commits), watched };
  }

  #context({ fn, headers }: CallRequest, user: User | null): Context<Schema> {
    const { databases, env, tracked } = this.#options;
    return {
      ...databases,
      user,
      env,
      headers: new Headers(headers),
      log: createLog({ fn }),
      invalidate: (tables) => {
        tracked.invalidate(tables === EVERYTHING ? "all" : tables.map((table) => this.#declaredName(table)));
      },
    };
  }

  #declaredName(table: string): string {
    const [row] = this.#options.storage
      .exec("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE", table)
      .toArray();
    if (row) return asText(row["name"]);
    throw new EdgePodError("UNKNOWN_TABLE", `The database has no table "${table}" to invalidate.`);
  }
}

function isOvertaken(reads: TableVersions, versions: Versions): boolean {
  return Object.entries(reads).some(([table, version]) => versions.lastWrite(table) !== version);
}

function writesOf(commits: readonly Commit[]): TableVersions {
  const writes: Record<string, number> = {};
  for (const { version, tables } of commits) {
    for (const table of tables === "all" ? [EVERYTHING] : tables) writes[table] = version;
  }
  return writes;
}
