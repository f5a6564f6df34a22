/** What is deployed: the pods' class, and the Worker in front of them. */
import { createGateway, createPod } from "@edgepod/server";
import * as functions from "./functions.ts";
import { migrations } from "./migrations.ts";
import * as schema from "./schema.ts";

interface Env {
  readonly POD: DurableObjectNamespace;
  readonly EDGEPOD_KEY: string;
}

export const Pod = createPod({ schema, functions, migrations });

export default createGateway<Env>({
  namespace: (env) => env.POD,
  keys: (env) => [env.EDGEPOD_KEY],
});
