/**
 * Calls as the pod hears them: encodes arguments, adds token, session and key, decodes the answer. Notices when the token
 * begins to speak for somebody else (rule 8).
 */
import { identityOf } from "./identity.ts";
import { isPlain } from "./plain.ts";
import { EdgePodError, parseAnswer } from "./protocol/index.ts";
import type { Answer, Intent, Meta } from "./protocol/index.ts";
import { Repeats } from "./repeats.ts";
import type { Transport, TransportCall } from "./transport.ts";
import { within } from "./within.ts";

/** A query's no, and what it had read by then. */
export interface FailedQuery {
  readonly failure: EdgePodError;
  readonly meta: Meta;
}

type Attempt = Pick<TransportCall, "fn" | "body" | "intent" | "key" | "token">;

export interface CallsOptions {
  readonly transport: Transport;
  readonly getToken: (() => Promise<string | null> | string | null) | undefined;
  readonly session: () => string | null;
  /** The identity has changed. What is known of the last one must go before anything else happens. */
  readonly identityChanged: () => void;
}

/** A connection may die without a word; then the call is sent again. */
const TIMEOUT_MS: Readonly<Record<Intent, number>> = { query: 30_000, mutation: 120_000 };

export class Calls {
  readonly #options: CallsOptions;
  readonly #repeats = new Repeats();
  #identity: string | null = null;
  #asking: Promise<string | null> | null = null;
  /** Aborted when the identity changes or the client closes: an answer to somebody else must not be seen. */
  #generation = new AbortController();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** The token to speak with now, after everything that its change of identity asks for has been done. */
  token(): Promise<string | null> {
    // One at a time: two answers in the wrong order would bring the last identity back.
    this.#asking ??= this.#askForToken().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** The token as it is from now on: one that is being asked for already may be that of a moment ago. */
  async freshToken(): Promise<string | null> {
    await this.#asking?.catch(() => undefined);
    return this.token();
  }

  /**
   * Sends a call; one that may write, until it is known to have run once. A query that failed after it had read is
   * returned, for what it read may change.
   *
   * @throws EdgePodError the pod's own no, or `NETWORK`, `ABORTED`, `BAD_ANSWER`, `UNAUTHORIZED`.
   */
  async send(fn: string, args: unknown, intent: Intent): Promise<Answer | FailedQuery> {
    const before = this.#generation;
    const first = await (intent === "query" ? this.token() : this.freshToken());
    let token: { readonly now: string | null } | null = { now: first };
    // A query of the last identity has been reset and asked again already; a mutation is meant by whoever is here now.
    if (intent === "query" && before !== this.#generation) throw aborted(fn);
    const generation = this.#generation.signal;
    // Once: a repeat says the same, whatever has become of the arguments meanwhile.
    const body = JSON.stringify(await encodeArgs(args));
    const attempt = async (key: string | null): Promise<Answer | FailedQuery> => {
      const asked = token ?? { now: await this.freshToken() };
      token = null;
      // Also a repeat: it may not be sent in the name of somebody else.
      if (generation.aborted) throw aborted(fn);
      return this.#attempt({ fn, body, intent, key, token: asked.now }, generation);
    };
    return intent === "query" ? attempt(null) : this.#repeats.once(attempt, generation);
  }

  async #attempt(call: Attempt, generation: AbortSignal): Promise<Answer | FailedQuery> {
    const { fn, intent } = call;
    const { transport, session } = this.#options;
    const { body, retryAfterMs } = await within(TIMEOUT_MS[intent], fn, generation, (signal) =>
      transport.call({ ...call, session: session(), signal }),
    );
    if (generation.aborted) throw aborted(fn);
    const answer = parseAnswer(body, retryAfterMs);
    if ("failure" in answer) {
      if (answer.meta === null) throw answer.failure;
      return { failure: answer.failure, meta: answer.meta };
    }
    for (const { code, message } of answer.warnings) console.warn(`[edgepod] ${fn}: ${message} (${code})`);
    if (!answer.types) return answer;
    const { decodeValue } = await import("./values.ts");
    // Loading may take as long as the call did.
    if (generation.aborted) throw aborted(fn);
    return { ...answer, data: decodeValue(answer.data, answer.types) };
  }

  async #askForToken(): Promise<string | null> {
    let token: string | null;
    try {
      token = (await this.#options.getToken?.()) ?? null;
    } catch (cause) {
      throw new EdgePodError("UNAUTHORIZED", `getToken failed: ${String(cause)}`, { cause });
    }
    const identity = identityOf(token);
    if (this.#identity !== null && this.#identity !== identity) {
      this.#identity = identity;
      this.abort();
      this.#options.identityChanged();
    }
    this.#identity = identity;
    return token;
  }

  /** Gives up every running call. */
  abort(): void {
    this.#generation.abort();
    this.#generation = new AbortController();
  }
}

/** Plain arguments cost no library; Date, bigint and the like load theirs on first use. */
async function encodeArgs(args: unknown): Promise<{ args?: unknown; types?: unknown }> {
  if (args === undefined) return {};
  if (isPlain(args)) return { args };
  const { encodeValue } = await import("./values.ts");
  const { value, types } = encodeValue(args);
  return types ? { args: value, types } : { args: value };
}

function aborted(fn: string): EdgePodError {
  return new EdgePodError(
    "ABORTED",
    `The call of "${fn}" was given up: the client was closed, or somebody else logged in.`,
  );
}
