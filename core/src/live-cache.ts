/**
 * Keeps the cached queries in step with the read sets: tells them what the cache holds, fetches again what they call
 * outdated, and falls back on the clock while there is no socket. Leaves fetching itself to the query's own function.
 */
import { notifyManager } from "@tanstack/query-core";
import type { Query, QueryCacheNotifyEvent, QueryClient } from "@tanstack/query-core";
import { readSetOf } from "./answers.ts";
import { KEY_PREFIX } from "./query-key.ts";
import type { ReadSet, ReadSets } from "./read-sets.ts";
import { backOff, isUnanswered } from "./retries.ts";

export interface LiveCacheEvents {
  /** Somebody looks at a query. */
  readonly looked: () => void;
  /** The read sets may have something to say to the pod. */
  readonly changed: () => void;
  /** One and the same news has made these queries stale. */
  readonly stale: (keys: readonly string[]) => void;
  /** A query has left the cache. */
  readonly dropped: (key: string) => void;
}

const POLL_MS = 30_000;

type AnyQuery = Query;

export class LiveCache {
  readonly #queryClient: QueryClient;
  readonly #sets: ReadSets;
  readonly #events: LiveCacheEvents;
  readonly #unsubscribe: () => void;
  readonly #catchUps = new Map<string, { readonly failures: number; readonly timer: ReturnType<typeof setTimeout> }>();
  #isConnected = false;
  #poll: ReturnType<typeof setInterval> | undefined;

  constructor(queryClient: QueryClient, sets: ReadSets, events: LiveCacheEvents) {
    this.#queryClient = queryClient;
    this.#sets = sets;
    this.#events = events;
    this.#unsubscribe = queryClient.getQueryCache().subscribe((event) => {
      this.#cacheChanged(event);
    });
  }

  /**
   * Fetches again those of the queries that somebody looks at; the others will be when they are. A query whose fetch is
   * running will compare its answer itself. Returns the functions' names.
   */
  refetch(keys: readonly string[]): string[] {
    const names: string[] = [];
    this.#events.stale(keys);
    notifyManager.batch(() => {
      for (const key of keys) {
        const query = this.#queryClient.getQueryCache().get(key);
        if (query?.state.fetchStatus !== "idle") continue;
        query.invalidate();
        if (!query.isActive() || query.isDisabled()) continue;
        names.push(String(query.queryKey[1]));
        // As those ask who still look: the last one that asked may be gone, or elsewhere.
        const looking = query.observers.find(({ options }) => typeof options.queryFn === "function");
        // The failure is the query's state, which its observers show.
        query.fetch(looking?.options).catch(() => undefined);
      }
    });
    return names;
  }

  /** A query has been answered, or failed after it had read: what it read calls it back. */
  hold(queryHash: string, readSet: ReadSet): void {
    // Itself it isn't fetched again here: that is for whoever knows how often it has been already.
    const others = this.#sets.hold(queryHash, readSet).filter((key) => key !== queryHash);
    this.#events.changed();
    this.refetch(others);
  }

  /** A query that failed before it had read anything has no read set by which it could be called back. */
  refetchUnread(): void {
    const read = new Set(this.#sets.keys());
    this.refetch(this.#failed().filter((key) => !read.has(key)));
  }

  /** Rule 7. Without a socket nobody signals: what is looked at is fetched every half minute. */
  setConnected(isConnected: boolean): void {
    this.#isConnected = isConnected;
    clearInterval(this.#poll);
    if (isConnected) this.refetch(this.#failed());
    else
      this.#poll = setInterval(() => {
        this.refetch(this.#sets.keys());
        this.refetch(this.#failed());
      }, POLL_MS);
  }

  /** Rule 8. Nothing stays on screen; what is looked at is fetched anew. */
  startOver(): void {
    this.#stopCatchingUp();
    const cache = this.#queryClient.getQueryCache();
    notifyManager.batch(() => {
      for (const query of this.#queries()) {
        // Also one that nobody fetches is shown by those who look at it.
        if (query.getObserversCount() > 0) query.reset();
        else cache.remove(query);
      }
    });
    void this.#queryClient.refetchQueries({ queryKey: [KEY_PREFIX], type: "active" });
  }

  dispose(): void {
    this.#unsubscribe();
    this.#stopCatchingUp();
    clearInterval(this.#poll);
  }

  #cacheChanged(event: QueryCacheNotifyEvent): void {
    const query: AnyQuery = event.query;
    if (query.queryKey[0] !== KEY_PREFIX) return;
    if (event.type === "observerAdded") this.#events.looked();
    else if (event.type === "removed") this.#drop(query);
    else if (event.type === "added") this.#hold(query);
    else if (event.type === "updated") {
      const { type } = event.action;
      // Also what came another way than by a fetch: hydrated, restored, set by hand.
      if (type === "success" || type === "setState") this.#hold(query);
      if (type === "success" || type === "setState" || type === "error") this.#catchUp(query);
    }
  }

  /** Every answer that is held, and whose it is. */
  answers(): { readonly fn: string; readonly answer: ReadSet }[] {
    return this.#queries().flatMap(({ queryKey, state }) => {
      const answer = readSetOf(state.data);
      return answer ? [{ fn: String(queryKey[1]), answer }] : [];
    });
  }

  #hold({ queryHash, state }: AnyQuery): void {
    const readSet = readSetOf(state.data);
    if (readSet) this.hold(queryHash, readSet);
  }

  #drop({ queryHash }: AnyQuery): void {
    clearTimeout(this.#catchUps.get(queryHash)?.timer);
    this.#catchUps.delete(queryHash);
    this.#sets.release(queryHash);
    this.#events.dropped(queryHash);
    this.#events.changed();
  }

  /**
   * A settled query that is still outdated was overtaken too often, or its fetch failed: once more, after a while. So too
   * where nobody answered although there is a socket: no signal will tell that somebody would now.
   */
  #catchUp(query: AnyQuery): void {
    const { queryHash, queryKey } = query;
    const waiting = this.#catchUps.get(queryHash);
    clearTimeout(waiting?.timer);
    if (!this.#isBehind(queryHash)) {
      this.#catchUps.delete(queryHash);
      return;
    }
    const failures = (waiting?.failures ?? 0) + 1;
    const delay = backOff(failures);
    console.warn(`[edgepod] ${String(queryKey[1])} is behind the database; next try in ${Math.round(delay)} ms.`);
    const timer = setTimeout(() => {
      // With all that are behind, or they would come back one by one.
      if (this.#isBehind(queryHash)) this.refetch([...this.#catchUps.keys()].filter((key) => this.#isBehind(key)));
    }, delay);
    this.#catchUps.set(queryHash, { failures, timer });
  }

  #isBehind(key: string): boolean {
    const error = this.#queryClient.getQueryCache().get(key)?.state.error ?? null;
    return this.#sets.isOutdated(key) || (this.#isConnected && isUnanswered(error));
  }

  #failed(): string[] {
    return this.#queries().flatMap(({ state, queryHash }) => (state.status === "error" ? [queryHash] : []));
  }

  #stopCatchingUp(): void {
    for (const { timer } of this.#catchUps.values()) clearTimeout(timer);
    this.#catchUps.clear();
  }

  #queries(): readonly AnyQuery[] {
    return this.#queryClient.getQueryCache().findAll({ queryKey: [KEY_PREFIX] });
  }
}
