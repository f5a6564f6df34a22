/**
 * Broken variants: small patches, kept with the tests, that each take one rule away. A suite that still passes over one
 * of them proves nothing about that rule.
 *
 *   node scripts/broken-variants.ts          runs each suite over its variants, and fails if one gets through
 *   node scripts/broken-variants.ts model    only the suites whose variants stand in such a folder
 *   EDGEPOD_BROKEN=<patch> vitest run …      runs any tests over one variant
 */
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { applyPatch, parsePatch } from "diff";
import type { Plugin } from "vitest/config";

const ROOT = resolve(import.meta.dirname, "..");

/** A Vite plugin that loads the patched files as the patch in `EDGEPOD_BROKEN` has them, and leaves the disk alone. */
export function brokenVariant(): Plugin {
  const patchFile = process.env["EDGEPOD_BROKEN"];
  const patched = new Map<string, string>();
  if (patchFile !== undefined) {
    for (const patch of parsePatch(readFileSync(patchFile, "utf8"))) {
      const file = join(ROOT, (patch.newFileName ?? "").replace(/^b\//, ""));
      const text = applyPatch(readFileSync(file, "utf8"), patch);
      if (text === false) throw new Error(`${patchFile} no longer applies to ${file}. Adapt the patch to the code.`);
      patched.set(file, text);
    }
  }
  return {
    name: "edgepod:broken-variant",
    enforce: "pre",
    load: (id) => patched.get(fileOf(id)) ?? null,
    // Vitest keeps what it has transformed by what stands on the disk, and would load the whole file again.
    configureVitest({ defineCacheKeyGenerator }) {
      defineCacheKeyGenerator(({ id }) => (patched.has(fileOf(id)) ? false : null));
    },
  };
}

/** The file of a module, without what a plugin has asked of it. */
function fileOf(id: string): string {
  return id.split("?")[0] ?? id;
}

interface Suite {
  /** Where variants are kept, and the tests that must catch them. */
  readonly variants: string;
  readonly tests: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints when it has run. A variant that doesn't load fails every test, and would look as if it were caught. */
  readonly ran: RegExp;
}

const ADAPTERS = ["react", "vue", "svelte", "solid"] as const;

const SUITES: readonly Suite[] = [
  ...ADAPTERS.map((adapter) => ({
    variants: `adapters/${adapter}/broken`,
    // Enough of them: what is hardly right at all would take minutes to fail everywhere.
    tests: ["--project", adapter, "--bail", "3", `adapters/${adapter}/test/conformance.test.ts`],
    // Not that some passed: the first three need most of what there is. A variant that doesn't load has no tests at all.
    ran: /Tests .*\d+ (passed|failed)/,
  })),
  {
    variants: "server/test/broken",
    tests: ["--project", "server", "server/test/freshness.test.ts"],
    ran: /Tests .*\d+ passed/,
  },
  {
    variants: "server/test/broken-once",
    tests: ["--project", "server", "server/test/once.test.ts"],
    ran: /Tests .*\d+ passed/,
  },
  {
    variants: "server/test/broken-restore",
    tests: [
      "--project",
      "server",
      ...["restore", "dump", "deferred", "neighbours"].map((name) => `server/test/${name}.test.ts`),
    ],
    ran: /Tests .*\d+ passed/,
  },
  {
    variants: "server/test/broken-sockets",
    tests: ["--project", "server", "server/test/sockets.test.ts", "server/test/sleep.test.ts"],
    ran: /Tests .*\d+ passed/,
  },
  {
    variants: "server/model/broken",
    tests: ["--project", "model"],
    env: { EDGEPOD_MODEL_RUNS: "400", EDGEPOD_MODEL_SHRINK_MS: "0" },
    ran: /^runs (?!0 )\d+ steps .*/m,
  },
];

function run(patch: string, { tests, env, ran }: Suite): boolean {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, "run", "--reporter", "dot", ...tests], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
    env: { ...process.env, ...env, EDGEPOD_BROKEN: patch },
  });
  const text = stripVTControlCharacters(stdout);
  const isCaught = status !== 0 && ran.test(text);
  const failures = /^runs .*/m.exec(text)?.[0] ?? /Tests\s+(.*)/.exec(text)?.[1] ?? "no test ran";
  console.log(`${isCaught ? "caught " : "MISSED "} ${basename(patch, ".patch").padEnd(44)} ${failures}`);
  if (!isCaught) console.log(stdout, stderr);
  return isCaught;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  let missed = 0;
  let caught = 0;
  const [only = ""] = process.argv.slice(2);
  for (const suite of SUITES.filter(({ variants }) => variants.includes(only))) {
    const folder = join(ROOT, suite.variants);
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".patch"))) {
      if (run(join(folder, name), suite)) caught += 1;
      else missed += 1;
    }
  }
  console.log(`${caught} broken variants caught, ${missed} missed`);
  process.exitCode = missed === 0 ? 0 : 1;
}
