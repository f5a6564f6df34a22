/** Dumps in the hands of a test: as text, in pieces, and cut off. */
import type { ImportOptions, ImportResult } from "../../src/index.ts";
import type { createApp } from "./app.ts";

type App = ReturnType<typeof createApp>;

export async function exportText(app: App): Promise<string> {
  const stream: ReadableStream<Uint8Array> = await app.stub().exportData();
  return new Response(stream).text();
}

export async function importText(app: App, text: string, options?: ImportOptions): Promise<ImportResult> {
  return app.stub().importData(streamOf(text), options);
}

/** The text in pieces. With `cut`, its sender is gone before the end. */
export function streamOf(text: string, { cut = false } = {}): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  // Not at the end of a line, nor of a character.
  const pieceLength = Math.max(1, Math.ceil(bytes.length / 3));
  let at = 0;
  return new ReadableStream({
    type: "bytes",
    pull: (controller) => {
      if (cut && at > 0) throw new Error("The sender is gone.");
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + pieceLength));
      at += pieceLength;
      if (at >= bytes.length) controller.close();
    },
  });
}
