/** Calls that came over HTTP: text in, text out. Each value is parsed once and serialised once, here. */
import { EdgePodError, MAX_BATCH, isRecord } from "@edgepod/core/protocol";
import type { Meta } from "@edgepod/core/protocol";
import { decodeValue } from "@edgepod/core/values";
import type { Log } from "../functions/context.ts";
import { AS_TEXT } from "./answer-form.ts";
import { FailedQuery } from "./call.ts";
import type { CallRequest, Caller } from "./call.ts";
import type { RpcRequest, RpcResponse } from "./internal.ts";

/** Answers of a batch beyond this many characters are left out, each with an error that says so. */
const MAX_BATCH_TEXT = 1_000_000;
/** Rounds in which the entries of a batch that are of an older moment than the newest are asked again. */
const BATCH_ROUNDS = 3;

type Common = Omit<CallRequest, "fn" | "args" | "key">;

/** Runs what a request asks for. Never throws: every failure is an answer. */
export async function respond(caller: Caller, request: RpcRequest, log: Log): Promise<RpcResponse> {
  const { fn, intent, session, user, headers, key = null } = request;
  const common: Common = { intent, session, user, headers: headers.map(([name, value]) => [name, value]) };
  try {
    const body = parseBody(request.body);
    if (fn === null) return toAnswer(await respondBatch(caller, parseBatch(body), common, log));
    return toAnswer((await callOne(caller, { ...common, fn, args: argsOf(body), key })).text);
  } catch (error) {
    return toResponse(toPublic(error, log, fn), error);
  }
}

function toAnswer(body: string): RpcResponse {
  return { status: 200, body, retryAfterMs: null };
}

/** A failure as the gateway passes it on. */
export function toResponse(failure: EdgePodError, thrown?: unknown): RpcResponse {
  return { status: failure.status, body: failureText(failure, thrown), retryAfterMs: failure.retryAfterMs };
}

function failureText(failure: EdgePodError, thrown: unknown): string {
  return JSON.stringify({ ...failure.toFailure(), ...(thrown instanceof FailedQuery && { meta: thrown.meta }) });
}

interface Sealed {
  readonly text: string;
  /** The commit up to which it knows everything, or null if it read nothing. */
  readonly moment: number | null;
}

async function callOne(caller: Caller, request: CallRequest): Promise<Sealed> {
  const { data, meta, warnings } = await caller.call(request, AS_TEXT);
  return {
    text: `{${data}"meta":${JSON.stringify(meta)},"warnings":${JSON.stringify(warnings)}}`,
    moment: momentOf(meta),
  };
}

/** A query that waits may read its second table after a commit that its version, that of its first read, doesn't count. */
function momentOf({ version, reads }: Meta): number {
  return Math.max(version, ...Object.values(reads));
}

async function respondBatch(caller: Caller, calls: readonly CallRequest[], common: Common, log: Log): Promise<string> {
  const entries: Sealed[] = [];
  const run = async (call: CallRequest): Promise<Sealed> => {
    try {
      return await callOne(caller, { ...common, ...call, intent: "query" });
    } catch (error) {
      const moment = error instanceof FailedQuery ? momentOf(error.meta) : null;
      return { text: failureText(toPublic(error, log, call.fn), error), moment };
    }
  };
  for (let round = 1; round <= BATCH_ROUNDS; round += 1) {
    const newest = Math.max(...entries.map(({ moment }) => moment ?? 0));
    for (const [index, call] of calls.entries()) {
      const entry = entries[index];
      // Handlers that only await the database run in one turn, and so see one moment; one that waits for more may not.
      if (entry === undefined || (entry.moment ?? newest) < newest) entries[index] = await run(call);
    }
  }
  let room = MAX_BATCH_TEXT;
  const texts = entries.map(({ text }) => {
    if (text.length <= room) {
      room -= text.length;
      return text;
    }
    return JSON.stringify(
      new EdgePodError(
        "ANSWER_TOO_LARGE",
        "The batch's answers are too large together; ask for this one alone.",
      ).toFailure(),
    );
  });
  return `[${texts.join()}]`;
}

function parseBody(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new EdgePodError("BAD_REQUEST", "The body isn't JSON.", { cause });
  }
}

function parseBatch(body: unknown): CallRequest[] {
  if (!Array.isArray(body)) throw new EdgePodError("BAD_REQUEST", 'A batch is an array of {"fn", "args"}.');
  if (body.length > MAX_BATCH) throw new EdgePodError("BAD_REQUEST", `A batch has at most ${MAX_BATCH} calls.`);
  return body.map((entry: unknown) => {
    if (!isRecord(entry) || typeof entry["fn"] !== "string") {
      throw new EdgePodError("BAD_REQUEST", 'An entry of a batch is {"fn", "args"}.');
    }
    return { fn: entry["fn"], args: argsOf(entry) };
  });
}

function argsOf(body: unknown): unknown {
  if (!isRecord(body)) throw new EdgePodError("BAD_REQUEST", 'The body of a call is {"args": …}.');
  const { args, types } = body;
  if (types === undefined) return args;
  if (!isRecord(types)) throw new EdgePodError("BAD_REQUEST", '"types" must be an object.');
  try {
    return decodeValue(args, types);
  } catch (cause) {
    throw new EdgePodError("BAD_REQUEST", '"types" doesn\'t fit "args".', { cause });
  }
}

/** What a stranger may see of an error: ours as they are; of anything else a reference to the log. */
function toPublic(thrown: unknown, log: Log, fn: string | null): EdgePodError {
  const error = thrown instanceof FailedQuery ? thrown.cause : thrown;
  if (error instanceof EdgePodError) return error;
  const reference = crypto.randomUUID().slice(0, 8);
  log.error(error instanceof Error ? error.message : String(error), {
    fn,
    reference,
    stack: error instanceof Error ? error.stack : undefined,
  });
  return new EdgePodError("INTERNAL", `The function failed. The pod's log says why (reference ${reference}).`);
}
