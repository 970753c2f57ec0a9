import type { AccountState } from "../account-state.ts";
import type { Scenario } from "../scenario.ts";
import type { DeploymentContext } from "./deployment-context.ts";
import { addDbClusters } from "../services/rds/deploy-clusters.ts";
import { addGroups } from "../services/auto-scaling/deploy-groups.ts";
import { addTables } from "../services/dynamodb/deploy-tables.ts";
import { addLaunchTemplates } from "../services/ec2/deploy-launch-templates.ts";
import { addBalancers } from "../services/elb/deploy-balancers.ts";
import { addReplicationGroups } from "../services/elasticache/deploy-replication-groups.ts";
import { liveAttribute } from "./live-arguments.ts";
import { evaluateStacks } from "../terraform/evaluate.ts";
import { readStackDocument, type StackDocuments } from "../terraform/stack-document.ts";
import { configuredTags, foreignTags } from "../terraform/tags.ts";

/** Fills an empty account with what the stacks describe, as of its birth. */
export function deployStacks(state: AccountState, scenario: Scenario, documents: StackDocuments): void {
  const read = Object.entries(documents).map(([name, json]) => readStackDocument(name, json));
  const evaluated = evaluateStacks(read, { accountId: state.accountId });
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
  addBalancers(context);
  addLaunchTemplates(context);
  addGroups(context);
  addTables(context);
  addDbClusters(context);
  addReplicationGroups(context);
  state.deployed = { documents, evaluated };
}

/** Takes over stacks that change no resource of a deployed account: their outputs, and what Terraform would compare with from now on. */
export function redeployStacks(state: AccountState, documents: StackDocuments): void {
  const read = Object.entries(documents).map(([name, json]) => readStackDocument(name, json));
  const evaluated = evaluateStacks(read, { accountId: state.accountId, live: (address, attribute) => liveAttribute(state, address, attribute) });
  state.deployed = { documents, evaluated };
}
