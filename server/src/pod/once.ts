/**
 * Runs a call once, however often it is sent: a repeat is answered with what came of the first. A key belongs to whoever
 * used it first, to the function and to the arguments. Leaves running to its caller, and rows to `kept-calls.ts`.
 */
import { EdgePodError, parseCallKey } from "@edgepod/core/protocol";
import { encodeValue } from "@edgepod/core/values";
import type { User } from "../functions/context.ts";
import { identityOf } from "./identity.ts";
import type { CallState, KeptAnswer, KeptCalls } from "./kept-calls.ts";

/** What a key is bound to. */
export interface Attempt {
  readonly key: string;
  readonly fn: string;
  readonly args: unknown;
  readonly user: User | null;
}

/** Keeps how the call stands now. */
export type Keep = (call: CallState) => void;

export class Once {
  readonly #kept: KeptCalls;
  /** The calls that run now, each with the moment of its end. */
  readonly #running = new Map<string, Promise<void>>();

  constructor(kept: KeptCalls) {
    this.#kept = kept;
  }

  /**
   * Runs the call, or gives what is left of it if it has run. One that runs at this moment is waited for: if it fails
   * and leaves nothing behind, this one runs.
   *
   * @throws EdgePodError `IDEMPOTENCY_MISMATCH`, `IDEMPOTENCY_EXPIRED`, `OUTCOME_UNKNOWN`, `BAD_REQUEST`, and as the call does.
   */
  async run<T>(attempt: Attempt, run: (keep: Keep) => Promise<T>, replay: (answer: KeptAnswer) => T): Promise<T> {
    const key = parseCallKey(attempt.key);
    if (key === null) throw new EdgePodError("BAD_REQUEST", "An idempotency key is a UUID of version 7.");
    const binding = await bindingOf(attempt);
    // oxlint-disable-next-line no-await-in-loop -- whoever waited before us may run now
    for (let ended = this.#running.get(key); ended; ended = this.#running.get(key)) await ended;
    const found = this.#kept.find(key);
    if (found) {
      if (found.binding !== binding) throw mismatch();
      return replay(outcomeOf(found));
    }
    this.#kept.checkNew(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running.set(key, promise);
    let isAdded = false;
    try {
      return await run((call) => {
        this.#kept.keep(key, { ...call, binding });
        isAdded = true;
      });
    } finally {
      this.#running.delete(key);
      resolve();
      if (isAdded) this.#kept.added();
    }
  }
}

function outcomeOf(call: CallState): KeptAnswer {
  switch (call.state) {
    case "answered":
      return call.answer;
    case "failed":
      throw call.failure;
    case "begun":
      throw new EdgePodError(
        "OUTCOME_UNKNOWN",
        "The action was begun, and the pod was stopped before it ended. It isn't run again; look at what it has done.",
      );
    default:
      return call satisfies never;
  }
}

function mismatch(): EdgePodError {
  return new EdgePodError(
    "IDEMPOTENCY_MISMATCH",
    "The idempotency key belongs to a call by somebody else, of another function, or with other arguments. Use a new key for a new call.",
  );
}

/** Who calls what, as a hash: 128 bits of SHA-256, and the same for arguments that only order their members otherwise. */
async function bindingOf({ fn, args, user }: Attempt): Promise<string> {
  const text = JSON.stringify([identityOf(user), fn, encodeValue(args)], sorted);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
