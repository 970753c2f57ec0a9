import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  paginateDescribeTargetGroups,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LoadBalancer } from "../../../core/levers/load-balancer/load-balancer.ts";
import type { Tags } from "../../../core/model/resource-ref.ts";
import { readTags } from "../tag-records.ts";
import { ResourceGone } from "../resource-gone.ts";
import type { ResourceAdapter } from "../service-adapters.ts";

export const loadBalancerAdapter: ResourceAdapter<LoadBalancer> = {
  idsOf: ({ loadBalancers }) => loadBalancers,
  describe: ({ elbv2 }, region, fullName) => describeLoadBalancer(elbv2, region, fullName),
  tagsOf: async (clientsOf, { region, id }) => {
    const { elbv2 } = clientsOf(region);
    return [await readBalancerTags(elbv2, (await readBalancer(elbv2, id)).arn)];
  },
  bornOf: { notTold: "it is named by what AWS gave it, app/<name>/<id>" },
};

/** Describes a load balancer by its full name, `app/<name>/<id>`: a namesake made later has another id, and is not it. */
async function describeLoadBalancer(client: ElasticLoadBalancingV2Client, region: string, fullName: string): Promise<LoadBalancer> {
  const { arn, ...zones } = await readBalancer(client, fullName);
  const targetGroups: string[] = [];
  for await (const page of paginateDescribeTargetGroups({ client }, { LoadBalancerArn: arn })) {
    for (const { TargetGroupArn: groupArn } of page.TargetGroups ?? []) if (groupArn !== undefined) targetGroups.push(afterLastColon(groupArn));
  }
  return {
    kind: "load-balancer",
    ref: { kind: "load-balancer", region, id: fullName },
    arn,
    tags: await readBalancerTags(client, arn),
    fullName,
    targetGroups: targetGroups.toSorted(),
    ...zones,
  };
}

interface Found {
  readonly arn: string;
  /** Absent where AWS does not tell all of them. */
  readonly zones?: readonly string[];
}

async function readBalancer(client: ElasticLoadBalancingV2Client, fullName: string): Promise<Found> {
  const name = fullName.split("/")[1] ?? fullName;
  const { LoadBalancers: found = [] } = await client.send(new DescribeLoadBalancersCommand({ Names: [name] }));
  const balancer = found.find(({ LoadBalancerArn }) => LoadBalancerArn?.endsWith(`:loadbalancer/${fullName}`) === true);
  if (balancer?.LoadBalancerArn === undefined) throw new ResourceGone(`no load balancer ${fullName}`);
  const zones = (balancer.AvailabilityZones ?? []).map(({ ZoneName }) => ZoneName);
  const named = zones.filter((zone) => zone !== undefined);
  // One zone that is not told may be any.
  return { arn: balancer.LoadBalancerArn, ...(named.length < zones.length || named.length === 0 ? {} : { zones: [...new Set(named)].toSorted() }) };
}

function readBalancerTags(client: ElasticLoadBalancingV2Client, arn: string): Promise<Tags> {
  return readTags(async () => {
    const { TagDescriptions: descriptions = [] } = await client.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
    return descriptions.find(({ ResourceArn }) => ResourceArn === arn)?.Tags;
  });
}

function afterLastColon(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
