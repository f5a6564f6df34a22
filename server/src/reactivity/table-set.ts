/** A set of table numbers as bits: what a socket's attachment has room for. Number 0 stands for every table. */
export const EVERY_TABLE = 0;

export class TableSet {
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.#bytes = bytes;
  }

  /** The bits, as short as they can be. Shared, not copied. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  has(id: number): boolean {
    return ((this.#bytes[id >> 3] ?? 0) & (1 << (id & 7))) !== 0;
  }

  /** Returns whether it is new. */
  add(id: number): boolean {
    if (this.has(id)) return false;
    const at = id >> 3;
    if (at >= this.#bytes.length) {
      const longer = new Uint8Array(at + 1);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (1 << (id & 7));
    return true;
  }

  /** Returns whether it was there. */
  delete(id: number): boolean {
    if (!this.has(id)) return false;
    const at = id >> 3;
    this.#bytes[at] = (this.#bytes[at] ?? 0) & ~(1 << (id & 7));
    return true;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const [at, byte] of this.#bytes.entries()) {
      for (let bit = 0; bit < 8; bit += 1) {
        if ((byte & (1 << bit)) !== 0) yield at * 8 + bit;
      }
    }
  }
}
