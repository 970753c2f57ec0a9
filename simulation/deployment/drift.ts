import type { AccountState } from "../account-state.ts";
import { evaluateStacks, type EvaluatedResource } from "../terraform/evaluate.ts";
import { readStackDocument, type StackDocuments } from "../terraform/stack-document.ts";
import { differences, type Difference } from "./differences.ts";
import { liveArguments, liveAttribute } from "./live-arguments.ts";

/** What `terraform plan` would say of the stacks now. Addresses are `<stack>/<type>.<name>`. */
export interface DriftPlan {
  readonly add: readonly string[];
  readonly change: readonly { readonly address: string; readonly differences: readonly Difference[] }[];
  readonly destroy: readonly string[];
}

export function isEmptyPlan(plan: DriftPlan): boolean {
  return plan.add.length + plan.change.length + plan.destroy.length === 0;
}

/** Compares what the stacks say with what is live: every resource, those the account only keeps inert as well. */
export function planDrift(state: AccountState, documents: StackDocuments): DriftPlan {
  const read = Object.entries(documents).map(([name, json]) => readStackDocument(name, json));
  const deployed = new Map((state.deployed?.evaluated.resources ?? []).map((resource) => [resource.address, resource]));
  const evaluate = (renewed: ReadonlySet<string>): readonly EvaluatedResource[] =>
    evaluateStacks(read, {
      accountId: state.accountId,
      live: (address, attribute) => {
        const live = liveAttribute(state, address, attribute);
        // Applying a changed template makes a version: whatever follows the latest one changes with it.
        return attribute === "latest_version" && renewed.has(address) && typeof live === "number" ? live + 1 : live;
      },
    }).resources;
  const templates = evaluate(new Set()).filter((resource) => resource.block.type === "aws_launch_template");
  const renewed = templates.filter((template) => changesOf(template, deployed, state).length > 0);
  const wanted = evaluate(new Set(renewed.map((template) => template.address)));
  const addresses = new Set(wanted.map((resource) => resource.address));
  return {
    add: wanted.filter((resource) => !deployed.has(resource.address)).map((resource) => resource.address),
    change: wanted
      .map((resource) => ({ address: resource.address, differences: changesOf(resource, deployed, state) }))
      .filter((change) => change.differences.length > 0),
    destroy: [...deployed.keys()].filter((address) => !addresses.has(address)),
  };
}

function changesOf(wanted: EvaluatedResource, deployed: ReadonlyMap<string, EvaluatedResource>, state: AccountState): readonly Difference[] {
  const before = deployed.get(wanted.address);
  if (before === undefined) return [];
  const found = differences(liveArguments(before, wanted.block.provider, state), wanted.arguments);
  return found.filter((difference) => !wanted.block.ignoreChanges.some((ignored) => ignored === "all" || isWithin(difference.path, ignored)));
}

function isWithin(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}
