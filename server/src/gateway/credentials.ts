/** Key and token of a request: in headers for a call, among the subprotocols for a socket, never in the URL. */
import { EdgePodError, HEADERS, KEY_SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "@edgepod/core/protocol";

/** The publishable key, or "". */
export function keyOf(request: Request): string {
  return request.headers.get(HEADERS.key) ?? subprotocol(request, KEY_SUBPROTOCOL) ?? "";
}

/** The request with its token in `authorization`, wherever it came. @throws EdgePodError `UNAUTHORIZED`. */
export function withToken(request: Request): Request {
  const encoded = subprotocol(request, TOKEN_SUBPROTOCOL);
  if (encoded === null) return request;
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${fromBase64Url(encoded)}`);
  return new Request(request.url, { headers });
}

function subprotocol(request: Request, prefix: string): string | null {
  const protocols = request.headers.get("sec-websocket-protocol")?.split(",") ?? [];
  const found = protocols.map((name) => name.trim()).find((name) => name.startsWith(prefix));
  return found === undefined ? null : found.slice(prefix.length);
}

function fromBase64Url(text: string): string {
  try {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  } catch (cause) {
    throw new EdgePodError("UNAUTHORIZED", "The token isn't encoded rightly.", { cause });
  }
}
