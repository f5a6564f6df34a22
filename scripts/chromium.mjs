// Finds a Chromium for the tests that need a real browser, and tries to install one where there is none.
// Only looks and installs; starting it is playwright-core's business.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const run = promisify(execFile);

const MINUTE = 60_000;

/** What the browser is called on PATH, best known first. */
const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge", "chrome"];

/**
 * Where installers put it when they leave PATH alone.
 * @type {Partial<Record<NodeJS.Platform, string[]>>}
 */
const PLACES = {
  darwin: ["/Applications", join(process.env.HOME ?? "", "Applications")].flatMap((folder) => [
    join(folder, "Google Chrome.app/Contents/MacOS/Google Chrome"),
    join(folder, "Chromium.app/Contents/MacOS/Chromium"),
    join(folder, "Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
  ]),
  win32: [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, "Google/Chrome/Application/chrome.exe"),
      join(folder, "Chromium/Application/chrome.exe"),
      join(folder, "Microsoft/Edge/Application/msedge.exe"),
    ]),
  linux: ["/usr/lib/chromium/chromium", "/opt/google/chrome/chrome", "/snap/bin/chromium"],
};

/**
 * The path of a Chromium that is already on this machine, or null.
 * Looks at CHROME_PATH, then PATH, then where installers put it, then at what playwright-core downloaded.
 *
 * @returns {Promise<string | null>}
 * @throws {Error} when CHROME_PATH is set to something that doesn't run: falling back would hide the mistake
 */
async function findChromium() {
  const wanted = process.env.CHROME_PATH;
  if (wanted) {
    if (await runs(wanted)) return wanted;
    throw new Error(`CHROME_PATH is "${wanted}", which doesn't run. Set it to a Chromium's binary, or unset it.`);
  }
  const extension = process.platform === "win32" ? ".exe" : "";
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name + extension))),
    ...(PLACES[process.platform] ?? []),
    chromium.executablePath(),
  ];
  for (const path of candidates) {
    if (await runs(path)) return path;
  }
  return null;
}

/**
 * Like {@link findChromium}, but installs one if there is none: by apt-get for root on Debian, otherwise by
 * playwright-core's own installer. Takes a few minutes at most.
 *
 * @returns {Promise<string | null>} null, with a printed sentence saying why, if there is still none
 * @throws {Error} instead of returning null when CI is set: there, a skipped browser test would look like a passed one
 */
export async function ensureChromium() {
  const found = await findChromium();
  if (found !== null) return found;

  console.log("No Chromium on this machine: installing one for the browser tests …");
  /** @type {string[]} */
  const failures = [];
  for (const [name, install] of installers()) {
    try {
      await install();
    } catch (error) {
      failures.push(`${name}: ${firstLine(error)}`);
      continue;
    }
    const installed = await findChromium();
    if (installed !== null) return installed;
    failures.push(`${name}: what it installed doesn't run`);
  }

  const why = `No Chromium could be found or installed (${failures.join("; ")}). Install Chromium or Chrome, or set CHROME_PATH.`;
  if (process.env.CI) throw new Error(why);
  console.warn(why);
  return null;
}

/** @returns {[name: string, install: () => Promise<void>][]} in the order in which to try them */
function installers() {
  const isDebianRoot = process.getuid?.() === 0 && existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get");
  if (!isDebianRoot) return [["playwright-core", byPlaywright]];
  // apt-get first: it brings the system libraries, which the browser that playwright-core downloads expects to find.
  return [
    ["apt-get", byAptGet],
    ["playwright-core", byPlaywright],
  ];
}

async function byAptGet() {
  /** @param {string[]} args */
  const aptGet = (...args) =>
    run("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=120", ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      timeout: 4 * MINUTE,
    });
  const install = () => aptGet("install", "--yes", "--no-install-recommends", "chromium");
  try {
    await install();
  } catch {
    // A fresh machine or container image comes without package lists.
    await aptGet("update");
    await install();
  }
}

async function byPlaywright() {
  const cli = join(dirname(fileURLToPath(import.meta.resolve("playwright-core/package.json"))), "cli.js");
  await run(process.execPath, [cli, "install", "chromium"], { timeout: 3 * MINUTE });
}

/** @param {string} path */
async function runs(path) {
  if (!existsSync(path)) return false;
  // On Windows `chrome.exe --version` opens a window instead of answering.
  if (process.platform === "win32") return true;
  try {
    await run(path, ["--version"], { timeout: MINUTE / 2 });
    return true;
  } catch {
    return false;
  }
}

/**
 * What a command said before it failed; Node's own message only repeats the command.
 * @param {unknown} error
 */
function firstLine(error) {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  const text = stderr === "" ? String(error) : stderr;
  return text.split("\n", 1)[0] ?? text;
}
