/**
 * Idempotency keys: each names one attempt to write, however often it is sent. A key is a UUID of version 7 (RFC 9562),
 * so it says when it was made, and later keys are greater as text: a pod that forgets the oldest still knows which keys
 * it may have forgotten.
 */

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Makes a key. Repeat a call with the key that it was first sent with.
 *
 * @param now Milliseconds since 1970.
 * @example
 * const key = createCallKey(Date.now());
 */
export function createCallKey(now: number): string {
  // Not randomUUID: a page that came over plain HTTP doesn't have it.
  const bytes = new DataView(crypto.getRandomValues(new Uint8Array(16)).buffer);
  bytes.setUint16(0, Math.floor(now / 2 ** 32));
  bytes.setUint32(2, now % 2 ** 32);
  bytes.setUint8(6, 0x70 | (bytes.getUint8(6) & 0x0f));
  bytes.setUint8(8, 0x80 | (bytes.getUint8(8) & 0x3f));
  const hex = Array.from(new Uint8Array(bytes.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A key as a header carries it, bare or in quotes, in its one spelling; null for what isn't one. */
export function parseCallKey(text: string): string | null {
  const key = text.replace(/^"(.*)"$/, "$1").toLowerCase();
  return UUID_7.test(key) ? key : null;
}

/** When a key was made, by its maker's clock, in milliseconds since 1970. */
export function madeAt(key: string): number {
  return Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16);
}

/** The lowest text that a key made then can have. */
export function firstKeyOf(now: number): string {
  const hex = Math.floor(now).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
