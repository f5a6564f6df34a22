/** What an app and its adapters see of a client. `client.ts` keeps the promises. */
import type { QueryClient, QueryObserverOptions } from "@tanstack/query-core";
import type { CachedAnswer } from "./answers.ts";
import type { Arguments, FunctionName, Result, WithOptions } from "./functions.ts";
import type { OptimisticScreen, OptimisticUpdates } from "./optimistic.ts";
import type { EdgePodError, StaleTables } from "./protocol/index.ts";
import type { Status } from "./socket.ts";
import type { Transport } from "./transport.ts";

export interface ClientOptions {
  /** Where the gateway is mounted, such as `https://api.example.com`. */
  readonly url: string;
  /** The publishable key, `ep_pk_…`. It is not a secret. */
  readonly apiKey: string;
  /** The user's present token, or null. Asked before every call; renew it there. */
  readonly getToken?: () => Promise<string | null> | string | null;
  /** The cache to live in, if the app has one. */
  readonly queryClient?: QueryClient;
  /** In place of HTTP and a WebSocket. */
  readonly transport?: Transport;
  /** Milliseconds between two signs of life of a silent socket; two without an answer end it. 20,000 unless told otherwise. */
  readonly heartbeatMs?: number;
}

/** Something that happened, for a log, a status light or a devtool. */
export type ClientEvent =
  | { readonly type: "status"; readonly status: Status }
  | {
      readonly type: "stale";
      readonly tables: StaleTables;
      readonly version: number;
      /** Names of the functions whose queries are refetched because of it. */
      readonly refetched: readonly string[];
    }
  | {
      /** A mutation or an action of this client's own. Its `stale` comes too; what the first of the two refetches, the other doesn't. */
      readonly type: "written";
      readonly fn: string;
      readonly tables: readonly string[];
      readonly version: number;
      readonly refetched: readonly string[];
    };

/** What query-core needs to know of one query. The cache holds answers; observers see their data. */
export type QueryOptions<T> = QueryObserverOptions<CachedAnswer<T>, EdgePodError, T, CachedAnswer<T>> & {
  readonly queryKey: readonly unknown[];
};

/** The options that keep a query of ours as fresh as its tables. */
export interface LiveOptions {
  readonly queryKeyHashFn: (key: readonly unknown[]) => string;
  readonly structuralSharing: (before: unknown, next: unknown) => unknown;
  readonly staleTime: (query: { readonly queryHash: string }) => number;
  readonly refetchOnWindowFocus: () => boolean;
  readonly refetchOnReconnect: false;
  readonly networkMode: "always";
  readonly retry: false;
}

/** What goes with one run of a mutation. */
export interface MutateOptions<F> {
  /** What to show until the pod has answered. */
  readonly optimistic?: (screen: OptimisticScreen<F>) => void;
}

/** A client of one pod. See `createClient`. */
export interface Client<F extends object> {
  /** The answer of a query: from the cache while it is known to be fresh, else from the pod. */
  query<N extends FunctionName<F, "query">>(fn: N, ...args: Arguments<F[N]>): Promise<Result<F[N]>>;
  /**
   * Runs a mutation or an action, once: where no answer comes it is asked again, under the same key. Queries that read
   * what it wrote are refetched.
   */
  mutate<N extends FunctionName<F, "mutation" | "action">>(
    fn: N,
    ...args: WithOptions<Arguments<F[N]>, MutateOptions<F>>
  ): Promise<Result<F[N]>>;
  /** Has a query's answer in the cache before anybody looks at it. One that fails is fetched again by whoever looks. */
  prefetch<N extends FunctionName<F, "query">>(fn: N, ...args: Arguments<F[N]>): Promise<void>;
  /** For TanStack Query's own `useQuery`, `prefetchQuery` and so on; the adapters use it as well. */
  queryOptions<N extends FunctionName<F, "query">>(fn: N, ...args: Arguments<F[N]>): QueryOptions<Result<F[N]>>;
  readonly queryClient: QueryClient;
  /** @internal What pending mutations are expected to do. */
  readonly optimistic: OptimisticUpdates;
  /** @internal Fires when somebody else logs in: what the last one was shown must go. */
  readonly generation: AbortSignal;
  /** @internal What query-core needs to know of any query of ours: it stays right by signals. */
  liveOptions(): LiveOptions;
  /** @internal One query's answer from the pod, for the cache entry of this hash. */
  fetch<T>(fn: string, args: unknown, hash: string): Promise<CachedAnswer<T>>;
  /** @internal `mutate`, for whom the types are in the way. */
  run(fn: string, args: unknown, options?: MutateOptions<F>): Promise<unknown>;
  readonly status: Status;
  /** Calls `listener` with everything that happens. Returns what ends that. */
  subscribe(listener: (event: ClientEvent) => void): () => void;
  /** Asks `getToken` now. Call it after a login or a logout, so that no screen waits for its next call to notice. */
  refreshIdentity(): Promise<void>;
  /** Ends the socket and every running call. */
  close(): void;
}
