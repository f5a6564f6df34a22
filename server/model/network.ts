/** The network between a client of the model and its pod: passes everything on, or holds, loses and delays it. */
import type { Connection, ConnectionEvents, Transport, TransportAnswer, TransportCall } from "@edgepod/core";
import { EdgePodError, parseServerFrame } from "@edgepod/core/protocol";
import type { Diary } from "./diary.ts";

export class Network implements Transport {
  readonly #inner: Transport;
  readonly #diary: Diary;
  #pending = 0;
  #loses: "answer" | "request" | null = null;
  #isBlocked = false;
  /** What lets each held answer through, oldest first; null while none is held. */
  #held: (() => void)[] | null = null;
  #events: ConnectionEvents | null = null;
  #connection: Connection | null = null;
  #freeSocket: (() => void) | null = null;
  #isSocketFree: Promise<void> = Promise.resolve();
  /** What has come over a delayed socket, oldest first; null while none is delayed. */
  #late: string[] | null = null;
  #isOpen = false;
  #isDeaf = false;

  constructor(inner: Transport, diary: Diary) {
    this.#inner = inner;
    this.#diary = diary;
  }

  /** Whether nothing stands between the client and its pod now. */
  get isWhole(): boolean {
    return !this.#isBlocked && this.#held === null && this.#freeSocket === null && this.#late === null && !this.#isDeaf;
  }

  /** Whether a call is on its way, or its answer. */
  get isBusy(): boolean {
    return this.#pending > 0;
  }

  lose(what: "answer" | "request"): void {
    this.#loses = what;
  }

  /** From now on no call gets through, although the socket may. */
  blockCalls(): void {
    this.#isBlocked = true;
  }

  freeCalls(): void {
    this.#isBlocked = false;
  }

  holdAnswers(): void {
    this.#held ??= [];
  }

  releaseAnswers(isBackwards: boolean): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const release of isBackwards ? held.toReversed() : held) release();
  }

  /** The socket breaks, and the client knows. */
  cutSocket(): void {
    this.#connection?.reconnect();
  }

  /** The socket breaks, and none opens until `freeSocket`. */
  holdSocket(): void {
    if (this.#freeSocket) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#isSocketFree = promise;
    this.#freeSocket = resolve;
    this.cutSocket();
  }

  freeSocket(): void {
    this.#freeSocket?.();
    this.#freeSocket = null;
  }

  delayFrames(): void {
    this.#late ??= [];
  }

  freeFrames(): void {
    const late = this.#late ?? [];
    this.#late = null;
    for (const text of late) this.#receive(text);
  }

  /** From now on nothing passes in either direction, and neither end knows. */
  deafenSocket(): void {
    if (this.#isOpen) this.#isDeaf = true;
  }

  /** Everything that stands in the way goes. */
  heal(): void {
    this.releaseAnswers(false);
    this.freeFrames();
    this.freeSocket();
    this.freeCalls();
    this.#loses = null;
    if (this.#isDeaf) this.cutSocket();
  }

  async call(call: TransportCall): Promise<TransportAnswer> {
    const fetches = this.#diary.fetchStarts(call);
    this.#pending += 1;
    try {
      const loses = this.#loses;
      this.#loses = null;
      if (loses === "request" || this.#isBlocked) throw new EdgePodError("NETWORK", "The request was lost.");
      const answer = await this.#inner.call(call);
      if (loses === "answer") throw new EdgePodError("NETWORK", "The answer was lost.");
      if (this.#held) await heldUntil(this.#held, call.signal);
      this.#diary.fetchEnds(fetches, answer.body);
      return answer;
    } catch (error) {
      this.#diary.fetchFails(fetches);
      throw error;
    } finally {
      this.#pending -= 1;
    }
  }

  connect(events: ConnectionEvents): Connection {
    this.#events = events;
    const connection = this.#inner.connect({
      ...events,
      token: async () => {
        await this.#isSocketFree;
        return events.token();
      },
      opened: () => {
        this.#isOpen = true;
        events.opened();
      },
      received: (text) => {
        if (this.#isDeaf) return;
        if (this.#late) this.#late.push(text);
        else this.#receive(text);
      },
      closed: () => {
        // What was under way on a socket dies with it.
        if (this.#late) this.#late = [];
        this.#isOpen = false;
        this.#isDeaf = false;
        events.closed();
      },
    });
    this.#connection = {
      ...connection,
      send: (text) => {
        if (!this.#isDeaf) connection.send(text);
      },
    };
    return this.#connection;
  }

  #receive(text: string): void {
    const frame = parseServerFrame(text);
    if (frame?.type === "stale") this.#diary.heard(frame.tables, frame.version);
    if (frame?.type === "hello") this.#diary.greeted(frame.epoch);
    this.#events?.received(text);
  }
}

async function heldUntil(held: (() => void)[], signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  held.push(resolve);
  signal.addEventListener("abort", () => {
    reject(new EdgePodError("ABORTED", "Given up."));
  });
  await promise;
}
