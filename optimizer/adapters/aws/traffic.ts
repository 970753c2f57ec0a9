import { DescribeTagsCommand, DescribeTargetGroupsCommand, type ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Tags } from "../../core/model/resource-ref.ts";
import { allInOrder } from "../../core/model/all-in-order.ts";
import { awsNameOf, readFailureOf } from "./aws-errors.ts";
import { readTags, unreadableTags } from "./tag-records.ts";

/** Where the requests of whatever stands behind some target groups come from. */
export interface Traffic {
  /** Full names, `app/<name>/<id>`. */
  readonly loadBalancers: readonly string[];
  /** Tags of the target groups and of those load balancers: a tenant's may stand on either alone. */
  readonly tags: readonly Tags[];
}

export const noTraffic: Traffic = { loadBalancers: [], tags: [] };

/** DescribeTags takes so many ARNs a call. */
const arnsPerCall = 20;

export async function readTraffic(client: ElasticLoadBalancingV2Client, targetGroupArns: readonly string[]): Promise<Traffic> {
  if (targetGroupArns.length === 0) return noTraffic;
  const { TargetGroups: found = [] } = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [...targetGroupArns] }));
  const balancers = [...new Set(found.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns))];
  return {
    loadBalancers: balancers.map((arn) => arn.slice(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length)).toSorted(),
    tags: await readTrafficTags(client, [...targetGroupArns, ...balancers]),
  };
}

/**
 * The tags alone, right before a write. A target group may have been deleted while whatever stands behind it still names it, and AWS describes
 * none of a list with one that is gone: then each is asked for by itself, so that it hides no tag of the others.
 */
export async function tagsOfTraffic(client: ElasticLoadBalancingV2Client, targetGroupArns: readonly string[]): Promise<readonly Tags[]> {
  try {
    return (await readTraffic(client, targetGroupArns)).tags;
  } catch (error) {
    if (readFailureOf(error) !== "missing") throw error;
    const [only, ...others] = targetGroupArns;
    if (only === undefined || others.length > 0) return (await allInOrder(targetGroupArns.map((arn) => tagsOfTraffic(client, [arn])))).flat();
    return [{ ...unreadableTags(`${awsNameOf(error)}: target group ${only}`, true), isBeside: true }];
  }
}

async function readTrafficTags(client: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<readonly Tags[]> {
  const chunks = Array.from({ length: Math.ceil(arns.length / arnsPerCall) }, (_, at) => arns.slice(at * arnsPerCall, (at + 1) * arnsPerCall));
  return Promise.all(
    chunks.map((ResourceArns) =>
      readTags(async () => {
        const { TagDescriptions: descriptions = [] } = await client.send(new DescribeTagsCommand({ ResourceArns }));
        return descriptions.flatMap(({ Tags: tags = [] }) => tags);
      }),
    ),
  );
}
