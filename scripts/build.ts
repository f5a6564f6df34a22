/**
 * `pnpm build`: the `dist` of every public package, as it is published. tsc alone makes it: each source stays a module of its
 * own, so that an app's bundler can leave out what the app doesn't use.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PUBLIC_PACKAGES, ROOT } from "./packages.ts";

for (const folder of PUBLIC_PACKAGES) {
  // What isn't removed would be published long after its source has gone.
  rmSync(join(ROOT, folder, "dist"), { recursive: true, force: true });
  rmSync(join(ROOT, folder, "dist-types/build.tsbuildinfo"), { force: true });
}

const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [tsc, "-b", "tsconfig.build.json"], { cwd: ROOT, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

for (const folder of PUBLIC_PACKAGES) {
  const dist = join(ROOT, folder, "dist");
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".d.ts")) nameModules(join(dist, name));
  }
}

// What no compiler touches: the parser, as server/scripts/generate.mjs has bundled it.
for (const name of ["grammar.generated.js", "grammar.generated.d.ts"]) {
  copyFileSync(join(ROOT, "server/src/sql", name), join(ROOT, "server/dist/sql", name));
}

/** tsc says `./client.js` in a module, and leaves `./client.ts` in its declarations, where there is none. */
function nameModules(file: string): void {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll(/((?:from|import\(|import) ?")(\.{1,2}\/[^"]+)\.ts"/g, '$1$2.js"'));
}
