import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import type { Projection } from "../../model/rule.ts";
import { limitsOf } from "../../sizing/choose-size.ts";
import { worstHour } from "../../sizing/worst-hour.ts";
import type { ContainerService, DeploymentPercents } from "./container-service.ts";
import type { ServiceStudy } from "./study.ts";
import { taskText } from "./task-size.ts";

/** What AWS takes for a service that says nothing: all tasks stay, and as many come besides. */
const usualPercents: DeploymentPercents = { minimumHealthy: 100, maximum: 200 };

/**
 * Tasks of so many that a deployment may leave in service, rounded up, and that it may have at most, rounded down.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
function boundsOf({ deploymentPercents: { minimumHealthy, maximum } = usualPercents }: ContainerService, tasks: number) {
  return { least: Math.ceil((tasks * minimumHealthy) / 100), most: Math.floor((tasks * maximum) / 100) };
}

/** Why its tasks cannot be replaced by smaller ones, whatever their load; their number can be changed without a deployment. */
export function deploymentStuck(service: ContainerService, tasks: number): string | undefined {
  const { minimumHealthy, maximum } = service.deploymentPercents ?? usualPercents;
  const { least, most } = boundsOf(service, tasks);
  const percents = `minimumHealthyPercent ${minimumHealthy} and maximumPercent ${maximum} of ${tasks}`;
  if (least < 1) return `a deployment may stop all of its tasks before others serve (${percents}): let it keep some, e.g. 100 %`;
  if (least >= tasks && most <= tasks) return `a deployment may neither stop a task nor start one more (${percents}): let it start some, e.g. 200 %`;
  return undefined;
}

/** What the tasks that a deployment leaves have to carry in the worst hour, all of them of the new size already, where they are fewer than will be. */
export function whileDeployed(
  { facts, service, demandOn }: ServiceStudy,
  tasksNow: number,
  to: { readonly tasks: number; readonly size: TaskSize },
): readonly Projection[] {
  const { size: now } = service.task;
  const { least } = boundsOf(service, tasksNow);
  if ((now.cpu === to.size.cpu && now.memoryMib === to.size.memoryMib) || least >= to.tasks) return [];
  const note = `while a deployment leaves ${least} of ${tasksNow} tasks`;
  return demandOn(least).hourly.flatMap((each) => worstHour({ ...each, note }, taskText(now), taskText(to.size), limitsOf(facts.policy)));
}
