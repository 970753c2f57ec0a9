import type { AutoScalingGroup as AwsGroup } from "@aws-sdk/client-auto-scaling";
import { paginateDescribeTags, type EC2Client } from "@aws-sdk/client-ec2";
import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";

/** Instances asked about in one filter; a bound of ours, kept small against EC2's own. */
const valuesPerFilter = 100;

/** Auto Scaling tags each instance that it launches with its group. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html */
const groupTag = "aws:autoscaling:groupName";

/**
 * Targets that no Auto Scaling group has put behind the target groups, sorted: instances that somebody registered by hand, addresses of whatever
 * else. Those that are being taken out do not count.
 */
export async function strangersBehind(
  { elbv2, ec2 }: { readonly elbv2: ElasticLoadBalancingV2Client; readonly ec2: EC2Client },
  targetGroupArns: readonly string[],
  { Instances: own = [] }: AwsGroup,
): Promise<readonly string[]> {
  const registered = new Set<string>();
  for (const TargetGroupArn of targetGroupArns) {
    const { TargetHealthDescriptions: targets = [] } = await elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    for (const { Target, TargetHealth } of targets) if (Target?.Id !== undefined && TargetHealth?.State !== "draining") registered.add(Target.Id);
  }
  for (const { InstanceId } of own) registered.delete(InstanceId ?? "");
  const candidates = [...registered].toSorted();
  const launched = await launchedByGroups(
    ec2,
    candidates.filter((id) => id.startsWith("i-")),
  );
  return candidates.filter((id) => !launched.has(id));
}

/** A group grows and shrinks meanwhile: what it has launched is told by the instance itself. */
async function launchedByGroups(client: EC2Client, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let first = 0; first < ids.length; first += valuesPerFilter) {
    const Filters = [
      { Name: "resource-id", Values: ids.slice(first, first + valuesPerFilter) },
      { Name: "key", Values: [groupTag] },
    ];
    for await (const { Tags: tags = [] } of paginateDescribeTags({ client }, { Filters })) for (const { ResourceId } of tags) found.add(ResourceId ?? "");
  }
  return found;
}
