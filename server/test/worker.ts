/** The Worker under test: one app, a pod for each host name, and tokens that are their user's name, or unsigned JWTs. */
import { DurableObject } from "cloudflare:workers";
import { createGateway, createPod } from "../src/index.ts";
import type { Pod as PodObject } from "../src/index.ts";
import * as functions from "./app/functions.ts";
import { migrations } from "./app/migrations.ts";
import * as schema from "./app/schema.ts";

export const API_KEY = "ep_pk_test";

export const Pod = createPod({ schema, functions, migrations });

/** A Durable Object that is no pod, for tests of what works on any database. */
export class Bare extends DurableObject {}

interface Env {
  readonly POD: DurableObjectNamespace;
}

const gateway = createGateway<Env>({
  namespace: (env) => env.POD,
  keys: () => [API_KEY],
  pod: ({ request }) => new URL(request.url).hostname,
  authenticate: (request) => {
    const token = request.headers.get("authorization")?.replace("Bearer ", "");
    if (token === undefined) return null;
    if (token.includes(".")) return JSON.parse(atob(token.split(".")[1] ?? "")) as { sub: string; exp: number };
    if (!/^[a-z]+$/.test(token)) throw new Error("a token is the user's name");
    return { sub: token };
  },
});

export default gateway;

declare global {
  namespace Cloudflare {
    interface Env {
      POD: DurableObjectNamespace<PodObject & Rpc.DurableObjectBranded>;
      BARE: DurableObjectNamespace<Bare>;
      /** How many random statements are fitted, and the seed of the first. */
      FIT_RUNS: number;
      FIT_SEED: number;
    }
    interface GlobalProps {
      mainModule: { readonly default: typeof gateway };
    }
  }
}
