import { makePlan } from "../app/make-plan.ts";
import type { World } from "../composition/world.ts";
import { sha256Hex } from "../core/model/hash.ts";
import { Interrupted } from "../errors.ts";
import type { StoredPlan } from "../ports/run-store.ts";
import { type GlobalArguments, skippedPhases } from "./global-flags.ts";

/** Outputs → plan, stored under its hash. Reaches AWS through readers alone. */
export async function study(argv: GlobalArguments, world: World, signal: AbortSignal): Promise<StoredPlan> {
  try {
    return await plan(argv, world, signal);
  } catch (error) {
    // Whatever broke off because of it.
    if (signal.aborted) throw new Interrupted("interrupted; nothing was changed and no plan was made", { cause: error });
    throw error;
  }
}

async function plan(argv: GlobalArguments, world: World, signal: AbortSignal): Promise<StoredPlan> {
  const skipPhases = skippedPhases(argv);
  const policy = await world.readPolicy(argv.policy);
  const documents = await world.readOutputs(argv["outputs-file"] ?? []);
  const deployments = world.parseOutputs(documents, argv.region ?? []);
  const outputsHash = sha256Hex(documents.map((document) => document.text).join("\n"));
  const readers = await world.readers(signal);
  const made = await makePlan({ deployments, outputsHash, policy, skipPhases }, { ...readers, clock: world.clock, reporter: world.reporter, signal });
  signal.throwIfAborted();
  // Identifiers as parsed, not the text as given: that may hold outputs marked sensitive.
  return world.plans.save(made.plan, made.baseline, JSON.stringify(deployments, null, 2));
}
