import { parseOutputs } from "../../optimizer/adapters/terraform-outputs/parse-outputs.ts";
import type { ChangeKind } from "../../optimizer/core/levers/change-kinds.ts";
import { policySchema } from "../../optimizer/core/model/policy.ts";
import everyKind from "../../simulation/scenarios/every-kind.json" with { type: "json" };
import type { Scenario } from "../../simulation/scenario/scenario.ts";
import { parseScenario } from "../../simulation/scenario/schema.ts";
import { everyKindPolicy, everyKindStacks } from "../support/every-kind-account.ts";
import type { CrashPlay } from "./crash-everywhere.ts";
import { deployedWorld, type SmallWorld, type Troubles } from "./small-account.ts";
import type { World } from "./world.ts";

function scenario(troubles: Troubles): Scenario {
  return parseScenario({ ...everyKind, ...troubles }, "every-kind.json");
}

/** The account in which each kind of change has something to change, and the plan that holds them all. */
export function everyKindWorld(): Promise<SmallWorld> {
  const stacks = Object.fromEntries(Object.entries(everyKindStacks()).map(([name, text]) => [name, JSON.parse(text) as unknown]));
  return deployedWorld({
    scenario,
    stacks,
    policy: policySchema.parse(everyKindPolicy),
    deployments: (account) => parseOutputs([{ source: "the account's outputs", text: JSON.stringify(account.outputs()) }]).deployments,
  });
}

/** Runs that together go each kind of change there and back. Hours are those of the undisturbed run. */
export const everyKindRuns = {
  "all of it is kept": [],
  "all of it is asked back as the last change settles": [{ kind: "asked-back", atHour: 15.37 }],
  "asked back while instances are replaced": [{ kind: "asked-back", atHour: 4 }],
} as const satisfies CrashPlay["runs"];

/** Kinds of the changes that the account took, on the way there or on the way back. */
export function kindsGone({ mutations, records }: World, way: "there" | "back"): ReadonlySet<ChangeKind> {
  const steps = new Set(mutations.map(({ step }) => step));
  const type = way === "there" ? "INTENT" : "RB_INTENT";
  return new Set(
    records.flatMap((record) =>
      (record.type === "INTENT" || record.type === "RB_INTENT") && record.type === type && steps.has(record.op ?? "") ? [record.body.change.kind] : [],
    ),
  );
}
