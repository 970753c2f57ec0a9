import type { Service } from "../account/service.ts";
import type { AccountState } from "../account/state.ts";
import { evaluateStacks, type EvaluatedResource } from "../terraform/evaluate.ts";
import { readStackDocument, type StackDocuments } from "../terraform/stack-document.ts";
import { differences, type Difference } from "./differences.ts";
import { attributesOf, isGone, liveArguments, liveAttribute, resourceType, typeOf } from "./live-arguments.ts";

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
export function planDrift(services: readonly Service[], state: AccountState, documents: StackDocuments): DriftPlan {
  const read = Object.entries(documents).map(([name, json]) => readStackDocument(name, json));
  const standing = (state.deployed?.evaluated.resources ?? []).filter((resource) => !isGone(services, resource, state));
  const deployed = new Map(standing.map((resource) => [resource.address, resource]));
  const evaluate = (renewed: ReadonlySet<string>): readonly EvaluatedResource[] =>
    evaluateStacks(read, {
      accountId: state.accountId,
      attributes: attributesOf(services),
      live: (address, attribute) => {
        const live = liveAttribute(services, state, address, attribute);
        const renew = renewed.has(address) ? renewalsOf(typeOf(address))[attribute] : undefined;
        return renew === undefined ? live : renew(live);
      },
    }).resources;
  const changesOf = (resource: EvaluatedResource) => changes(services, resource, deployed, state);
  const renewalsOf = (type: string) => resourceType(services, type)?.live?.renewed ?? {};
  // Applying a changed launch template makes a version, for example: whatever follows the latest one changes with it.
  const renewable = evaluate(new Set()).filter(({ block }) => Object.keys(renewalsOf(block.type)).length > 0);
  const wanted = evaluate(new Set(renewable.filter((resource) => changesOf(resource).length > 0).map(({ address }) => address)));
  const addresses = new Set(wanted.map((resource) => resource.address));
  return {
    add: wanted.filter((resource) => !deployed.has(resource.address)).map((resource) => resource.address),
    change: wanted.map((resource) => ({ address: resource.address, differences: changesOf(resource) })).filter((change) => change.differences.length > 0),
    destroy: [...deployed.keys()].filter((address) => !addresses.has(address)),
  };
}

function changes(
  services: readonly Service[],
  wanted: EvaluatedResource,
  deployed: ReadonlyMap<string, EvaluatedResource>,
  state: AccountState,
): readonly Difference[] {
  const before = deployed.get(wanted.address);
  if (before === undefined) return [];
  const found = differences(liveArguments(services, before, wanted.block.provider, state), wanted.arguments, resourceType(services, wanted.block.type)?.sets);
  return found.filter((difference) => !wanted.block.ignoreChanges.some((ignored) => ignored === "all" || isWithin(difference.path, ignored)));
}

function isWithin(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}
