import { describe, expect, it } from "vitest";
import { EdgePodError } from "../src/protocol/index.ts";
import { isUnanswered, retryDelay, shouldRetry } from "../src/retries.ts";

describe("a failed call", () => {
  it.each([
    ["NETWORK", true],
    ["UNAVAILABLE", true],
    ["PROTOCOL_MISMATCH", true],
    ["NOT_FOUND", false],
    ["FOREIGN_KEY_VIOLATED", false],
    ["OUTCOME_UNKNOWN", false],
  ] as const)("with %s is tried again: %s", (code, isTried) => {
    const error = new EdgePodError(code, "…");
    expect([shouldRetry(0, error), isUnanswered(error), shouldRetry(3, error)]).toEqual([isTried, isTried, false]);
  });

  it("during a rollout waits at least as long as the pod asks", () => {
    expect(retryDelay(0, new EdgePodError("PROTOCOL_MISMATCH", "…", { retryAfterMs: 5000 }))).toBeGreaterThanOrEqual(
      5000,
    );
  });
});
