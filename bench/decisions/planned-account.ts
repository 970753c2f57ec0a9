import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { capacities } from "../../contract/capacities.ts";
import { startRun } from "../../optimizer/app/drive-run.ts";
import { makePlan } from "../../optimizer/app/make-plan.ts";
import { runPorts } from "../../optimizer/commands/drive.ts";
import { createWorld } from "../../optimizer/composition.ts";
import { type KeptAction, keptActions } from "../../optimizer/core/adoption/kept-changes.ts";
import type { Inventory } from "../../optimizer/core/levers/resource-kinds.ts";
import { rules } from "../../optimizer/core/levers/rules.ts";
import { defaultPolicy, type Policy, policySchema } from "../../optimizer/core/model/policy.ts";
import type { Decision } from "../../optimizer/core/model/rule.ts";
import { decideAll } from "../../optimizer/core/planning/decide-all.ts";
import { database } from "../../simulation/services/rds/demand.ts";
import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";
import { wholePlan } from "../../__tests__/support/frozen.ts";
import { prices } from "./prices.ts";
import type { RandomAccount } from "./random-account.ts";
import { region } from "./region.ts";

const silent = { show: () => undefined, print: () => undefined, clear: () => undefined };
const display = { width: 100, colour: false, unicode: true };

/** An account that was planned as the command plans it, with files, locks and SDK clients. */
export interface PlannedAccount {
  /** What each decider makes of the one baseline. */
  readonly decisions: Readonly<Record<"guarded" | "sharesSaid" | "literal", readonly Decision[]>>;
  /** Carries the guarded plan out, and tells what it left in place. */
  run(): Promise<readonly KeptAction[]>;
}

/** Hands a planned account to `look`; its files are gone afterwards. */
export async function withPlan<Found>(
  { scenario, index }: RandomAccount,
  stacks: StackDocuments,
  look: (planned: PlannedAccount) => Promise<Found>,
): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), `decisions-${index}-`));
  try {
    return await look(await planned(scenario, stacks, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function planned(scenario: RandomAccount["scenario"], stacks: StackDocuments, folder: string): Promise<PlannedAccount> {
  const [file, cdktfOut] = [join(folder, "scenario.json"), join(folder, "cdktf.out")];
  writeFileSync(file, JSON.stringify(scenario));
  for (const [name, document] of Object.entries(stacks)) {
    mkdirSync(join(cdktfOut, "stacks", name), { recursive: true });
    writeFileSync(join(cdktfOut, "stacks", name, "cdk.tf.json"), JSON.stringify(document));
  }
  const world = await createWorld({ state: join(folder, "state"), aws: "simulated", scenario: file, clock: "virtual" }, { lines: silent, display });
  const documents = Object.entries((await world.simulation?.deploy(cdktfOut)) ?? {}).map(([source, text]) => ({ source, text }));
  const readers = await world.readers();
  const made = await makePlan(
    {
      deployments: world.parseOutputs(documents, []),
      outputsHash: "bench",
      policy: defaultPolicy,
      skipPhases: [],
      approvals: [],
      maxCostUsd: Number.POSITIVE_INFINITY,
    },
    { ...readers, clock: world.clock, reporter: world.reporter },
  );
  const { plan, baseline } = wholePlan(made);
  const { inventory, ownerRegion } = plan;
  const askingShares = sharesSaid(scenario, inventory);
  const decided = (of: z.input<typeof policySchema>) =>
    decideAll(rules, { inventory, baseline, policy: policySchema.parse(of), capacities, prices, ownerRegion });
  return {
    decisions: { guarded: plan.decisions, sharesSaid: decided({ rules: { askingShares } }), literal: decided({ rules: { decision: "literal" } }) },
    async run() {
      if (plan.phases.every(({ stages }) => stages.length === 0)) return [];
      const stored = await world.plans.save(made, "{}");
      const { state } = await startRun(stored, { who: "bench", toolVersion: "bench", mode: "foreground" }, await runPorts(world, stored));
      return keptActions(plan, state);
    },
  };
}

/** What an engineer of the account may know from traces: which requests ask its clusters. */
function sharesSaid(scenario: RandomAccount["scenario"], { resources }: Inventory): Policy["rules"]["askingShares"] {
  const asked = database.of(scenario, region);
  if (asked === undefined) return {};
  const said = { writer: asked.writesPerRequest, readers: asked.readsPerRequest };
  return Object.fromEntries(resources.flatMap(({ kind, ref }) => (kind === "aurora-cluster" ? [[ref.id, said]] : [])));
}
