/**
 * The stateless Worker in front of the pods: decides who may come in and where to, and passes texts on. What they mean
 * is the pod's business.
 */
import { EdgePodError, HEADERS, createCallKey } from "@edgepod/core/protocol";
import type { Intent } from "@edgepod/core/protocol";
import type { User } from "../functions/context.ts";
import { createLog } from "../functions/log.ts";
import { INTERNAL_PROTOCOL, UPGRADE_HEADER } from "../pod/internal.ts";
import type { PodStub, RpcRequest, Upgrade } from "../pod/internal.ts";
import { isOverloaded, withAttempts } from "./attempts.ts";
import { readBody } from "./body.ts";
import { corsHeaders, preflight } from "./cors.ts";
import type { CorsOptions } from "./cors.ts";
import { keyOf, withToken } from "./credentials.ts";
import { parseRoute } from "./route.ts";

/** The part of a Durable Object namespace that the gateway uses. */
export interface PodNamespace {
  getByName(name: string): object;
}

export interface GatewayOptions<Env> {
  /** The binding of the pods' class. */
  readonly namespace: (env: Env) => PodNamespace;
  /** The publishable keys that are valid now; two while one replaces the other. */
  readonly keys: (env: Env) => readonly string[];
  /**
   * Who asks. The token is in `authorization`, also for a socket. Null is a visitor; a throw is a refusal.
   * Without it everybody is a visitor.
   */
  readonly authenticate?: (request: Request, env: Env) => Promise<User | null> | User | null;
  /** The name of the pod that serves a caller; one for everybody unless told otherwise. Decide by what is verified. */
  readonly pod?: (caller: { readonly user: User | null; readonly request: Request }) => string;
  /** Which pages of other origins may call. Unless told otherwise: all; nothing here relies on cookies. */
  readonly cors?: CorsOptions;
}

export interface Gateway<Env> {
  fetch(request: Request, env: Env): Promise<Response>;
}

/** A call that may write is asked about a second time: by its key the pod knows whether the first has run. */
const ATTEMPTS: Readonly<Record<Intent, number>> = { query: 4, mutation: 2 };

/** The one pod of an app that has only one. */
const POD_NAME = "main";

/**
 * Makes the Worker that the browser talks to. It serves `POST /rpc/<function>`, `POST /rpc` and `GET /ws` under
 * whatever path it is mounted.
 *
 * @example
 * export default createGateway<Env>({ namespace: (env) => env.POD, keys: (env) => [env.EDGEPOD_KEY] });
 */
export function createGateway<Env>(options: GatewayOptions<Env>): Gateway<Env> {
  const log = createLog({});

  async function serve(request: Request, env: Env): Promise<Response> {
    const route = parseRoute(new URL(request.url).pathname, request);
    if (!options.keys(env).includes(keyOf(request))) {
      throw new EdgePodError("INVALID_KEY", "The publishable key is missing or not valid here.");
    }
    const user = await authenticate(request, env);
    const name = options.pod?.({ user, request }) ?? POD_NAME;
    // A new one each time: a stub that has failed once fails for ever.
    const stub = (): PodStub => options.namespace(env).getByName(name) as PodStub;
    if (route.type === "socket") {
      const headers = new Headers(request.headers);
      headers.set(UPGRADE_HEADER, JSON.stringify({ protocol: INTERNAL_PROTOCOL, user } satisfies Upgrade));
      return stub().fetch(new Request(request, { headers }));
    }
    const intent = route.type === "batch" || request.headers.get(HEADERS.intent) === "query" ? "query" : "mutation";
    const call: RpcRequest = {
      protocol: INTERNAL_PROTOCOL,
      fn: route.type === "call" ? route.fn : null,
      body: await readBody(request),
      intent,
      session: request.headers.get(HEADERS.session),
      // Where the caller has none, it is this request that runs no more than once, however often we ask.
      key: intent === "query" ? null : (request.headers.get(HEADERS.idempotencyKey) ?? createCallKey(Date.now())),
      user,
      headers: [...request.headers],
    };
    const { status, body, retryAfterMs } = await withAttempts(ATTEMPTS[intent], () => stub().rpc(call));
    return new Response(body, { status, headers: { "content-type": "application/json", ...retryAfter(retryAfterMs) } });
  }

  async function authenticate(request: Request, env: Env): Promise<User | null> {
    if (!options.authenticate) return null;
    try {
      return await options.authenticate(withToken(request), env);
    } catch (cause) {
      if (cause instanceof EdgePodError) throw cause;
      log.warn("A request was refused by authenticate.", { reason: String(cause) });
      throw new EdgePodError("UNAUTHORIZED", "The token is not valid.", { cause });
    }
  }

  return {
    async fetch(request, env) {
      if (request.method === "OPTIONS") return preflight(request, options.cors);
      const response = await serve(request, env).catch((error: unknown) => toResponse(error));
      if (response.status === 101) return response;
      const answer = new Response(response.body, response);
      for (const [name, value] of corsHeaders(request, options.cors)) answer.headers.set(name, value);
      return answer;
    },
  };

  function toResponse(error: unknown): Response {
    const failure = toPublic(error);
    return Response.json(failure.toFailure(), { status: failure.status, headers: retryAfter(failure.retryAfterMs) });
  }

  /** What the runtime says of a pod that can't be reached, in our words. */
  function toPublic(error: unknown): EdgePodError {
    if (error instanceof EdgePodError) return error;
    log.error("The pod couldn't be reached.", { reason: String(error) });
    if (isOverloaded(error)) {
      return new EdgePodError("OVERLOADED", "The pod has more to do than it can. Try again shortly.", {
        retryAfterMs: 2000,
      });
    }
    return new EdgePodError("UNAVAILABLE", "The pod can't be reached at the moment.");
  }
}

/** @param ms A pod of another build may not say. */
function retryAfter(ms: number | null | undefined): Record<string, string> {
  return ms == null ? {} : { "retry-after": String(Math.ceil(ms / 1000)) };
}
