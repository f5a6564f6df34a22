/** Which pages of other origins may call. Credentials travel in headers, so no cookie is ever allowed. */
import { HEADERS } from "@edgepod/core/protocol";

export interface CorsOptions {
  /** Origins such as `https://app.example.com`, or `"*"`. */
  readonly origins: readonly string[] | "*";
}

const ALLOWED_HEADERS = ["authorization", "content-type", ...Object.values(HEADERS)].join(", ");
/** What browsers accept at most, in seconds. */
const PREFLIGHT_SECONDS = "7200";

/** The answer to a browser that asks before it calls. */
export function preflight(request: Request, options: CorsOptions | undefined): Response {
  const headers = corsHeaders(request, options);
  headers.set("access-control-allow-methods", "POST");
  headers.set("access-control-allow-headers", ALLOWED_HEADERS);
  headers.set("access-control-max-age", PREFLIGHT_SECONDS);
  return new Response(null, { status: 204, headers });
}

/** What every answer to another origin carries. */
export function corsHeaders(request: Request, { origins }: CorsOptions = { origins: "*" }): Headers {
  const headers = new Headers({ vary: "Origin" });
  const origin = request.headers.get("origin");
  if (origins === "*") headers.set("access-control-allow-origin", "*");
  else if (origin !== null && origins.includes(origin)) headers.set("access-control-allow-origin", origin);
  headers.set("access-control-expose-headers", "retry-after");
  return headers;
}
