/** Whom a token speaks for. Nothing is verified here: the pod does that; the client must only notice a change. */
import { isRecord } from "./protocol/index.ts";

/**
 * A text that stays the same while a user's tokens are renewed, and changes when somebody else logs in: issuer, subject
 * and tenant of a JWT, or the whole token where it can't be read.
 */
export function identityOf(token: string | null): string {
  if (token === null) return "";
  const claims = readClaims(token);
  if (typeof claims?.["sub"] !== "string") return token;
  return JSON.stringify([claims["iss"], claims["sub"], claims["tenant"] ?? claims["tid"] ?? claims["org_id"]]);
}

function readClaims(token: string): Record<string, unknown> | null {
  const payload = token.split(".")[1];
  if (payload === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
      char.charCodeAt(0),
    );
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isRecord(claims) ? claims : null;
  } catch {
    return null; // An opaque token that happens to hold a dot.
  }
}
