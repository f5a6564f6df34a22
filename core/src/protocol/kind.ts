import type { Intent } from "./wire.ts";

/** How a function runs: reads only; reads and writes, all or nothing; or waits for the outside world between commits. */
export type Kind = Intent | "action";
