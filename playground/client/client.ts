/** The page's one client. What it may call, and with what, follows from the worker's functions: types, no code. */
import { createClient } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import type * as functions from "../worker/functions.ts";

declare module "@edgepod/core" {
  interface Register {
    functions: typeof functions;
  }
}

export const client: Client<typeof functions> = createClient<typeof functions>({
  url: location.origin,
  apiKey: "ep_pk_playground",
});
