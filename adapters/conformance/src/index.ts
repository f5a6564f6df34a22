/** `@edgepod/conformance`: one contract and one suite that every adapter passes. */
export { FakePod } from "./fake-pod.ts";
export { runConformance } from "./suite.ts";
export { createWorld } from "./world.ts";

export type {
  AdapterDriver,
  Functions,
  InfiniteQuery,
  Mounted,
  Mutation,
  Query,
  Shown,
  StatusLight,
  Use,
} from "./contract.ts";
export type { Scenarios } from "./suite.ts";
export type { World } from "./world.ts";
