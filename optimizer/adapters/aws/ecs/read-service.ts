import { DescribeServicesCommand, type ECSClient, type Service } from "@aws-sdk/client-ecs";
import type { Shortage } from "../../../core/levers/change-kinds.ts";
import { Fault } from "../../../errors.ts";
import { ResourceGone } from "../resource-gone.ts";

export interface ServicePlace {
  readonly cluster: string;
  readonly service: string;
}

/** Of an id, `<cluster>/<service>`. */
export function placeOf(id: string): ServicePlace {
  const [cluster, service] = id.split("/");
  if (cluster === undefined || service === undefined) throw new Fault(`${id} is not <cluster>/<service>`);
  return { cluster, service };
}

/**
 * What ECS said last of tasks that it could not place, unless it has started some since. It takes UpdateService all the same, and tells of capacity
 * and quotas in events alone (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html).
 */
export function shortageOf({ events = [] }: Service): Shortage | undefined {
  const told = events.find(({ message = "" }) => /unable to place a task|has started \d+ tasks/.test(message));
  const { message: words, createdAt } = told ?? {};
  if (words === undefined || createdAt === undefined || !lacking.test(words)) return undefined;
  return { words, atMs: createdAt.getTime() };
}

const lacking = /capacity is unavailable|reached the limit on the number of|RESOURCE:FARGATE/i;

/** With its tags. A service that was deleted is told as INACTIVE for a while. */
export async function readService(client: ECSClient, { cluster, service }: ServicePlace): Promise<Service> {
  const { services = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [service], include: ["TAGS"] }));
  const found = services.find(({ serviceName, status }) => serviceName === service && status !== "INACTIVE");
  if (found === undefined) throw new ResourceGone(`no service ${service} in cluster ${cluster}`);
  return found;
}
