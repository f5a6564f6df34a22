/** Lines out of bytes that come in pieces of any size. */

/** The lines of the chunks, without their ends. What follows the last end of a line is a line, too. */
export function* linesOf(chunks: Iterable<Uint8Array>): Generator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  /** What there is of a line that hasn't ended. In pieces: a row may be longer than many chunks. */
  let begun: string[] = [];
  for (const chunk of chunks) {
    const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    begun.push(first);
    for (const next of others) {
      yield begun.join("");
      begun = [next];
    }
  }
  begun.push(decoder.decode());
  const last = begun.join("");
  if (last !== "") yield last;
}
