/** What gateway and pod say to each other: a protocol of its own, for in every rollout they run different builds. */
import type { Intent } from "@edgepod/core/protocol";
import { EdgePodError } from "@edgepod/core/protocol";
import type { User } from "../functions/context.ts";

/**
 * The number of this protocol. A pod understands its neighbours' as well, so from one number to the next a member may be
 * added that the other side can do without, or cease to be needed, and nothing else. Members that aren't known are ignored.
 */
export const INTERNAL_PROTOCOL = 1;

/** The header in which the gateway tells the pod about a socket, in place of whatever a caller put there. */
export const UPGRADE_HEADER = "x-edgepod-upgrade";

/** What the gateway tells about a socket to be opened. */
export interface Upgrade {
  readonly protocol: number;
  readonly user: User | null;
}

/** What the gateway passes on of a request, after it has checked who asks. */
export interface RpcRequest {
  readonly protocol: number;
  /** Null for a batch. */
  readonly fn: string | null;
  readonly body: string;
  readonly intent: Intent;
  readonly session: string | null;
  /** The idempotency key of a call that may write. A gateway of before there were keys names none. */
  readonly key?: string | null;
  readonly user: User | null;
  readonly headers: readonly (readonly [string, string])[];
}

/** What the gateway passes back. */
export interface RpcResponse {
  readonly status: number;
  readonly body: string;
  /** When it makes sense to try again, in milliseconds, if the failure says so. */
  readonly retryAfterMs: number | null;
}

/** A pod as the gateway sees it. */
export interface PodStub {
  rpc(request: RpcRequest): Promise<RpcResponse>;
  fetch(request: Request): Promise<Response>;
}

/** The failure of a request whose gateway is too far from this pod's build, or null. */
export function protocolFault(protocol: number): EdgePodError | null {
  if (Math.abs(protocol - INTERNAL_PROTOCOL) <= 1) return null;
  return new EdgePodError("PROTOCOL_MISMATCH", "Gateway and pod are more than one version apart. Try again shortly.", {
    retryAfterMs: 5000,
  });
}

/** What can't be read has no number, and so is of no neighbour. */
export function parseUpgrade(request: Request): Upgrade {
  try {
    const { protocol, user } = JSON.parse(request.headers.get(UPGRADE_HEADER) ?? "{}") as Partial<Upgrade>;
    return { protocol: protocol ?? Number.NaN, user: user ?? null };
  } catch {
    return { protocol: Number.NaN, user: null };
  }
}
