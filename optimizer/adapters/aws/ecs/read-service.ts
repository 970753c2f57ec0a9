import { DescribeServicesCommand, type ECSClient, type Service } from "@aws-sdk/client-ecs";
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

/** With its tags. A service that was deleted is told as INACTIVE for a while. */
export async function readService(client: ECSClient, { cluster, service }: ServicePlace): Promise<Service> {
  const { services = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [service], include: ["TAGS"] }));
  const found = services.find(({ serviceName, status }) => serviceName === service && status !== "INACTIVE");
  if (found === undefined) throw new ResourceGone(`no service ${service} in cluster ${cluster}`);
  return found;
}
