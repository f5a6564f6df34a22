import type * as functions from "./functions.ts";

declare module "@edgepod/core" {
  interface Register {
    functions: typeof functions;
  }
}
