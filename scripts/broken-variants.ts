/**
 * Broken variants: small patches, kept with the tests, that each take one rule away. A suite that still passes over one
 * of them proves nothing about that rule.
 *
 *   node scripts/broken-variants.ts          runs the suite over each variant, and fails if one gets through
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

/** Where variants are kept, and the tests that must catch them. */
const SUITES = [
  { variants: "server/test/broken", tests: ["--project", "server", "server/test/freshness.test.ts"] },
  { variants: "server/test/broken-once", tests: ["--project", "server", "server/test/once.test.ts"] },
];

function run(patch: string, tests: readonly string[]): boolean {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, "run", "--reporter", "dot", ...tests], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, EDGEPOD_BROKEN: patch },
  });
  // A variant that doesn't apply or doesn't load fails every test, and would look as if it had been caught.
  const isCaught = status !== 0 && /Tests .*\d+ passed/.test(stripVTControlCharacters(stdout));
  const failures = /Tests\s+(.*)/.exec(stripVTControlCharacters(stdout))?.[1] ?? "no test ran";
  console.log(`${isCaught ? "caught " : "MISSED "} ${basename(patch, ".patch").padEnd(36)} ${failures}`);
  if (!isCaught) console.log(stdout, stderr);
  return isCaught;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  let missed = 0;
  let caught = 0;
  for (const { variants, tests } of SUITES) {
    const folder = join(ROOT, variants);
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".patch"))) {
      if (run(join(folder, name), tests)) caught += 1;
      else missed += 1;
    }
  }
  console.log(`${caught} broken variants caught, ${missed} missed`);
  process.exitCode = missed === 0 ? 0 : 1;
}
