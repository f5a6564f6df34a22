/** The playground's worker, which also counts how often a pod was started: `GET /starts`. */
import gateway, { Pod as PlaygroundPod } from "../../worker/worker.ts";

// Pod and gateway share an isolate here, which outlives the pod's eviction.
let starts = 0;

export class Pod extends PlaygroundPod {
  constructor(state: never, env: never) {
    super(state, env);
    starts += 1;
  }
}

export default {
  fetch(request: Request, env: Parameters<typeof gateway.fetch>[1]): Response | Promise<Response> {
    if (new URL(request.url).pathname === "/starts") return Response.json(starts);
    return gateway.fetch(request, env);
  },
};
