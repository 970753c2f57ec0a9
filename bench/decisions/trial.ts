import { AccountState } from "../../simulation/account/state.ts";
import { deployStacks } from "../../simulation/deployment/deploy.ts";
import { createLoadModel, type LoadModel } from "../../simulation/load/load-model.ts";
import { ticksPerHour } from "../../simulation/load/tick.ts";
import type { Scenario } from "../../simulation/scenario/scenario.ts";
import { services } from "../../simulation/services.ts";
import { balancerField, balancerLoad } from "../../simulation/services/elb/load.ts";
import { loadBalancers } from "../../simulation/shared/load-balancer.ts";
import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";
import { region } from "./region.ts";

/** An account that can be tried at any size: deployed once, since resolving stacks costs more than their load. */
export interface Trial {
  readonly scenario: Scenario;
  /** What levers set their sizes in, from the account's birth on. */
  readonly state: AccountState;
  /** The load as it met what was deployed: to be asked only while that is in place. */
  readonly asDeployed: LoadModel;
  /** The load as it meets what the state holds now. What is tried next makes it stale. */
  model(): LoadModel;
  /**
   * The same where one service alone was changed. What the others add to a request is remembered as it was deployed, for the given hours; it
   * costs most of the time.
   */
  modelOf(service: string, hours: readonly number[]): LoadModel;
}

const dayMs = 86_400_000;

export function trialOf(scenario: Scenario, stacks: StackDocuments): Trial {
  const startMs = Date.parse(scenario.start);
  const state = new AccountState(scenario.accountId, startMs - scenario.historyDays * dayMs, startMs);
  deployStacks(services, state, scenario, stacks);
  const model = (): LoadModel => createLoadModel(scenario, state, services);
  const asDeployed = model();
  const known = new Set<number>();
  return {
    scenario,
    state,
    asDeployed,
    model,
    modelOf(service, hours) {
      for (const hour of hours) {
        if (known.has(hour)) continue;
        known.add(hour);
        answered(asDeployed, hour);
      }
      return createLoadModel(
        scenario,
        state,
        services.map((each) => {
          const { stage } = each;
          return each.name === service || stage === undefined ? each : { ...each, stage: (_, ...asked) => stage(asDeployed, ...asked) };
        }),
      );
    },
  };
}

/** Asks for an hour of the region's requests, so that every stage of them has been computed. */
function answered(model: LoadModel, hour: number): void {
  for (const { fullName } of model.state.of(loadBalancers).in(region)) {
    const rows = balancerLoad(model, region, fullName);
    for (let tick = hour * ticksPerHour; tick < (hour + 1) * ticksPerHour; tick++) rows?.at(tick, balancerField.requests);
  }
}
