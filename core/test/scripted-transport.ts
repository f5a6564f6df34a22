/** The one fake of the client's tests, at the seam of its transport. */
import type { ConnectionEvents, Transport, TransportAnswer, TransportCall } from "../src/index.ts";

/** A network whose other end is the test. */
export class ScriptedTransport implements Transport {
  answer: (call: TransportCall, count: number) => object | Promise<object> = () => answered({});
  count = 0;
  reconnects = 0;
  closes = 0;
  readonly said: string[] = [];
  #events: ConnectionEvents | null = null;

  async call(call: TransportCall): Promise<TransportAnswer> {
    this.count += 1;
    return { body: await this.answer(call, this.count), retryAfterMs: null };
  }

  connect(events: ConnectionEvents) {
    this.#events = events;
    void events.token();
    return {
      send: (text: string) => void this.said.push(text),
      reconnect: () => {
        this.reconnects += 1;
        void events.token();
      },
      close: () => {
        this.closes += 1;
      },
    };
  }

  say(frame: object | string): void {
    this.#events?.received(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  hello(epoch = "e1"): void {
    this.say({ type: "hello", session: "s1", epoch, version: 1 });
  }

  /** A socket is there; nothing has come over it. */
  open(): void {
    this.#events?.opened();
  }

  cut(): void {
    this.#events?.closed();
  }
}

/** An answer of the pod. */
export function answered(meta: object, data: unknown = "data"): object {
  const whole = { epoch: "e1", version: 1, reads: { tasks: 1 }, writes: {}, watched: null, ...meta };
  return { data, meta: whole, warnings: [] };
}
