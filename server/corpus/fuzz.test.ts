import { expect, it } from "vitest";
import { fuzz } from "./fuzz.ts";

it("foresees every changed answer in 2,000 random writes, whichever layer is left out", () => {
  const { changes, unpredicted } = fuzz({ writes: 2000, seed: 1 });
  expect(unpredicted).toEqual([]);
  expect(changes).toBeGreaterThan(1000);
});
