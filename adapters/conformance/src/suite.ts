/** Runs every scenario against one adapter. */
import { describe, it } from "vitest";
import type { AdapterDriver } from "./contract.ts";
import { changingArguments } from "./scenarios/arguments.ts";
import { errors } from "./scenarios/errors.ts";
import { identity } from "./scenarios/identity.ts";
import { infinite } from "./scenarios/infinite.ts";
import { mutations } from "./scenarios/mutations.ts";
import { optimistic } from "./scenarios/optimistic.ts";
import { options } from "./scenarios/options.ts";
import { hiddenPages } from "./scenarios/pages.ts";
import { queries } from "./scenarios/queries.ts";
import { signals } from "./scenarios/signals.ts";
import { status } from "./scenarios/status.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

/** By its key, which never changes, and what it shows in plain words. */
export type Scenarios = Readonly<
  Record<string, { readonly shows: string; readonly run: (world: World) => Promise<void> }>
>;

const GROUPS: Readonly<Record<string, Scenarios>> = {
  queries,
  arguments: changingArguments,
  signals,
  options,
  errors,
  mutations,
  optimistic,
  infinite,
  status,
  identity,
  pages: hiddenPages,
};

export function runConformance(driver: AdapterDriver): void {
  for (const [group, scenarios] of Object.entries(GROUPS)) {
    describe(`${driver.framework}: ${group}`, () => {
      for (const [key, { shows, run }] of Object.entries(scenarios)) {
        const gap = driver.knownGaps.includes(key);
        // oxlint-disable-next-line vitest/expect-expect -- the scenario's own
        it.skipIf(gap)(`${shows} [${key}]`, () => run(createWorld(driver)));
      }
    });
  }
}
