/**
 * `pnpm check:packages`: builds and packs every public package, asks publint and are-the-types-wrong what whoever installs
 * it will find, and imports each from where it would be installed.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import type { Problem } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { PUBLIC_PACKAGES, ROOT } from "./packages.ts";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** What these packages don't promise: `require`, and resolution as it was before `exports`. */
const NOT_PROMISED: ReadonlySet<string> = new Set(["node10", "node16-cjs"]);

run(process.execPath, [join(ROOT, "scripts/build.ts")]);
const folder = mkdtempSync(join(tmpdir(), "edgepod-packed-"));
const problems: string[] = [];
try {
  const installed: Manifest[] = [];
  for (const each of PUBLIC_PACKAGES) installed.push(await check(each));
  // Not Svelte's: its runes are compiled by the app. Nor the server's main entry, which is made for workerd.
  const entries = installed
    .filter(({ name }) => name !== "@edgepod/svelte")
    .flatMap(({ name, exports = {} }) => Object.keys(exports).map((entry) => `${name}${entry.slice(1)}`))
    .filter((entry) => entry !== "@edgepod/server");
  const imports = entries.map((entry) => `import "${entry}";`).join("\n");
  run(process.execPath, ["--input-type=module", "--eval", imports], folder);
  const cli = join(folder, "node_modules/@edgepod/cli/dist/main.js");
  const help = run(process.execPath, [cli, "explain", "--help"], folder);
  if (!help.includes("--schema")) problems.push(`cli: "edgepod explain --help" says: ${help}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${PUBLIC_PACKAGES.length} packages are as whoever installs them expects.`);

async function check(name: string): Promise<Manifest> {
  const file = pack(name);
  const data = new Uint8Array(readFileSync(file));
  const { messages, pkg } = await publint({ pack: { tarball: data.slice().buffer }, strict: true });
  for (const message of messages) problems.push(`${name}: ${formatMessage(message, pkg, { color: false }) ?? ""}`);
  const manifest = install(name, file);
  // A command line has nothing to import.
  if (manifest.exports === undefined) return manifest;
  const analysis = await checkPackage(createPackageFromTarballData(data));
  if (!analysis.types) problems.push(`${name}: it has no types.`);
  else
    for (const problem of analysis.problems.filter(isPromised))
      problems.push(`${name}: are-the-types-wrong says ${JSON.stringify(problem)}`);
  return manifest;
}

function isPromised(problem: Problem): boolean {
  return !("resolutionKind" in problem && NOT_PROMISED.has(problem.resolutionKind));
}

/** By pnpm, which puts `publishConfig` and the versions of the workspace and its catalog into the manifest. */
function pack(name: string): string {
  const before = new Set(readdirSync(folder));
  const args = ["pack", "--pack-destination", folder];
  const cwd = join(ROOT, name);
  // The pnpm that runs this script: since 12 a program, before that a script.
  const pnpm = process.env["npm_execpath"] ?? "";
  if (!pnpm.includes("pnpm")) run("npx", ["--yes", "pnpm@12", ...args], cwd);
  else if (/\.[cm]?js$/.test(pnpm)) run(process.execPath, [pnpm, ...args], cwd);
  else run(pnpm, args, cwd);
  const file = readdirSync(folder).find((each) => !before.has(each));
  if (file === undefined) throw new Error(`Packing ${name} made no file.`);
  return join(folder, file);
}

/** Unpacks it where npm would put it, among the packages that it says it needs. */
function install(name: string, file: string): Manifest {
  run("tar", ["-xzf", file], folder);
  const manifest = JSON.parse(readFileSync(join(folder, "package/package.json"), "utf8")) as Manifest;
  const place = (dependency: string): string => {
    const path = join(folder, "node_modules", dependency);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  renameSync(join(folder, "package"), place(manifest.name));
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    const path = place(dependency);
    if (!dependency.startsWith("@edgepod/") && !existsSync(path)) {
      symlinkSync(join(ROOT, name, "node_modules", dependency), path, "junction");
    }
  }
  return manifest;
}

function run(command: string, args: readonly string[], cwd: string = ROOT): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? ""}\n${stdout}\n${stderr}`);
}
