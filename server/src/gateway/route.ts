/** Which of the gateway's three doors a request is at, under whatever path the gateway is mounted. */
import { EdgePodError } from "@edgepod/core/protocol";

export type Route =
  | { readonly type: "call"; readonly fn: string }
  | { readonly type: "batch" }
  | { readonly type: "socket" };

/** @throws EdgePodError `NOT_FOUND`, `METHOD_NOT_ALLOWED`, `BAD_REQUEST`. */
export function parseRoute(path: string, { method, headers }: Request): Route {
  const match = /\/(?:(ws)|rpc(?:\/([^/]+))?)$/.exec(path);
  if (!match) throw new EdgePodError("NOT_FOUND", "There is POST /rpc/<function>, POST /rpc and GET /ws.");
  const [, isSocket, name] = match;
  if (isSocket !== undefined) {
    if (headers.get("upgrade")?.toLowerCase() === "websocket") return { type: "socket" };
    throw new EdgePodError("BAD_REQUEST", "/ws is for WebSockets.");
  }
  if (method !== "POST") throw new EdgePodError("METHOD_NOT_ALLOWED", "Functions are called by POST.");
  return name === undefined ? { type: "batch" } : { type: "call", fn: decode(name) };
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (cause) {
    throw new EdgePodError("BAD_REQUEST", "The function's name isn't encoded rightly.", { cause });
  }
}
