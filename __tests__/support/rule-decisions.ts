import type { Decision, Proposal, Rule, Skip } from "../../optimizer/core/model/rule.ts";
import type { World } from "./world.ts";

/** What a rule says of a world; the first decision as proposal or skip fails the test when it is the other. */
export function decisionsOf(rule: Rule) {
  const decisions = (world: World): readonly Decision[] => rule.decide(world.facts(rule));
  return {
    decisions,
    proposal(world: World): Proposal {
      const [decision] = decisions(world);
      if (decision?.kind !== "proposal") throw new Error(decision === undefined ? "no decision" : `${decision.code}: ${decision.detail}`);
      return decision;
    },
    skipped(world: World): Skip {
      const [decision] = decisions(world);
      if (decision?.kind !== "skip") throw new Error("expected a skip");
      return decision;
    },
  };
}
