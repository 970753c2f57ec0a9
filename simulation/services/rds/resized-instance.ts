import { capacities } from "../../../contract/capacities.ts";
import { UserError } from "../../../contract/user-error.ts";
import type { DeploymentContext } from "../../account/service.ts";
import { Timeline } from "../../account/timeline.ts";
import { resizedBefore } from "../../scenario/resized.ts";
import type { InstanceState } from "./cluster.ts";

/** An instance's life until the start: of the class that is deployed, and of another one before where the scenario says that it was changed. */
export function lifeOf({ state, scenario }: DeploymentContext, region: string, id: string, instanceClass: string): Timeline<InstanceState> {
  const resized = resizedBefore(scenario, region, id);
  const now: InstanceState = { instanceClass, status: "available", serving: true };
  if (resized === undefined) return new Timeline(state.bornMs, now);
  const { from, atMs } = resized;
  if (capacities.rds(from) === undefined)
    throw new UserError({ code: "bad-scenario", message: `${id} cannot have been ${from}, which is no class`, hint: "name a class such as db.r6g.4xlarge" });
  const life = new Timeline<InstanceState>(state.bornMs, { ...now, instanceClass: from });
  life.set(atMs, now);
  state.calls.push({
    atMs,
    region,
    service: "rds",
    command: "ModifyDBInstance",
    input: { DBInstanceIdentifier: id, DBInstanceClass: instanceClass, ApplyImmediately: true },
    output: { DBInstance: { DBInstanceIdentifier: id, DBInstanceClass: from, PendingModifiedValues: { DBInstanceClass: instanceClass } } },
  });
  return life;
}
