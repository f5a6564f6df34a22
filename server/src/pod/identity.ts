/** Whom a session belongs to. */
import type { User } from "../functions/context.ts";

/** A text that is the same for the same user, however often the token is renewed: issuer, subject and tenant. */
export function identityOf(user: User | null): string {
  if (user === null) return "";
  const { iss, sub, tenant, tid, org_id } = user;
  return JSON.stringify(sub === undefined ? user : [iss, sub, tenant ?? tid ?? org_id]);
}

/** When the user's token ends, in milliseconds since 1970, or null if it doesn't say. */
export function expiryOf(user: User | null): number | null {
  const exp = user?.["exp"];
  return typeof exp === "number" ? exp * 1000 : null;
}
