import type { DeploymentContext, Service } from "../account/service.ts";
import type { AccountState } from "../account/state.ts";
import { callsBefore } from "../scenario/called.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { evaluateStacks } from "../terraform/evaluate.ts";
import { followsPolicies } from "../shared/scaling.ts";
import { readStackDocument, type Block, type StackDocuments } from "../terraform/stack-document.ts";
import { configuredTags, foreignTags } from "../terraform/tags.ts";
import { attributesOf, liveAttribute } from "./live-arguments.ts";

/** Fills an empty account with what the stacks describe, service by service and type by type. All of it is there from the account's first moment. */
export function deployStacks(services: readonly Service[], state: AccountState, scenario: Scenario, documents: StackDocuments): void {
  const read = Object.entries(documents).map(([name, json]) => readStackDocument(name, json));
  const evaluated = evaluateStacks(read, { accountId: state.accountId, attributes: attributesOf(services) });
  const context: DeploymentContext = {
    state,
    scenario,
    resources: (type) => evaluated.resources.filter((resource) => resource.block.type === type),
    owned: (resource, name) => {
      const arn = String(resource.attribute("arn"));
      return {
        address: resource.address,
        region: resource.region,
        arn,
        tags: { ...configuredTags(resource), ...foreignTags(scenario, resource.region, [name, arn]) },
      };
    },
  };
  for (const [type, { deploy }] of services.flatMap(({ resources = {} }) => Object.entries(resources))) {
    if (deploy !== undefined) for (const resource of context.resources(type)) deploy(resource, context);
  }
  state.calls.push(...callsBefore(scenario));
  state.deployed = { documents, evaluated };
}

/** Takes over stacks that change no resource of a deployed account: their outputs, and what Terraform would compare with from now on. */
export function redeployStacks(services: readonly Service[], state: AccountState, documents: StackDocuments): void {
  const read = Object.entries(documents).map(([name, json]) => readStackDocument(name, json));
  const live = (address: string, attribute: string): unknown => liveAttribute(services, state, address, attribute);
  state.deployed = { documents, evaluated: evaluateStacks(read, { accountId: state.accountId, attributes: attributesOf(services), live }) };
}

/**
 * What the stacks ask for that this account keeps but does not act on, in words: services' scaling, and that of groups in regions where the
 * scenario does not say that it is followed. Whoever reads a figure of a simulated run must know it; docs/simulation.md says what follows from each.
 */
export function notFollowed(services: readonly Service[], stacks: StackDocuments, scenario: Scenario): readonly string[] {
  const read = Object.entries(stacks).map(([name, json]) => readStackDocument(name, json));
  return services
    .flatMap(({ resources = {} }) => Object.entries(resources))
    .flatMap(([type, { notFollowed: words }]) => {
      const isFollowed = (region: string): boolean => words?.elseFollowed === true && followsPolicies(scenario, region);
      const isAsking = (block: Block): boolean => block.type === type && !isFollowed(block.provider.region);
      const asking = read.filter(({ blocks }) => blocks.some(isAsking)).map(({ name }) => name);
      return words === undefined || asking.length === 0 ? [] : `${words.what} (${asking.join(", ")}): ${words.so} (docs/simulation.md)`;
    });
}
