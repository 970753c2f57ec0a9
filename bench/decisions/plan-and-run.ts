import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRun } from "../../optimizer/app/drive-run.ts";
import { makePlan } from "../../optimizer/app/make-plan.ts";
import { runPorts } from "../../optimizer/commands/drive.ts";
import { createWorld } from "../../optimizer/composition.ts";
import { keptActions } from "../../optimizer/core/adoption/kept-changes.ts";
import { type Policy, policySchema } from "../../optimizer/core/model/policy.ts";
import { actionsOf, type Decision, type Proposal } from "../../optimizer/core/model/rule.ts";
import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";
import type { RandomAccount } from "./random-account.ts";

const silent = { show: () => undefined, print: () => undefined, clear: () => undefined };
const display = { width: 100, colour: false, unicode: true };

export interface Outcome {
  readonly decisions: readonly Decision[];
  /** Ids of the actions that the run kept; absent when it was not run. */
  readonly kept?: ReadonlySet<string>;
}

/** Plans the account as the command does, with files, locks and SDK clients, and carries the plan out when asked to. */
export async function planAndRun(
  { scenario, index }: RandomAccount,
  stacks: StackDocuments,
  decision: Policy["rules"]["decision"],
  isRun: boolean,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), `decisions-${index}-`));
  try {
    const [file, cdktfOut] = [join(folder, "scenario.json"), join(folder, "cdktf.out")];
    writeFileSync(file, JSON.stringify(scenario));
    for (const [name, document] of Object.entries(stacks)) {
      mkdirSync(join(cdktfOut, "stacks", name), { recursive: true });
      writeFileSync(join(cdktfOut, "stacks", name, "cdk.tf.json"), JSON.stringify(document));
    }
    const world = await createWorld({ state: join(folder, "state"), aws: "simulated", scenario: file, clock: "virtual" }, { lines: silent, display });
    const documents = Object.entries((await world.simulation?.deploy(cdktfOut)) ?? {}).map(([source, text]) => ({ source, text }));
    const policy = policySchema.parse({ rules: { decision } });
    const readers = await world.readers();
    const deployments = world.parseOutputs(documents, []);
    const { plan, baseline } = await makePlan(
      { deployments, outputsHash: "bench", policy, skipPhases: [], approvals: [], maxCostUsd: Number.POSITIVE_INFINITY },
      { ...readers, clock: world.clock, reporter: world.reporter },
    );
    if (!isRun || plan.phases.every(({ stages }) => stages.length === 0)) return { decisions: plan.decisions };
    const stored = await world.plans.save(plan, baseline, "{}");
    const { state } = await startRun(stored, { who: "bench", toolVersion: "bench", mode: "foreground" }, await runPorts(world, policy));
    return { decisions: plan.decisions, kept: new Set(keptActions(plan, state).map(({ action }) => action.id)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a proposal would leave deployed. */
export function sizesAfter(proposal: Proposal): { readonly instanceType?: string; readonly instanceClasses?: Readonly<Record<string, string>> } {
  const changes = actionsOf(proposal).flatMap(({ writeBack }) => writeBack);
  const named = (wanted: string) =>
    changes.flatMap(({ id, property, value }) => (property === wanted && typeof value === "string" ? [[id, value] as const] : []));
  const classes = named("instanceClass");
  const [[, instanceType] = []] = named("instanceType");
  return { ...(instanceType === undefined ? {} : { instanceType }), ...(classes.length === 0 ? {} : { instanceClasses: Object.fromEntries(classes) }) };
}
