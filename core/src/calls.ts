/**
 * Calls as the pod hears them: encodes arguments, adds token, session and key, decodes the answer. Notices when the token
 * begins to speak for somebody else (rule 8).
 */
import { identityOf } from "./identity.ts";
import { isPlain } from "./plain.ts";
import { EdgePodError, parseAnswer } from "./protocol/index.ts";
import type { Answer, FailedAnswer, Intent, Meta } from "./protocol/index.ts";
import { Repeats } from "./repeats.ts";
import type { Transport, TransportAnswer, TransportCall } from "./transport.ts";
import { within } from "./within.ts";

/** A query's no, and what it had read by then. */
export interface FailedQuery {
  readonly failure: EdgePodError;
  readonly meta: Meta;
}

/** What came of one of several queries that were sent together. */
export type QueryAnswer = Answer | FailedAnswer;

interface Query {
  readonly fn: string;
  readonly args: unknown;
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

  /** Fires when what is running now is given up. */
  get signal(): AbortSignal {
    return this.#generation.signal;
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

  /**
   * Sends queries in one request. One that fails is in its place in what comes back.
   *
   * @throws EdgePodError what came of the request as a whole.
   */
  async sendTogether(queries: readonly Query[]): Promise<QueryAnswer[]> {
    const before = this.#generation;
    const names = queries.map(({ fn }) => fn).join();
    const token = await this.token();
    if (before !== this.#generation) throw aborted(names);
    const { signal } = before;
    const body = JSON.stringify(
      await Promise.all(queries.map(async ({ fn, args }) => ({ fn, ...(await encodeArgs(args)) }))),
    );
    if (signal.aborted) throw aborted(names);
    const call: Attempt = { fn: null, body, intent: "query", key: null, token };
    const answer = await this.#post(call, names, signal);
    if (!Array.isArray(answer.body) || answer.body.length !== queries.length) {
      const whole = parseAnswer(answer.body, answer.retryAfterMs);
      throw "failure" in whole ? whole.failure : new EdgePodError("BAD_ANSWER", `"${names}" had one answer for all.`);
    }
    const answers: unknown[] = answer.body;
    const decoded = await Promise.all(
      answers.map((each, index) => decode(parseAnswer(each), queries[index]?.fn ?? "")),
    );
    if (signal.aborted) throw aborted(names);
    return decoded;
  }

  async #attempt(call: Attempt & { readonly fn: string }, generation: AbortSignal): Promise<Answer | FailedQuery> {
    const { body, retryAfterMs } = await this.#post(call, call.fn, generation);
    const answer = await decode(parseAnswer(body, retryAfterMs), call.fn);
    // Loading a decoder may take as long as the call did.
    if (generation.aborted) throw aborted(call.fn);
    if (!("failure" in answer)) return answer;
    if (answer.meta === null) throw answer.failure;
    return { failure: answer.failure, meta: answer.meta };
  }

  async #post(call: Attempt, name: string, generation: AbortSignal): Promise<TransportAnswer> {
    const { transport, session } = this.#options;
    const answer = await within(TIMEOUT_MS[call.intent], name, generation, (signal) =>
      transport.call({ ...call, session: session(), signal }),
    );
    if (generation.aborted) throw aborted(name);
    return answer;
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
    const last = this.#generation;
    // Who hears of the end may look for what has begun.
    this.#generation = new AbortController();
    last.abort();
  }
}

async function decode(answer: QueryAnswer, fn: string): Promise<QueryAnswer> {
  if ("failure" in answer) return answer;
  for (const { code, message } of answer.warnings) console.warn(`[edgepod] ${fn}: ${message} (${code})`);
  if (!answer.types) return answer;
  const { decodeValue } = await import("./values.ts");
  return { ...answer, data: decodeValue(answer.data, answer.types) };
}

/** Plain arguments cost no library; Date, bigint and the like load theirs on first use. */
async function encodeArgs(args: unknown): Promise<{ args?: unknown; types?: unknown }> {
  if (args === undefined) return {};
  if (isPlain(args)) return { args };
  const { encodeValue } = await import("./values.ts");
  const { value, types } = encodeValue(args);
  return types ? { args: value, types } : { args: value };
}

/** What becomes of a call whose caller is another by now. */
export function aborted(fn: string): EdgePodError {
  return new EdgePodError(
    "ABORTED",
    `The call of "${fn}" was given up: the client was closed, or somebody else logged in.`,
  );
}
