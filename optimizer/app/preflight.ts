import { UserError } from "../../contract/user-error.ts";
import { planFaults } from "../core/execution/plan-faults.ts";
import { inventoryDifferences } from "../core/execution/inventory-differences.ts";
import type { Inventory } from "../core/levers/resource-kinds.ts";
import type { Deployments } from "../core/model/deployment.ts";
import { rules } from "../core/levers/rules.ts";
import type { Plan } from "../core/model/plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Identity, IdentityReader, InventoryReader } from "../ports/inventory.ts";
import type { Reporter } from "../ports/reporter.ts";
import { collectInventory } from "./collect-inventory.ts";
import type { PlanReview } from "./review-plan.ts";

export interface PreflightPorts {
  readonly inventory: InventoryReader;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly review: PlanReview;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Refuses a plan that is too old, that no planner wrote, or that is no longer true. */
export async function preflight(plan: Plan, ports: PreflightPorts): Promise<void> {
  const ageDays = (ports.clock.nowMs() - plan.createdAtMs) / dayMs;
  if (ageDays > plan.policy.planMaxAgeDays) {
    throw new UserError({
      code: "plan-too-old",
      message: `the plan is ${ageDays.toFixed(1)} days old, ${plan.policy.planMaxAgeDays} are allowed`,
      hint: "Make a new one with `optimizer plan`.",
    });
  }
  await refuseEdited(plan, ports.review);
  const found = await collectInventory(plan.accountId, plan.deployments, ports.inventory, ports.reporter);
  refuseUnreadable(plan, found);
  const differences = inventoryDifferences(plan.inventory, found, rules);
  if (differences.length > 0) {
    throw new UserError({
      code: "plan-outdated",
      message: `the account is not as the plan saw it:\n  ${differences.join("\n  ")}`,
      hint: "Make a new plan with `optimizer plan` and review it.",
    });
  }
}

/** First what contradicts itself in the plan, then what does not follow from what is stored with it. */
async function refuseEdited(plan: Plan, review: PlanReview): Promise<void> {
  const faults = planFaults(plan);
  if (faults.length > 0) {
    throw new UserError({
      code: "plan-inconsistent",
      message: `the plan contradicts itself:\n  ${faults.join("\n  ")}`,
      hint: "A plan is reviewed, not edited: make a new one with `optimizer plan`, and change what it does by the policy.",
    });
  }
  const unborne = await review(plan);
  if (unborne.length > 0) {
    throw new UserError({
      code: "plan-inconsistent",
      message: `the plan was edited, or made by a release whose rules decide otherwise:\n  ${unborne.join("\n  ")}`,
      hint: "A plan is reviewed, not edited: make a new one with `optimizer plan`, and change what it does by the policy.",
    });
  }
}

/** A region that could be read for the plan and cannot now is no difference of its resources. */
function refuseUnreadable(plan: Plan, found: Inventory): void {
  const failed = Object.entries(found.failedRegions).filter(([region]) => !Object.hasOwn(plan.inventory.failedRegions, region));
  if (failed.length === 0) return;
  throw new UserError({
    code: "region-unreadable",
    message: failed.map(([region, reason]) => `${region} could not be read: ${reason}`).join("\n  "),
    hint: "Nothing was changed. Check credentials, permissions and network, and start again.",
  });
}

/** The identity behind the credentials; another account than the plan's is refused. */
export async function sameAccount(plan: Plan, reader: IdentityReader): Promise<Identity> {
  const identity = await reader.whoAmI(plan.ownerRegion);
  if (identity.accountId === plan.accountId) return identity;
  throw new UserError({
    code: "other-account",
    message: `the credentials belong to account ${identity.accountId}, the plan to ${plan.accountId}`,
    hint: "Use the profile of the plan's account (--profile).",
  });
}

/** Outputs of another account or AWS partition than the credentials': nothing of them is read. */
export function refuseOtherOwner({ owner, partition, deployments }: Deployments, { accountId, arn }: Identity): void {
  if (owner !== undefined && owner.accountId !== accountId) {
    throw new UserError({
      code: "other-account",
      message: `the credentials belong to account ${accountId}, the outputs to ${owner.accountId} (${owner.place})`,
      hint: "Use the profile of the outputs' account (--profile), or pass the outputs of the account you mean. Nothing was read.",
    });
  }
  const own = arn.split(":")[1];
  if (partition !== undefined && own !== undefined && own !== partition) {
    throw new UserError({
      code: "other-partition",
      message: `the credentials belong to the AWS partition ${own}, the outputs to ${partition} (${deployments.map(({ region }) => region).join(", ")})`,
      hint: "Use credentials of that partition (--profile): none reaches two.",
    });
  }
}
