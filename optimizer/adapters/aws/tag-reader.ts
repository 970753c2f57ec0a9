import type { AutoScalingGroup as AwsGroup } from "@aws-sdk/client-auto-scaling";
import { paginateDescribeTags, type EC2Client, type TagDescription } from "@aws-sdk/client-ec2";
import { DescribeReplicationGroupsCommand } from "@aws-sdk/client-elasticache";
import type { ResourceRef, Tags } from "../../core/model/resource-ref.ts";
import type { TagReader } from "../../ports/inventory.ts";
import { readErrorOf, readFailureOf } from "./aws-errors.ts";
import type { RegionClients } from "./client-factory.ts";
import { readCluster, readMembers } from "./aurora/cluster.ts";
import { readGroup } from "./asg/group.ts";
import { readTable, readTableTags } from "./dynamodb/table.ts";
import { balancerArn, readBalancerTags } from "./load-balancer/load-balancer.ts";
import { readReplicationGroupTags } from "./redis/replication-group.ts";
import { ResourceGone } from "./resource-gone.ts";
import { readTags, tagsOf } from "./tag-records.ts";
import { told } from "./told.ts";

/** Instances asked about in one filter; a bound of ours, kept small against EC2's own. */
const valuesPerFilter = 100;

/** Tags of a resource and its members, each by its own service's API, as they are now. What cannot be read is unreadable. */
export function createTagReader(clients: (region: string) => RegionClients): TagReader {
  return {
    async tagsOf(ref) {
      try {
        return await readTagsOf(clients, ref);
      } catch (error) {
        const failure = error instanceof ResourceGone ? "missing" : readFailureOf(error);
        if (failure !== "missing" && failure !== "denied" && failure !== "refused") throw readErrorOf(error, `reading tags of ${ref.kind} ${ref.id}`);
        return [{ kind: "unreadable", reason: error instanceof Error ? error.message : String(error) }];
      }
    },
  };
}

async function readTagsOf(clientsOf: (region: string) => RegionClients, ref: ResourceRef): Promise<readonly Tags[]> {
  const clients = clientsOf(ref.region);
  switch (ref.kind) {
    case "load-balancer":
      return [await readBalancerTags(clients.elbv2, await balancerArn(clients.elbv2, ref.id))];
    case "auto-scaling-group": {
      const group = await readGroup(clients.autoScaling, ref.id);
      return [tagsOf(group.Tags), ...(await templateAndInstanceTags(clients.ec2, group))];
    }
    case "dynamodb-table":
      return tableTags(clientsOf, ref);
    case "aurora-cluster": {
      const [cluster, members] = await Promise.all([readCluster(clients.rds, ref.id), readMembers(clients.rds, ref.id)]);
      return [tagsOf(cluster.TagList), ...members.map(({ TagList }) => tagsOf(TagList))];
    }
    case "redis-replication-group": {
      const { ReplicationGroups: groups = [] } = await clients.elastiCache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: ref.id }));
      return [await readReplicationGroupTags(clients.elastiCache, told(groups[0]?.ARN, "ARN"))];
    }
    default:
      return ref.kind satisfies never;
  }
}

/** Tags of a table and its replicas in other regions: a replica keeps tags of its own, and what is changed here changes there. */
async function tableTags(clientsOf: (region: string) => RegionClients, { region, id }: ResourceRef): Promise<readonly Tags[]> {
  const { dynamoDb } = clientsOf(region);
  const table = await readTable(dynamoDb, id);
  const others = [...new Set((table.Replicas ?? []).flatMap(({ RegionName }) => RegionName ?? []))].filter((other) => other !== region);
  const elsewhere = others.map(async (other) => {
    const client = clientsOf(other).dynamoDb;
    return readTableTags(client, told((await readTable(client, id)).TableArn, "TableArn"));
  });
  return Promise.all([readTableTags(dynamoDb, told(table.TableArn, "TableArn")), ...elsewhere]);
}

/**
 * Tags of a group's launch template, which gets a new version, and of its instances, which need not be the group's. All in one: any
 * tenant's makes the group a tenant's.
 */
async function templateAndInstanceTags(client: EC2Client, group: AwsGroup): Promise<readonly Tags[]> {
  const ids = [group.LaunchTemplate?.LaunchTemplateId ?? [], (group.Instances ?? []).map(({ InstanceId }) => InstanceId ?? [])].flat(2);
  const chunks = Array.from({ length: Math.ceil(ids.length / valuesPerFilter) }, (_, index) =>
    ids.slice(index * valuesPerFilter, (index + 1) * valuesPerFilter),
  );
  return Promise.all(
    chunks.map((chunk) =>
      readTags(async () => {
        const tags: TagDescription[] = [];
        for await (const page of paginateDescribeTags({ client }, { Filters: [{ Name: "resource-id", Values: chunk }] })) tags.push(...(page.Tags ?? []));
        return tags;
      }),
    ),
  );
}
