/**
 * What the suite asks of an adapter. A driver is the few lines that mount an adapter's own hooks in its own framework; it
 * decides nothing, and what a scenario sees went through the framework's real rendering.
 */
import type {
  Client,
  InfiniteQueryOptions,
  InfiniteQueryResult,
  MutationObserverOptions,
  MutationResult,
  QueryObserverOptions,
  QueryResult,
  Status,
} from "@edgepod/core";
import type * as functions from "./functions.ts";

export type Functions = typeof functions;

/** `useQuery(fn, args, options)`. */
export interface Query {
  readonly use: "query";
  readonly fn: string;
  readonly args?: unknown;
  readonly options?: QueryObserverOptions<unknown> & { readonly select?: (data: never) => unknown };
}

/** `useInfiniteQuery(fn, argsOf, options)`. */
export interface InfiniteQuery {
  readonly use: "infinite";
  readonly fn: string;
  readonly argsOf: (cursor: never) => unknown;
  readonly options: InfiniteQueryOptions<never, unknown>;
}

/** `useMutation(fn, options)`. */
export interface Mutation {
  readonly use: "mutation";
  readonly fn: string;
  readonly options?: MutationObserverOptions<Functions, never, never>;
}

/** `useStatus()`. */
export interface StatusLight {
  readonly use: "status";
}

/** What one component uses. */
export type Use = Query | InfiniteQuery | Mutation | StatusLight;

/** What a component gets from what it uses, as plain values whatever the framework wraps them in. */
export type Shown<U extends Use> = U extends Query
  ? QueryResult<unknown>
  : U extends InfiniteQuery
    ? InfiniteQueryResult<unknown>
    : U extends Mutation
      ? MutationResult<unknown, readonly unknown[]>
      : Status;

/** A component on a page, below a provider. */
export interface Mounted<U extends readonly Use[]> {
  /** What it got when it last rendered, one for each of its uses. */
  readonly shown: () => { readonly [I in keyof U]: Shown<U[I]> };
  /** All that it has shown so far, one for each time that it rendered. */
  readonly seen: () => readonly { readonly [I in keyof U]: Shown<U[I]> }[];
  /** Gives it other arguments or options, of the same functions. */
  readonly change: (...uses: U) => Promise<void>;
  readonly unmount: () => Promise<void>;
}

export interface AdapterDriver {
  readonly framework: "react" | "vue" | "svelte" | "solid";
  /** Mounts one component that uses all of `uses`. Several may be mounted for one client. */
  readonly mount: <U extends readonly Use[]>(client: Client<Functions>, ...uses: U) => Promise<Mounted<U>>;
  /** Lets the framework render what it is about to, after `begin` has happened. */
  readonly settle: (begin?: () => void) => Promise<void>;
  /** Scenarios, by key, that the adapter is known to fail. It is empty. */
  readonly knownGaps: readonly string[];
}
