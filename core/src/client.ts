/**
 * The client: typed calls over a query cache that stays right by itself. Puts the stages together: calls, read sets,
 * socket and query-core; leaves rendering to the adapters.
 */
import { QueryClient, notifyManager } from "@tanstack/query-core";
import type { Query, QueryCacheNotifyEvent, QueryObserverOptions } from "@tanstack/query-core";
import { isCachedAnswer, selectData } from "./answers.ts";
import type { CachedAnswer } from "./answers.ts";
import { Calls } from "./calls.ts";
import type { Arguments, FunctionName, Result } from "./functions.ts";
import { createHttpTransport } from "./http-transport.ts";
import { watchPage } from "./page.ts";
import { EdgePodError } from "./protocol/index.ts";
import type { StaleTables } from "./protocol/index.ts";
import { KEY_PREFIX, hashQueryKey, queryKey } from "./query-key.ts";
import { ReadSets } from "./read-sets.ts";
import { backOff, retryDelay, shouldRetry } from "./retries.ts";
import { PodSocket } from "./socket.ts";
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
    };

/** What query-core needs to know of one query. The cache holds answers; observers see their data. */
export type QueryOptions<T> = QueryObserverOptions<CachedAnswer<T>, EdgePodError, T, CachedAnswer<T>> & {
  readonly queryKey: readonly unknown[];
};

/** A client of one pod. See `createClient`. */
export interface Client<F extends object> {
  /** The answer of a query: from the cache while it is known to be fresh, else from the pod. */
  query<N extends FunctionName<F, "query">>(fn: N, ...args: Arguments<F[N]>): Promise<Result<F[N]>>;
  /** Runs a mutation or an action. Queries that read what it wrote are refetched. */
  mutate<N extends FunctionName<F, "mutation" | "action">>(fn: N, ...args: Arguments<F[N]>): Promise<Result<F[N]>>;
  /** For TanStack Query's own `useQuery`, `prefetchQuery` and so on; the adapters use it as well. */
  queryOptions<N extends FunctionName<F, "query">>(fn: N, ...args: Arguments<F[N]>): QueryOptions<Result<F[N]>>;
  readonly queryClient: QueryClient;
  readonly status: Status;
  /** Calls `listener` with everything that happens. Returns what ends that. */
  subscribe(listener: (event: ClientEvent) => void): () => void;
  /** Asks `getToken` now. Call it after a login or a logout, so that no screen waits for its next call to notice. */
  refreshIdentity(): Promise<void>;
  /** Ends the socket and every running call. */
  close(): void;
}

/**
 * A client of the pod behind `url`. It connects when the first query is watched.
 *
 * @example
 * import type * as functions from "./functions";
 * const client = createClient<typeof functions>({ url: "https://api.example.com", apiKey: "ep_pk_…" });
 * const tasks = await client.query("getTasks", { project: 1 });
 * @throws TypeError when `url` isn't an absolute URL.
 */
export function createClient<F extends object>(options: ClientOptions): Client<F> {
  return new PodClient<F>(options);
}

const OVERTAKEN_AT_MOST = 3;
const POLL_MS = 30_000;

class PodClient<F extends object> implements Client<F> {
  readonly queryClient: QueryClient;
  readonly #ownsQueryClient: boolean;
  readonly #sets = new ReadSets();
  readonly #calls: Calls;
  readonly #socket: PodSocket;
  readonly #listeners = new Set<(event: ClientEvent) => void>();
  readonly #catchUps = new Map<string, { failures: number; timer: ReturnType<typeof setTimeout> }>();
  readonly #disposers: (() => void)[] = [];
  #poll: ReturnType<typeof setInterval> | undefined;

  constructor({ url, apiKey, getToken, queryClient, transport }: ClientOptions) {
    const network = transport ?? createHttpTransport({ url, apiKey });
    this.#calls = new Calls({
      transport: network,
      getToken,
      session: () => this.#sets.session,
      identityChanged: () => {
        this.#startOver();
      },
    });
    this.#socket = new PodSocket(network, this.#sets, {
      token: () => this.#calls.token(),
      statusChanged: (status) => {
        this.#setPolling(status !== "connected");
        if (status === "connected") this.#refetchFailed();
        this.#emit({ type: "status", status });
      },
      outdated: (keys, signal) => {
        const refetched = this.#refetch(keys);
        if (signal) this.#emit({ type: "stale", ...signal, refetched });
      },
    });
    this.#ownsQueryClient = queryClient === undefined;
    this.queryClient = queryClient ?? new QueryClient();
    this.queryClient.setQueryDefaults([KEY_PREFIX], { queryKeyHashFn: hashQueryKey });
    if (this.#ownsQueryClient) this.queryClient.mount();
    this.#disposers.push(
      this.queryClient.getQueryCache().subscribe((event) => {
        this.#cacheChanged(event);
      }),
      watchPage(() => {
        this.#socket.resume();
      }),
    );
  }

  get status(): Status {
    return this.#socket.status;
  }

  async query<N extends FunctionName<F, "query">>(fn: N, ...args: Arguments<F[N]>): Promise<Result<F[N]>> {
    return selectData(await this.queryClient.fetchQuery(this.queryOptions(fn, ...args)));
  }

  async mutate<N extends FunctionName<F, "mutation" | "action">>(fn: N, ...args: Arguments<F[N]>): Promise<Result<F[N]>> {
    const { moment } = this.#sets;
    const { data, meta } = await this.#calls.send(fn, args[0], "mutation");
    const consequence = this.#sets.written(meta, moment);
    // Of an epoch that may have ended: what it wrote can't be compared with anything that is held.
    this.#refetch(consequence === "ask again" ? this.#sets.keys() : consequence.outdated);
    return data as Result<F[N]>;
  }

  queryOptions<N extends FunctionName<F, "query">>(fn: N, ...args: Arguments<F[N]>): QueryOptions<Result<F[N]>> {
    const key = queryKey(fn, args[0]);
    return {
      queryKey: key,
      queryKeyHashFn: hashQueryKey,
      queryFn: () => this.#fetch<Result<F[N]>>(fn, args[0]),
      select: selectData,
      // Rule 7. While the pod watches what an answer read, time can't make it stale; otherwise everything can.
      staleTime: (query) => (this.#sets.isLive(query.queryHash) ? Infinity : 0),
      refetchOnWindowFocus: () => this.status !== "connected",
      refetchOnReconnect: false,
      retry: shouldRetry,
      retryDelay,
    };
  }

  subscribe(listener: (event: ClientEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async refreshIdentity(): Promise<void> {
    await this.#calls.token();
  }

  close(): void {
    for (const dispose of this.#disposers.splice(0)) dispose();
    for (const { timer } of this.#catchUps.values()) clearTimeout(timer);
    this.#catchUps.clear();
    this.#socket.close();
    this.#calls.abort();
    this.#setPolling(false);
    if (this.#ownsQueryClient) {
      this.queryClient.unmount();
      this.queryClient.clear();
    }
  }

  /** One query from the pod. An answer that was overtaken by a signal while it travelled is asked for again (rule 3). */
  async #fetch<T>(fn: string, args: unknown): Promise<CachedAnswer<T>> {
    for (let attempt = 1; ; attempt += 1) {
      const { moment } = this.#sets;
      const { data, meta } = await this.#calls.send(fn, args, "query");
      const consequence = this.#sets.answer(meta, moment);
      if (consequence === "ask again") {
        if (attempt < OVERTAKEN_AT_MOST) continue;
        throw new EdgePodError("UNAVAILABLE", `"${fn}" was answered by one epoch after another.`);
      }
      this.#socket.say();
      this.#refetch(consequence.outdated);
      const { epoch, version, reads } = meta;
      const answer = { data: data as T, epoch, version, reads };
      if (attempt === OVERTAKEN_AT_MOST || !this.#sets.isOutdated(answer)) return answer;
    }
  }

  /** Fetches again what somebody looks at. A query whose fetch is running will compare the answer itself. */
  #refetch(keys: readonly string[]): string[] {
    const names: string[] = [];
    notifyManager.batch(() => {
      for (const key of keys) {
        const query = this.queryClient.getQueryCache().get(key);
        if (query?.state.fetchStatus !== "idle") continue;
        query.invalidate();
        if (!query.isActive() || query.isDisabled()) continue;
        names.push(String(query.queryKey[1]));
        // The failure is the query's state, which its observers show.
        query.fetch().catch(() => undefined);
      }
    });
    return names;
  }

  #cacheChanged(event: QueryCacheNotifyEvent): void {
    const { query } = event;
    if (query.queryKey[0] !== KEY_PREFIX) return;
    if (event.type === "observerAdded") this.#socket.open();
    else if (event.type === "removed") this.#drop(query);
    else if (event.type === "added") this.#hold(query);
    else if (event.type === "updated") {
      const { type } = event.action;
      // Also what came another way than by a fetch: hydrated, restored, set by hand.
      if (type === "success" || type === "setState") this.#hold(query);
      if (type === "success" || type === "error") this.#catchUp(query);
    }
  }

  #drop({ queryHash }: Query): void {
    clearTimeout(this.#catchUps.get(queryHash)?.timer);
    this.#catchUps.delete(queryHash);
    this.#sets.release(queryHash);
    this.#socket.say();
  }

  #hold({ queryHash, state }: Query): void {
    if (!isCachedAnswer(state.data)) return;
    this.#sets.hold(queryHash, state.data);
    this.#socket.say();
  }

  /** A settled query that is still outdated was overtaken too often, or its fetch failed: once more, after a while. */
  #catchUp(query: Query): void {
    const { queryHash } = query;
    const waiting = this.#catchUps.get(queryHash);
    if (!this.#sets.isOutdated(queryHash)) {
      clearTimeout(waiting?.timer);
      this.#catchUps.delete(queryHash);
      return;
    }
    clearTimeout(waiting?.timer);
    const failures = (waiting?.failures ?? 0) + 1;
    const delay = backOff(failures);
    console.warn(`[edgepod] ${String(query.queryKey[1])} is behind the database; next try in ${Math.round(delay)} ms.`);
    const timer = setTimeout(() => {
      if (this.#sets.isOutdated(queryHash)) this.#refetch([queryHash]);
    }, delay);
    this.#catchUps.set(queryHash, { failures, timer });
  }

  /** Rule 7. Without a socket nobody signals: what is looked at is fetched every half minute. */
  #setPolling(isOn: boolean): void {
    clearInterval(this.#poll);
    if (!isOn) return;
    this.#poll = setInterval(() => {
      this.#refetch(this.#sets.keys());
      this.#refetchFailed();
    }, POLL_MS);
  }

  /** A query that failed before it had an answer has no read set by which it could be called back. */
  #refetchFailed(): void {
    const active = this.queryClient.getQueryCache().findAll({ queryKey: [KEY_PREFIX], type: "active" });
    this.#refetch(active.filter(({ state }) => state.status === "error").map(({ queryHash }) => queryHash));
  }

  /** Rule 8. Another identity: nothing of the last one stays on screen. */
  #startOver(): void {
    this.#sets.reset();
    this.#socket.reconnect();
    const cache = this.queryClient.getQueryCache();
    notifyManager.batch(() => {
      for (const query of cache.findAll({ queryKey: [KEY_PREFIX] })) {
        if (query.isActive()) query.reset();
        else cache.remove(query);
      }
    });
    void this.queryClient.refetchQueries({ queryKey: [KEY_PREFIX], type: "active" });
  }

  #emit(event: ClientEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
