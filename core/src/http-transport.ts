/** The transport over `fetch` and a WebSocket that reconnects by itself (partysocket). */
import ReconnectingWebSocket from "partysocket/ws";
import { EdgePodError, HEADERS, KEY_SUBPROTOCOL, SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "./protocol/index.ts";
import type { Connection, ConnectionEvents, Transport, TransportAnswer, TransportCall } from "./transport.ts";

export interface HttpTransportOptions {
  /** Where the gateway is mounted, such as `https://api.example.com` or `https://example.com/api`. */
  readonly url: string;
  /** The publishable key. It names the app to the gateway; it is not a secret. */
  readonly apiKey: string;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** In place of the global `WebSocket`. */
  readonly WebSocket?: typeof globalThis.WebSocket;
}

/** @throws TypeError when `url` isn't an absolute URL. */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  const { apiKey, WebSocket } = options;
  const base = new URL(options.url.endsWith("/") ? options.url : `${options.url}/`);
  const socketUrl = new URL("ws", base);
  socketUrl.protocol = base.protocol === "https:" ? "wss:" : "ws:";

  async function call({ fn, body, intent, token, session, key, signal }: TransportCall): Promise<TransportAnswer> {
    const headers = new Headers({
      "content-type": "application/json",
      [HEADERS.key]: apiKey,
      [HEADERS.intent]: intent,
    });
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    if (session !== null) headers.set(HEADERS.session, session);
    if (key !== null) headers.set(HEADERS.idempotencyKey, key);
    // Called without a receiver: browsers refuse a `fetch` whose `this` is anything but the global object.
    const send = options.fetch ?? globalThis.fetch;
    let response: Response;
    let text: string;
    const path = fn === null ? "rpc" : `rpc/${encodeURIComponent(fn)}`;
    try {
      response = await send(new URL(path, base), { method: "POST", headers, body, signal });
      text = await response.text();
    } catch (cause) {
      if (signal.aborted) throw new EdgePodError("ABORTED", `The call of "${path}" was given up.`, { cause });
      throw new EdgePodError("NETWORK", `No answer to "${path}" from ${base.origin}: ${String(cause)}`, { cause });
    }
    return {
      body: parseBody(text, response, path),
      retryAfterMs: parseRetryAfter(response.headers.get("retry-after")),
    };
  }

  function connect(events: ConnectionEvents): Connection {
    const protocols = async (): Promise<string[]> => {
      const token = await events.token();
      const named = [SUBPROTOCOL, `${KEY_SUBPROTOCOL}${apiKey}`];
      return token === null ? named : [...named, `${TOKEN_SUBPROTOCOL}${toBase64Url(token)}`];
    };
    const socket = new ReconnectingWebSocket(socketUrl.href, protocols, {
      ...(WebSocket && { WebSocket }),
      minReconnectionDelay: 300 + Math.random() * 700,
      maxReconnectionDelay: 20_000 + Math.random() * 10_000,
      reconnectionDelayGrowFactor: 1.8,
      // Nothing said before the socket opened is worth repeating to the next session.
      maxEnqueuedMessages: 0,
    });
    socket.addEventListener("open", () => {
      events.opened();
    });
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") events.received(data);
    });
    // An attempt that fails before there is a socket, for want of a token, is told of as an error alone.
    for (const end of ["close", "error"] as const) {
      socket.addEventListener(end, () => {
        events.closed();
      });
    }
    return {
      send: (text) => {
        socket.send(text);
      },
      reconnect: () => {
        socket.reconnect();
      },
      close: () => {
        socket.close();
      },
    };
  }

  return { call, connect };
}

function parseBody(text: string, response: Response, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const code = response.status >= 500 ? "UNAVAILABLE" : "BAD_ANSWER";
    throw new EdgePodError(
      code,
      `"${path}" was answered with status ${response.status} and no JSON. Is \`url\` right?`,
      {
        cause,
      },
    );
  }
}

/** Seconds, or a date: RFC 9110 §10.2.3. */
function parseRetryAfter(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** A token may hold characters that a subprotocol may not. */
function toBase64Url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
