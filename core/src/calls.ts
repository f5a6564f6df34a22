/**
 * Calls as the pod hears them: encodes arguments, adds token and session, decodes the answer. Notices when the token
 * begins to speak for somebody else (rule 8).
 */
import { identityOf } from "./identity.ts";
import { isPlain } from "./plain.ts";
import { EdgePodError, parseAnswer } from "./protocol/index.ts";
import type { Answer, Intent } from "./protocol/index.ts";
import type { Transport } from "./transport.ts";

export interface CallsOptions {
  readonly transport: Transport;
  readonly getToken: (() => Promise<string | null> | string | null) | undefined;
  readonly session: () => string | null;
  /** The identity has changed. What is known of the last one must go before anything else happens. */
  readonly identityChanged: () => void;
}

export class Calls {
  readonly #options: CallsOptions;
  #identity: string | null = null;
  /** Aborted when the identity changes or the client closes: an answer to somebody else must not be seen. */
  #generation = new AbortController();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** The token to speak with now, after everything that its change of identity asks for has been done. */
  async token(): Promise<string | null> {
    const token = await this.#askForToken();
    const identity = identityOf(token);
    if (this.#identity !== null && this.#identity !== identity) {
      this.#identity = identity;
      this.abort();
      this.#options.identityChanged();
    }
    this.#identity = identity;
    return token;
  }

  /** @throws EdgePodError the pod's own, or `NETWORK`, `ABORTED`, `BAD_ANSWER`. */
  async send(fn: string, args: unknown, intent: Intent): Promise<Answer> {
    const before = this.#generation;
    const token = await this.token();
    // A query of the last identity has been reset and asked again already; a mutation is meant by whoever is here now.
    if (intent === "query" && before !== this.#generation) throw aborted(fn);
    const { signal } = this.#generation;
    const body = JSON.stringify(await encodeArgs(args));
    const { transport, session } = this.#options;
    const { body: answerBody, retryAfterMs } = await transport.call({
      fn,
      body,
      intent,
      token,
      session: session(),
      signal,
    });
    if (signal.aborted) throw aborted(fn);
    const answer = parseAnswer(answerBody, retryAfterMs);
    for (const { code, message } of answer.warnings) console.warn(`[edgepod] ${fn}: ${message} (${code})`);
    if (!answer.types) return answer;
    const { decodeValue } = await import("./values.ts");
    return { ...answer, data: decodeValue(answer.data, answer.types) };
  }

  async #askForToken(): Promise<string | null> {
    try {
      return (await this.#options.getToken?.()) ?? null;
    } catch (cause) {
      throw new EdgePodError("UNAUTHORIZED", `getToken failed: ${String(cause)}`, { cause });
    }
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
