import { DescribeTasksCommand, paginateListTasks, type ECSClient } from "@aws-sdk/client-ecs";
import { answered } from "../answered.ts";
import type { ServicePlace } from "./read-service.ts";

/** DescribeTasks takes up to a hundred a call. */
const tasksPerCall = 100;

/**
 * Which zone has more of a service's tasks than an equal part of them, rounded up, in words; null where none has. Fargate spreads tasks as well as it
 * can, and where nobody asked for rebalancing they stay where a lost zone, or one without capacity, left them.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
 */
export async function unevenZonesOf(client: ECSClient, { cluster, service }: ServicePlace, zones: number): Promise<string | null> {
  const arns: string[] = [];
  for await (const page of paginateListTasks({ client }, { cluster, serviceName: service, desiredStatus: "RUNNING" })) arns.push(...(page.taskArns ?? []));
  const inZone = new Map<string, number>();
  let running = 0;
  for (let first = 0; first < arns.length; first += tasksPerCall) {
    const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: arns.slice(first, first + tasksPerCall) }));
    for (const { availabilityZone, lastStatus } of tasks) {
      if (lastStatus !== "RUNNING") continue;
      const zone = answered(availabilityZone, "availabilityZone");
      inZone.set(zone, (inZone.get(zone) ?? 0) + 1);
      running += 1;
    }
  }
  const [most] = [...inZone].toSorted(([, one], [, other]) => other - one);
  if (most === undefined || most[1] <= Math.ceil(running / Math.max(1, zones))) return null;
  return `${most[1]} of its ${running} tasks are in ${most[0]}`;
}
