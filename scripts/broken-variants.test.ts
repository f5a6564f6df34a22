import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { applyPatch, parsePatch } from "diff";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

describe("the broken variants", () => {
  it.each(globSync("*/**/broken*/*.patch", { cwd: ROOT, exclude: ["**/node_modules/**"] }))(
    "still fit the code: %s",
    (patchFile) => {
      const patches = parsePatch(readFileSync(join(ROOT, patchFile), "utf8"));
      expect(patches).not.toEqual([]);
      for (const patch of patches) {
        const file = (patch.newFileName ?? "").replace(/^b\//, "");
        expect({ file, text: applyPatch(readFileSync(join(ROOT, file), "utf8"), patch) }).not.toEqual({
          file,
          text: false,
        });
      }
    },
  );
});
