import { capacities } from "../../../contract/capacities.ts";
import { type Change, changeFacts } from "../levers/change-kinds.ts";
import type { Inventory } from "../levers/resource-kinds.ts";

/** More sizes than these are no help to whoever has to decide. */
const mostSizes = 3;

/**
 * What a person may do where AWS has no capacity for `change.after`, in words: sizes of the same family that are at least as large, which keep
 * the architecture and carry the load, and other zones. A size chosen so is somebody else's change, which the rollback leaves alone.
 */
export function alternativesTo(change: Change, inventory: Inventory): readonly string[] {
  return [...otherSizes(sizesFor(change)), otherZones(change, inventory)];
}

function otherSizes(sizes: Sizes | undefined): readonly string[] {
  if (sizes === undefined) return [];
  const { family, size, to } = sizes;
  const larger = family.includes(size) ? family.slice(family.indexOf(size) + 1, family.indexOf(size) + 1 + mostSizes) : [];
  if (larger.length === 0) return [`no larger size of the family of ${size} is known`];
  return [
    `of the same family, and larger: ${larger.join(", ")}`,
    ...larger.slice(0, 1).map((other) => `with ${other}: ${changeFacts(to(other)).command(to(other))}`),
  ];
}

/** Capacity is a zone's: what AWS lacks in one it may have in another. */
function otherZones(change: Change, { resources }: Inventory): string {
  const { kind, region, id } = changeFacts(change).resourceOf(change);
  switch (kind) {
    case "auto-scaling-group": {
      const group = resources.find((resource) => resource.kind === kind && resource.ref.region === region && resource.ref.id === id);
      const zones = group?.kind === "auto-scaling-group" ? group.availabilityZones : [];
      return `AWS tries each zone of the group (${zones.join(", ")}); further zones of ${region} come with subnets in them`;
    }
    case "aurora-cluster":
      return `another zone: create an instance there and make it the writer; the zones are those of the cluster's subnet group`;
    case "redis-replication-group":
      return `another zone: add a replica there; the zones are those of the group's subnet group`;
    case "dynamodb-table":
    case "load-balancer":
    case "s3-bucket":
      return "AWS places it in zones itself";
    default:
      return kind satisfies never;
  }
}

interface Sizes {
  readonly size: string;
  readonly family: readonly string[];
  readonly to: (size: string) => Change;
}

/** The size that a change goes to; undefined for one that asks for no capacity of a size. */
function sizesFor(change: Change): Sizes | undefined {
  if (change.kind === "ec2.launch-template-version" || change.kind === "asg.launch-template" || change.kind === "asg.instance-refresh") {
    const { instanceType } = change.after;
    return { size: instanceType, family: capacities.ec2Family(instanceType), to: (size) => ({ ...change, after: { ...change.after, instanceType: size } }) };
  }
  if (change.kind === "rds.instance-class") {
    const { instanceClass } = change.after;
    return { size: instanceClass, family: capacities.rdsFamily(instanceClass), to: (size) => ({ ...change, after: { instanceClass: size } }) };
  }
  if (change.kind === "redis.node-type") {
    const { nodeType } = change.after;
    return { size: nodeType, family: capacities.redisFamily(nodeType), to: (size) => ({ ...change, after: { nodeType: size } }) };
  }
  return undefined;
}
