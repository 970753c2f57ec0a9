import type { Advice, Decision, Proposal, Rule, Skip } from "../../optimizer/core/model/rule.ts";
import type { World } from "./world.ts";

function saidOf(decision: Decision | undefined): string {
  if (decision === undefined) return "no decision";
  switch (decision.kind) {
    case "proposal":
      return `→ ${decision.to}`;
    case "advice":
      return decision.summary;
    case "skip":
      return `${decision.code}: ${decision.detail}`;
    default:
      return decision satisfies never;
  }
}

/**
 * What a rule says of a world; the first decision as proposal or skip fails the test when it is the other. What a rule leaves alone by a threshold it
 * shows the figure of, whichever the rule.
 */
export function decisionsOf(rule: Rule) {
  const decisions = (world: World): readonly Decision[] => rule.decide(world.facts(rule));
  return {
    decisions,
    proposal(world: World): Proposal {
      const [decision] = decisions(world);
      if (decision?.kind !== "proposal") throw new Error(saidOf(decision));
      return decision;
    },
    advised(world: World): Advice {
      const advice = decisions(world).find((decision) => decision.kind === "advice");
      if (advice === undefined) throw new Error(decisions(world).map(saidOf).join("\n"));
      return advice;
    },
    skipped(world: World): Skip {
      const [decision] = decisions(world);
      if (decision?.kind !== "skip") throw new Error("expected a skip");
      if (decision.code === "threshold-not-met" && decision.evidence.length === 0) throw new Error(`shows no figure: ${saidOf(decision)}`);
      return decision;
    },
  };
}
