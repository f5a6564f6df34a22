/**
 * The client: typed calls over a query cache that stays right by itself. Puts the stages together: calls, read sets,
 * socket and query-core; leaves rendering to the adapters.
 */
import { QueryClient } from "@tanstack/query-core";
import { selectData } from "./answers.ts";
import type { CachedAnswer } from "./answers.ts";
import { Calls } from "./calls.ts";
import type { FailedQuery } from "./calls.ts";
import { claim } from "./claim.ts";
import type { Client, ClientEvent, ClientOptions, LiveOptions, MutateOptions, QueryOptions } from "./client-types.ts";
import { Fetches } from "./fetches.ts";
import type { Arguments, FunctionName, Result, WithOptions } from "./functions.ts";
import { createHttpTransport } from "./http-transport.ts";
import { LiveCache } from "./live-cache.ts";
import { OptimisticUpdates } from "./optimistic.ts";
import { watchPage } from "./page.ts";
import type { Answer } from "./protocol/index.ts";
import { KEY_PREFIX, hashQueryKey, queryKey } from "./query-key.ts";
import { ReadSets } from "./read-sets.ts";
import { share } from "./same.ts";
import { PodSocket } from "./socket.ts";
import type { Status } from "./socket.ts";

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

/** Milliseconds, at most: an attempt to connect that takes as long has failed. */
const CONNECTING_MS = 5_000;

class PodClient<F extends object> implements Client<F> {
  readonly queryClient: QueryClient;
  readonly #ownsQueryClient: boolean;
  readonly #sets = new ReadSets();
  readonly #calls: Calls;
  readonly #socket: PodSocket;
  readonly #listeners = new Set<(event: ClientEvent) => void>();
  readonly #fetches: Fetches;
  readonly #cache: LiveCache;
  readonly #unwatchPage: () => void;
  readonly optimistic = new OptimisticUpdates((answer) => this.#sets.isOutdated(answer));

  constructor({ url, apiKey, getToken, queryClient, transport, heartbeatMs }: ClientOptions) {
    const network = transport ?? createHttpTransport({ url, apiKey });
    this.#calls = new Calls({
      transport: network,
      getToken,
      session: () => this.#sets.session,
      identityChanged: () => {
        // Rule 8. Another identity: nothing that was known or shown of the last one stays.
        this.#sets.reset();
        this.optimistic.clear();
        this.#fetches.abort();
        this.#socket.reconnect();
        this.#cache.startOver();
      },
    });
    this.#fetches = new Fetches({
      calls: this.#calls,
      sets: this.#sets,
      isAnswered: (key) => this.queryClient.getQueryCache().get(key)?.state.data !== undefined,
      outdated: (keys) => {
        this.#socket.say();
        this.#cache.refetch(keys);
      },
      failed: (key, readSet) => {
        this.#cache.hold(key, readSet);
      },
    });
    this.#socket = new PodSocket(network, this.#sets, {
      heartbeatMs,
      token: () => this.#calls.token(),
      statusChanged: (status) => {
        this.#cache.setConnected(status === "connected");
        this.#emit({ type: "status", status });
      },
      outdated: (keys, signal) => {
        const refetched = this.#cache.refetch(keys);
        if (signal) {
          // Also those that had heard of it already, and are on their way.
          this.#fetches.link(this.#sets.keys(signal.tables));
          this.#emit({ type: "stale", ...signal, refetched });
        }
        // The pod may run other code now, which knows the function that this one didn't.
        else this.#cache.refetchUnread();
      },
    });
    this.#ownsQueryClient = queryClient === undefined;
    this.queryClient = queryClient ?? new QueryClient();
    claim(this.queryClient, url);
    this.queryClient.setQueryDefaults([KEY_PREFIX], { queryKeyHashFn: hashQueryKey });
    if (this.#ownsQueryClient) this.queryClient.mount();
    this.#cache = new LiveCache(this.queryClient, this.#sets, {
      looked: () => {
        this.#socket.open();
      },
      changed: () => {
        if (this.optimistic.stamp.length > 0) this.optimistic.prune(this.#cache.answers());
        this.#socket.say();
      },
      stale: (keys) => {
        this.#fetches.link(keys);
      },
      dropped: (key) => {
        this.#fetches.forget(key);
      },
    });
    this.#unwatchPage = watchPage(this.#socket);
  }

  get status(): Status {
    return this.#socket.status;
  }

  get generation(): AbortSignal {
    return this.#calls.signal;
  }

  async query<N extends FunctionName<F, "query">>(fn: N, ...args: Arguments<F[N]>): Promise<Result<F[N]>> {
    const options = this.queryOptions(fn, ...args);
    const staleTime = this.#freshFor(hashQueryKey(options.queryKey));
    return selectData(await this.queryClient.fetchQuery({ ...options, staleTime }));
  }

  async mutate<N extends FunctionName<F, "mutation" | "action">>(
    fn: N,
    ...[args, options]: WithOptions<Arguments<F[N]>, MutateOptions<F>>
  ): Promise<Result<F[N]>> {
    return (await this.run(fn, args, options)) as Result<F[N]>;
  }

  async run(fn: string, args: unknown, options: MutateOptions<F> = {}): Promise<unknown> {
    const { moment } = this.#sets;
    const ended = options.optimistic && this.optimistic.begin(options.optimistic);
    let answer: Answer | FailedQuery;
    try {
      answer = await this.#calls.send(fn, args, "mutation");
      if ("failure" in answer) throw answer.failure;
    } catch (error) {
      ended?.(null);
      throw error;
    }
    const { data, meta } = answer;
    const consequence = this.#sets.written(meta, moment);
    // Of an epoch that may have ended: what it wrote can't be compared with anything that is held.
    const refetched = this.#cache.refetch(consequence === "ask again" ? this.#sets.keys() : consequence.outdated);
    // Only now is it known which answers are behind: from those the optimistic update doesn't go before the next ones.
    ended?.(meta);
    const tables = Object.keys(meta.writes);
    this.#fetches.link(this.#sets.keys(tables));
    if (tables.length > 0) this.#emit({ type: "written", fn, tables, version: meta.version, refetched });
    return data;
  }

  queryOptions<N extends FunctionName<F, "query">>(fn: N, ...args: Arguments<F[N]>): QueryOptions<Result<F[N]>> {
    const key = queryKey(fn, args[0]);
    return {
      queryKey: key,
      queryFn: () => this.fetch<Result<F[N]>>(fn, args[0], hashQueryKey(key)),
      select: selectData,
      ...this.liveOptions(),
    };
  }

  liveOptions(): LiveOptions {
    return {
      queryKeyHashFn: hashQueryKey,
      structuralSharing: share,
      // Rule 7. While the pod watches what an answer read, time can't make it stale; otherwise everything can. A page that
      // loads mounts readers of an answer before its first socket is open: `hello` will tell what that answer missed.
      staleTime: ({ queryHash }) => this.#freshFor(queryHash) || (this.status === "connecting" ? CONNECTING_MS : 0),
      refetchOnWindowFocus: () => this.status !== "connected",
      refetchOnReconnect: false,
      // A query that waits for the browser to be "online" would wait beside a socket that is connected.
      networkMode: "always",
      // Repeated where it is fetched, for those that are shown together are repeated together.
      retry: false,
    };
  }

  async prefetch<N extends FunctionName<F, "query">>(fn: N, ...args: Arguments<F[N]>): Promise<void> {
    // What went wrong is in the cache, and whoever looks asks again.
    await this.query(fn, ...args).catch(() => undefined);
  }

  fetch<T>(fn: string, args: unknown, hash: string): Promise<CachedAnswer<T>> {
    return this.#fetches.fetch<T>(fn, args, hash);
  }

  subscribe(listener: (event: ClientEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async refreshIdentity(): Promise<void> {
    await this.#calls.freshToken();
  }

  close(): void {
    this.#unwatchPage();
    this.#socket.close();
    this.#calls.abort();
    this.#fetches.abort();
    this.#cache.dispose();
    if (this.#ownsQueryClient) {
      this.queryClient.unmount();
      this.queryClient.clear();
    }
  }

  #freshFor(queryHash: string): number {
    return this.#sets.isLive(queryHash) ? Infinity : 0;
  }

  #emit(event: ClientEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
