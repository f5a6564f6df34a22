/** The Worker of the model: one app, a pod for each host name, and tokens that are their user's name. */
import { createGateway, createPod } from "../src/index.ts";
import * as functions from "./app/functions.ts";
import { migrations } from "./app/migrations.ts";
import * as schema from "./app/schema.ts";

export const API_KEY = "ep_pk_model";

export const Pod = createPod({ schema, functions, migrations });

export default createGateway<{ readonly POD: object & { getByName(name: string): object } }>({
  namespace: (env) => env.POD,
  keys: () => [API_KEY],
  pod: ({ request }) => new URL(request.url).hostname,
  authenticate: (request) => {
    const token = request.headers.get("authorization")?.replace("Bearer ", "");
    return token === undefined ? null : { sub: token };
  },
});
