import { expect, it } from "vitest";
import { progressLine } from "../../../bench/decisions/progress.ts";

it.each([
  [0, 1000, 5_000, "0 of 1000 accounts"],
  [1, 4, 20_000, "1 of 4 accounts, 60 s left"],
  [100, 1000, 180_000, "100 of 1000 accounts, 27 min left"],
  [1000, 1000, 1_800_000, "1000 of 1000 accounts, 0 s left"],
])("says how far it is, and how long the others will take as they do now: %i of %i", (done, of, elapsedMs, said) => {
  expect(progressLine(done, of, elapsedMs)).toBe(said);
});
