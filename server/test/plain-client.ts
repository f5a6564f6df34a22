/**
 * A client written from docs/protocol.md alone: none of our packages, no cache, no framework. It keeps the answers of
 * the queries that it watches right.
 */

interface Meta {
  epoch: string;
  version: number;
  reads: Record<string, number>;
  writes: Record<string, number>;
  watched: { session: string; n: number } | null;
}

interface Answer {
  data?: unknown;
  error?: { code: string; message: string };
  meta?: Meta;
}

/** The two ways out, so that the client runs anywhere. */
export interface Wires {
  post(path: string, headers: Record<string, string>, body: string): Promise<string>;
  /** Opens the socket, and passes every text on. */
  open(path: string, subprotocols: string[], received: (text: string) => void): Promise<{ send(text: string): void }>;
}

export class PlainClient {
  readonly #wires: Wires;
  readonly #key: string;
  readonly #watched = new Map<string, Answer>();
  #heard: Record<string, number> = {};
  #heardOfAll = 0;
  #epoch = "";
  #epochs = 0;
  #session = "";
  #n = 0;
  #socket: { send(text: string): void } | null = null;

  constructor(wires: Wires, key: string) {
    this.#wires = wires;
    this.#key = key;
  }

  async connect(): Promise<void> {
    this.#socket = await this.#wires.open("/ws", ["edgepod.v1", `edgepod.key.${this.#key}`], (text) => {
      this.#receive(JSON.parse(text) as Record<string, unknown>);
    });
  }

  /** Fetches a query without arguments, and keeps it right from now on. */
  async watch(fn: string): Promise<void> {
    const epochs = this.#epochs;
    const answer = await this.#call(fn, "query");
    const { meta } = answer;
    if (!meta) return;
    if (meta.epoch !== this.#epoch && epochs !== this.#epochs) return this.watch(fn);
    this.#adopt(meta.epoch);
    this.#watched.set(fn, answer);
    if (meta.watched?.session !== this.#session || meta.watched.n !== this.#n) this.#say(meta.reads);
    for (const [table, version] of Object.entries(meta.reads)) this.#hear(table, version);
    if (this.#isOutdated(answer)) return this.watch(fn);
  }

  async mutate(fn: string, args: unknown): Promise<unknown> {
    const { data, error, meta } = await this.#call(fn, "mutation", args);
    if (error) throw new Error(`${error.code}: ${error.message}`);
    for (const [table, version] of Object.entries(meta?.writes ?? {})) this.#hear(table, version);
    this.#refetchOutdated();
    return data;
  }

  shown(fn: string): unknown {
    return this.#watched.get(fn)?.data;
  }

  #receive(frame: Record<string, unknown>): void {
    if (frame["type"] === "hello") {
      if (frame["session"] !== this.#session) this.#n = 0;
      this.#session = String(frame["session"]);
      this.#adopt(String(frame["epoch"]));
      const lowest: Record<string, number> = {};
      for (const { meta } of this.#watched.values()) {
        for (const [table, version] of Object.entries(meta?.reads ?? {})) {
          lowest[table] = Math.min(version, lowest[table] ?? version);
        }
      }
      this.#say(lowest);
    } else if (frame["type"] === "stale") {
      const tables = frame["tables"] as string[] | "*";
      for (const table of tables === "*" ? ["*"] : tables) this.#hear(table, Number(frame["version"]));
      this.#refetchOutdated();
    }
  }

  #adopt(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#epochs += 1;
    this.#heard = {};
    this.#heardOfAll = 0;
    this.#refetchOutdated();
  }

  #hear(table: string, version: number): void {
    if (table === "*") this.#heardOfAll = Math.max(this.#heardOfAll, version);
    else this.#heard[table] = Math.max(version, this.#heard[table] ?? 0);
  }

  #isOutdated({ meta }: Answer): boolean {
    if (!meta || meta.epoch !== this.#epoch) return true;
    const newest = Math.max(this.#heardOfAll, ...Object.values(this.#heard));
    return Object.entries(meta.reads).some(([table, version]) => {
      const heard = table === "*" ? newest : Math.max(this.#heardOfAll, this.#heard[table] ?? 0);
      return Math.max(version, meta.version) < heard;
    });
  }

  #refetchOutdated(): void {
    for (const [fn, answer] of this.#watched) if (this.#isOutdated(answer)) void this.watch(fn);
  }

  #say(add: Record<string, number>): void {
    if (!this.#socket) return;
    this.#n += 1;
    this.#socket.send(JSON.stringify({ type: "watch", n: this.#n, add, drop: [] }));
  }

  async #call(fn: string, intent: string, args?: unknown): Promise<Answer> {
    const headers = { "x-edgepod-key": this.#key, "x-edgepod-intent": intent, "x-edgepod-session": this.#session };
    return JSON.parse(await this.#wires.post(`/rpc/${fn}`, headers, JSON.stringify({ args }))) as Answer;
  }
}
