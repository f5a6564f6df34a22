/** The page's one client. What it may call, and with what, follows from the worker's functions: types, no code. */
import { createClient } from "@edgepod/core";
import type { Client } from "@edgepod/core";
import type * as functions from "../../worker/functions.ts";

export type Functions = typeof functions;

declare module "@edgepod/core" {
  interface Register {
    functions: Functions;
  }
}

export const client: Client<Functions> = createClient<Functions>({
  url: location.origin,
  apiKey: "ep_pk_playground",
});
