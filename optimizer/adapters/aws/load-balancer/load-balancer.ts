import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  paginateDescribeTargetGroups,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LoadBalancer, TargetGroupRouting } from "../../../core/levers/load-balancer/load-balancer.ts";
import type { Tags } from "../../../core/model/resource-ref.ts";
import { seen } from "../seen.ts";
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
  const groupArns: string[] = [];
  for await (const page of paginateDescribeTargetGroups({ client }, { LoadBalancerArn: arn })) {
    for (const { TargetGroupArn: groupArn } of page.TargetGroups ?? []) if (groupArn !== undefined) groupArns.push(groupArn);
  }
  groupArns.sort((a, b) => (afterLastColon(a) < afterLastColon(b) ? -1 : 1));
  return {
    kind: "load-balancer",
    ref: { kind: "load-balancer", region, id: fullName },
    arn,
    tags: await readBalancerTags(client, arn),
    fullName,
    targetGroups: groupArns.map(afterLastColon),
    ...zones,
    routing: await seen("DescribeTargetGroupAttributes", () => readRoutings(client, groupArns)),
  };
}

/** One after the other: a load balancer may have a hundred, which AWS would throttle at once. */
async function readRoutings(client: ElasticLoadBalancingV2Client, groupArns: readonly string[]): Promise<readonly TargetGroupRouting[]> {
  const routings: TargetGroupRouting[] = [];
  for (const groupArn of groupArns) routings.push(await readRouting(client, groupArn));
  return routings;
}

/**
 * An application load balancer's own cross-zone load balancing is always on, so that `use_load_balancer_configuration` is on. A target group of a
 * function has neither attribute. A least number of healthy targets may be `off` for one of the two actions it stands for.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
 */
async function readRouting(client: ElasticLoadBalancingV2Client, groupArn: string): Promise<TargetGroupRouting> {
  const { Attributes: attributes = [] } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: groupArn }));
  const valueOf = (key: string): string | undefined => attributes.find(({ Key }) => Key === key)?.Value;
  const leasts = ["dns_failover", "unhealthy_state_routing"].map((action) => Number(valueOf(`target_group_health.${action}.minimum_healthy_targets.count`)));
  return {
    targetGroup: afterLastColon(groupArn),
    keepsToZone: valueOf("load_balancing.cross_zone.enabled") === "false",
    leastHealthy: Math.max(1, ...leasts.filter((count) => Number.isInteger(count))),
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
