/** A request's body, as far as it may go. */
import { EdgePodError } from "@edgepod/core/protocol";

const MAX_BYTES = 1_000_000;

/** @throws EdgePodError `PAYLOAD_TOO_LARGE` as soon as it is. */
export async function readBody(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BYTES) throw tooLarge();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const chunks: AsyncIterable<Uint8Array> | [] = request.body ?? [];
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function tooLarge(): EdgePodError {
  return new EdgePodError("PAYLOAD_TOO_LARGE", `A body has at most ${MAX_BYTES} bytes.`);
}
