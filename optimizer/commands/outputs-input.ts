import type { Options } from "yargs";
import { UserError } from "../../contract/user-error.ts";
import type { World } from "../composition/world.ts";
import type { GlobalArguments } from "./global-flags.ts";
import { nextCommand } from "./open-world.ts";

/** Flag of the commands that read outputs. */
export const mapOption = {
  map: { type: "string", array: true, requiresArg: true, describe: "OUTPUT=KEY: the outputs call asg_name, aurora_cluster_id, … otherwise" },
} as const satisfies Readonly<Record<string, Options>>;

/** In a fresh folder of a simulated account, what is missing is the deployment. */
export async function outputsOf(argv: GlobalArguments, world: World): ReturnType<World["readOutputs"]> {
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
