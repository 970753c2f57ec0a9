import type { AccountState } from "../account-state.ts";
import type { Owned } from "../owned.ts";
import type { Scenario } from "../scenario.ts";
import type { EvaluatedResource } from "../terraform/evaluate.ts";

/** What the builders of each service's resources need. */
export interface DeploymentContext {
  readonly state: AccountState;
  readonly scenario: Scenario;
  resources(type: string): readonly EvaluatedResource[];
  /** Address, region, ARN and tags of a resource; `name` is what the scenario's tags may call it. */
  owned(resource: EvaluatedResource, name: string): Owned;
}
