// A Vitest reporter that ends a run with the time each package's tests took, so that a slow one is seen when it grows.
import type { Reporter, TestModule } from "vitest/node";

export default class ProjectTimes implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const times = new Map<string, number>();
    for (const module of modules) {
      const { environmentSetupDuration, prepareDuration, collectDuration, setupDuration, duration } =
        module.diagnostic();
      const time = environmentSetupDuration + prepareDuration + collectDuration + setupDuration + duration;
      times.set(module.project.name, (times.get(module.project.name) ?? 0) + time);
    }
    for (const [project, time] of times) console.log(`${project.padStart(11)}  ${(time / 1000).toFixed(1)} s`);
  }
}
