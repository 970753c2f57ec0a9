import type { AutoScalingGroup as AwsGroup } from "@aws-sdk/client-auto-scaling";
import { type EC2Client, type Instance, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import type { BilledInstances } from "../../../core/levers/asg/group.ts";

/** Instances asked about in one filter: EC2 takes 200. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html */
const valuesPerFilter = 200;
/** AWS's word for what list prices are of: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html */
const linux = "Linux/UNIX";

/**
 * What AWS bills a group's instances as, which neither the group nor its template tells: an image brings its licence, and an open capacity
 * reservation takes whatever matches it.
 */
export async function billedInstances(client: EC2Client, { Instances: members = [] }: AwsGroup): Promise<BilledInstances> {
  const ids = members.flatMap(({ InstanceId, LifecycleState }) => (LifecycleState === "InService" ? (InstanceId ?? []) : []));
  const found: Instance[] = [];
  for (let first = 0; first < ids.length; first += valuesPerFilter) {
    const Filters = [{ Name: "instance-id", Values: ids.slice(first, first + valuesPerFilter) }];
    for await (const { Reservations: launches = [] } of paginateDescribeInstances({ client }, { Filters }))
      found.push(...launches.flatMap(({ Instances: instances = [] }) => instances));
  }
  const unique = (all: readonly string[]): readonly string[] => [...new Set(all)].toSorted();
  return {
    platforms: unique(found.flatMap(({ PlatformDetails: platform = linux }) => (platform === linux ? [] : [platform]))),
    capacityReservations: unique(found.flatMap(({ CapacityReservationId: id }) => id ?? [])),
  };
}
