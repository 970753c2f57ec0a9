import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import safetyChecks from "../../scripts/safety-checks.json" with { type: "json" };
import { drillNames } from "../fault-schedules/drills.ts";

const root = join(import.meta.dirname, "../..");

describe("the safety checks that `npm run test:simulation:mutations` takes out", () => {
  it.each(safetyChecks)("stand in the engine as the script looks for them: $name", ({ edits }) => {
    for (const { file, text, instead } of edits) {
      expect(readFileSync(join(root, file), "utf8")).toContain(text);
      expect(instead).not.toBe(text);
    }
  });

  it("are missed by a drill that there is, and each by its own name", () => {
    expect(drillNames).toEqual(expect.arrayContaining(safetyChecks.map(({ drill }) => drill)));
    expect(new Set(safetyChecks.map(({ name }) => name)).size).toBe(safetyChecks.length);
  });
});
