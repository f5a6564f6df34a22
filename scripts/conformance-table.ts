// A Vitest reporter that shows which scenario of the suite which adapter passes: one row for each, one column for each.
import type { Reporter, TestCase, TestModule } from "vitest/node";

const MARKS = { passed: "✓", failed: "✗", skipped: "gap", pending: "?" } as const;

export default class ConformanceTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const frameworks = new Set<string>();
    const rows = new Map<string, Map<string, string>>();
    const failed: TestCase[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const key = /\[(.+)\]$/.exec(test.name)?.[1];
        if (key === undefined) continue;
        const framework = module.project.name;
        const { state } = test.result();
        frameworks.add(framework);
        rows.set(key, (rows.get(key) ?? new Map<string, string>()).set(framework, MARKS[state]));
        if (state === "failed") failed.push(test);
      }
    }
    const columns = [...frameworks].sort();
    const width = Math.max(8, ...[...rows.keys()].map(({ length }) => length));
    const line = (first: string, rest: readonly string[]): string =>
      [first.padEnd(width), ...rest.map((cell) => cell.padEnd(7))].join("  ").trimEnd();
    console.log(line("scenario", columns));
    for (const [key, marks] of rows)
      console.log(
        line(
          key,
          columns.map((framework) => marks.get(framework) ?? "–"),
        ),
      );
    const count = (framework: string): string =>
      String([...rows.values()].filter((marks) => marks.get(framework) === MARKS.passed).length);
    console.log(line(`${rows.size} scenarios, passed`, columns.map(count)));
    for (const test of failed) console.log(`✗ ${test.project.name}: ${test.fullName}`);
  }
}
