/**
 * Every shape that crosses the wire between a client and a pod, and nothing else: types only, pinned by
 * `core/test/protocol.test.ts`. A change that an older peer can't read needs a new `PROTOCOL_VERSION`.
 */

/** Table name → version of the commit that last wrote it. The name `"*"` stands for the whole database. */
export type TableVersions = Readonly<Record<string, number>>;

/** Which tables went stale: their names, or `"*"` for everything. */
export type StaleTables = readonly string[] | "*";

/** How a value that plain JSON can't carry was encoded. Absent where the value is plain JSON. See `values.ts`. */
export type ValueTypes = Readonly<Record<string, unknown>>;

/** `POST /rpc/<fn>`, the request's body. */
export interface CallBody {
  readonly args?: unknown;
  readonly types?: ValueTypes;
}

/** `POST /rpc`, the request's body: queries only. */
export type BatchBody = readonly BatchCall[];

/** One call of a batch. */
export interface BatchCall extends CallBody {
  readonly fn: string;
}

/** What a caller means to do. A function that pins its kind has the last word. */
export type Intent = "query" | "mutation";

/** Under which session, and after which of its `watch` frames, the reads of a call were registered. */
export interface Watched {
  readonly session: string;
  readonly n: number;
}

/** What a call touched, and when. */
export interface Meta {
  /** Life of the data and build of the code. Versions of different epochs can't be compared. */
  readonly epoch: string;
  /** The pod's version before the call's first read; for a mutation or an action, of its last commit. */
  readonly version: number;
  /** Each table read, with its last-write version at the first read. */
  readonly reads: TableVersions;
  /** Each table written, with the version of that commit. */
  readonly writes: TableVersions;
  /** `null` when no session was there to register the reads for. */
  readonly watched: Watched | null;
  /** Of a query: the milliseconds that it took in the pod. Those that are answered with it wait for it. */
  readonly ms?: number;
}

/** Something that the developer should know of a call that succeeded. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}

/** The answer of a call that succeeded. */
export interface Answer {
  readonly data: unknown;
  readonly types?: ValueTypes;
  readonly meta: Meta;
  readonly warnings: readonly Warning[];
}

/** The answer of a call that failed. `code` is one of `ErrorCode`. */
export interface Failure {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly data?: unknown;
  };
  /** Of a query: what it had read when it failed. Once that changes, it may fail no longer. */
  readonly meta?: Meta;
}

/** `POST /rpc`, the answer: an entry for each call, in order. */
export type BatchAnswer = readonly (Answer | Failure)[];

/** Pod → client: the first frame of a socket, and again when the epoch changes under a living one. */
export interface HelloFrame {
  readonly type: "hello";
  readonly session: string;
  readonly epoch: string;
  readonly version: number;
}

/** Pod → client: these tables hold something newer than an answer of a lower version. */
export interface StaleFrame {
  readonly type: "stale";
  readonly tables: StaleTables;
  readonly version: number;
  /** Milliseconds over which clients should spread their refetches. */
  readonly spread?: number;
}

/** Client → pod: from now on signal these tables and no longer those. `n` counts up within a session, from 1. */
export interface WatchFrame {
  readonly type: "watch";
  readonly n: number;
  readonly add: TableVersions;
  readonly drop: readonly string[];
}

export type ServerFrame = HelloFrame | StaleFrame;
export type ClientFrame = WatchFrame;
