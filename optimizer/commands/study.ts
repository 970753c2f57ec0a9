import { makePlan } from "../app/make-plan.ts";
import type { World } from "../composition/world.ts";
import { sha256Hex } from "../core/model/hash.ts";
import type { StoredPlan } from "../ports/run-store.ts";
import { approvalsGiven, type GlobalArguments, skippedPhases } from "./global-flags.ts";

/** Outputs → plan, stored under its hash. Reaches AWS through readers alone. */
export async function study(argv: GlobalArguments, world: World, operator: string): Promise<StoredPlan> {
  const skipPhases = skippedPhases(argv);
  const policy = await world.readPolicy(argv.policy);
  const documents = await world.readOutputs(argv["outputs-file"] ?? []);
  const deployments = world.parseOutputs(documents, argv.region ?? []);
  const outputsHash = sha256Hex(documents.map((document) => document.text).join("\n"));
  const readers = await world.readers();
  const { plan, baseline } = await makePlan(
    { deployments, outputsHash, policy, skipPhases, approvals: approvalsGiven(argv, operator) },
    { ...readers, clock: world.clock, reporter: world.reporter },
  );
  // Identifiers as parsed, not the text as given: that may hold outputs marked sensitive.
  return world.plans.save(plan, baseline, JSON.stringify(deployments, null, 2));
}
