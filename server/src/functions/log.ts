/** The log that functions and the pod write to: one line of JSON an entry, on the Worker's console. */
import type { Log } from "./context.ts";

type Level = keyof Log;

/** A log whose entries all carry `fields`. */
export function createLog(fields: Readonly<Record<string, unknown>>): Log {
  const write = (level: Level) => (message: string, details?: Readonly<Record<string, unknown>>) => {
    console[level](JSON.stringify({ level, message, ...fields, ...details }));
  };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
