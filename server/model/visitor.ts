/** One client of a run, what it looks at, and the page that it lives in. */
import { createClient, createHttpTransport, createQueryObserver, hashQueryKey } from "@edgepod/core";
import type { CachedAnswer, Client, EdgePodError, Observed, QueryResult } from "@edgepod/core";
import { exports } from "cloudflare:workers";
import { WorkerdWebSocket } from "../test/support/workerd-socket.ts";
import { Diary, nameOf } from "./diary.ts";
import { Network } from "./network.ts";
import type { Call } from "./steps.ts";
import { API_KEY } from "./worker.ts";

type AnyFunctions = Readonly<Record<string, (ctx: never, args: unknown) => Promise<unknown>>>;

/** What a screen shows, as far as a person could tell. */
export interface Shown {
  readonly data: unknown;
  readonly code: string | null;
}

interface Look {
  readonly call: Call;
  readonly observed: Observed<QueryResult<unknown>>;
  readonly leave: () => void;
  readonly queryKey: readonly unknown[];
}

export class Visitor {
  readonly network: Network;
  readonly diary = new Diary();
  token: string | null = null;
  readonly #client: Client<AnyFunctions>;
  readonly #page = new EventTarget();
  readonly #looks = new Map<string, Look>();

  constructor(pod: string, tokenDelay: number) {
    const url = `https://${pod}`;
    const transport = createHttpTransport({
      url,
      apiKey: API_KEY,
      fetch: (input, init) => exports.default.fetch(input, init),
      WebSocket: WorkerdWebSocket,
    });
    this.network = new Network(transport, this.diary);
    const getToken = async (): Promise<string | null> => {
      const { token } = this;
      if (tokenDelay > 0) await new Promise((resolve) => void setTimeout(resolve, tokenDelay));
      return token;
    };
    this.#client = inPage(this.#page, () => createClient({ url, apiKey: API_KEY, transport: this.network, getToken }));
    this.#client.subscribe((event) => {
      if (event.type === "status") this.diary.asked();
      if (event.type === "written") this.diary.wrote(event.version);
    });
    this.#client.queryClient.getQueryCache().subscribe((event) => {
      if (event.type !== "updated" || (event.action.type !== "success" && event.action.type !== "error")) return;
      const [, fn, args]: readonly unknown[] = event.query.queryKey as readonly unknown[];
      this.diary.settled(nameOf({ fn: String(fn), ...(args != null && { args }) }));
    });
  }

  /** Whether the pod can reach it, as far as the client knows. One that looks at nothing needs no socket. */
  get isConnected(): boolean {
    return this.#looks.size === 0 || this.#client.status === "connected";
  }

  get isBusy(): boolean {
    return this.network.isBusy || this.#client.queryClient.isFetching() > 0;
  }

  look(call: Call, eye: number): void {
    const slot = slotOf(call, eye);
    if (this.#looks.has(slot)) return;
    const { queryKey } = this.#client.queryOptions(call.fn, call.args);
    const query = nameOf(call);
    this.diary.asked(query);
    const observed = createQueryObserver(this.#client, call.fn, call.args);
    const read = (): CachedAnswer | null => {
      const { data, error }: QueryResult<unknown> = observed.read();
      const key = hashQueryKey(queryKey);
      const answer = this.#client.queryClient.getQueryCache().get<CachedAnswer>(key)?.state.data;
      return error === null && data !== undefined && answer ? answer : null;
    };
    const { screen } = this.diary;
    const unsubscribe = observed.subscribe(() => {
      screen.update(slot, query, read);
    });
    screen.show(slot, query, read);
    const leave = (): void => {
      unsubscribe();
      screen.hide(slot);
    };
    this.#looks.set(slot, { call, observed, leave, queryKey });
  }

  leave(call: Call, eye: number): void {
    const slot = slotOf(call, eye);
    this.#looks.get(slot)?.leave();
    this.#looks.delete(slot);
  }

  /** Looks away for good: the cache forgets the answer. */
  forget(call: Call): void {
    const { queryKey } = this.#client.queryOptions(call.fn, call.args);
    for (const eye of [0, 1]) this.leave(call, eye);
    this.#client.queryClient.removeQueries({ queryKey, exact: true });
  }

  /** Ends when the call has, well or not. */
  async mutate({ fn, args }: Call): Promise<void> {
    await this.#client.mutate(fn, args).catch(() => undefined);
  }

  async become(token: string | null): Promise<void> {
    this.token = token;
    this.diary.asked();
    await this.#client.refreshIdentity().catch(() => undefined);
    this.diary.asked();
  }

  resume(): void {
    this.diary.asked();
    inPage(this.#page, () => this.#page.dispatchEvent(new Event("visibilitychange")));
  }

  /** What it looks at, and what it is shown. */
  shown(): { readonly call: Call; readonly shown: Shown }[] {
    return [...this.#looks.values()].map(({ call, observed }) => {
      const { data, error } = observed.read();
      return { call, shown: { data, code: codeOf(error) } };
    });
  }

  close(): void {
    for (const { leave } of this.#looks.values()) leave();
    inPage(this.#page, () => {
      this.#client.close();
    });
    this.network.heal();
  }
}

function codeOf(error: EdgePodError | null): string | null {
  return error?.code ?? null;
}

function slotOf({ fn, args }: Call, eye: number): string {
  return `${fn} ${JSON.stringify(args)} ${eye}`;
}

/** workerd has no page. This one is there while `body` runs, and visible. */
function inPage<T>(page: EventTarget, body: () => T): T {
  Object.assign(page, { visibilityState: "visible" });
  Object.assign(globalThis, { document: page, window: page });
  try {
    return body();
  } finally {
    Reflect.deleteProperty(globalThis, "document");
    Reflect.deleteProperty(globalThis, "window");
  }
}
