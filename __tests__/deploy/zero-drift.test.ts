import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { driftTrials } from "./zero-drift/kinds.ts";
import { type TriedRule, type TriedRuleId, triedRules } from "./zero-drift/levers.ts";

const rules = Object.entries(triedRules) as readonly (readonly [TriedRuleId, TriedRule])[];

describe("every kind of change", () => {
  const kinds = Object.entries(driftTrials);

  it("is adopted without drift by a rule that is tried, or has a reason why Terraform says nothing of it and a scenario that has no drift", () => {
    for (const [kind, trial] of kinds) {
      if ("by" in trial) continue;
      expect(trial.notWithTerraform, kind).toMatch(/\S{2,} \S+/);
      const [rule = "", name = ""] = trial.scenario.split("/");
      const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "scenarios", `${rule}.json`), "utf8")) as {
        readonly cases: Readonly<Record<string, { readonly end?: string }>>;
      };
      expect(cases[name]?.end, `${kind}: ${trial.scenario} is a scenario that is carried out`).toMatch(/^(?:adoptable|rolled-back)$/);
    }
  });

  it("is of a rule that is tried for a kind of its own", () => {
    expect(rules.filter(([id]) => !kinds.some(([, trial]) => "by" in trial && trial.by === id)).map(([id]) => id)).toEqual([]);
  });
});
