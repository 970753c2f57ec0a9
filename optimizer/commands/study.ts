import type { Options } from "yargs";
import { UserError } from "../../contract/user-error.ts";
import { makePlan } from "../app/make-plan.ts";
import type { World } from "../composition/world.ts";
import { sha256Hex } from "../core/model/hash.ts";
import type { StoredPlan } from "../ports/run-store.ts";
import { type GlobalArguments, skippedPhases } from "./global-flags.ts";
import { nextCommand } from "./open-world.ts";

/** Flags of the commands that read outputs. */
export const studyOptions = {
  map: { type: "string", array: true, requiresArg: true, describe: "OUTPUT=KEY: the outputs call asg_name, aurora_cluster_id, … otherwise" },
} as const satisfies Readonly<Record<string, Options>>;

/** Outputs → plan, stored under its hash. Reaches AWS through readers alone. */
export async function study(argv: GlobalArguments & { readonly map?: readonly string[] | undefined }, world: World): Promise<StoredPlan> {
  const skipPhases = skippedPhases(argv);
  const policy = await world.readPolicy(argv.policy);
  const documents = await outputsOf(argv, world);
  const deployments = world.parseOutputs(documents, argv.region ?? [], argv.map ?? []);
  const outputsHash = sha256Hex(documents.map((document) => document.text).join("\n"));
  const readers = await world.readers();
  const { plan, baseline } = await makePlan({ deployments, outputsHash, policy, skipPhases }, { ...readers, clock: world.clock, reporter: world.reporter });
  // Identifiers as parsed, not the text as given: that may hold outputs marked sensitive.
  return world.plans.save(plan, baseline, JSON.stringify(deployments, null, 2));
}

/** In a fresh folder of a simulated account, what is missing is the deployment. */
async function outputsOf(argv: GlobalArguments, world: World): ReturnType<World["readOutputs"]> {
  try {
    return await world.readOutputs(argv["outputs-file"] ?? []);
  } catch (cause) {
    if (world.simulation === undefined || !(cause instanceof UserError) || cause.code !== "outputs-missing") throw cause;
    throw new UserError({
      code: "not-deployed",
      message: `nothing is deployed to the simulated account of ${world.stateFolder} yet`,
      hint: `deploy the stacks first: ${nextCommand(argv, "simulate", "deploy")}`,
      cause,
    });
  }
}
