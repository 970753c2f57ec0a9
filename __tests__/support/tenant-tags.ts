import type { ResourceKind } from "../../optimizer/core/model/resource-ref.ts";
import type { ActionName, Answer } from "./simulated-run.ts";
import { names } from "./terraform-fixture.ts";

/** Where somebody puts a tenant's tag, as AWS tells of it from then on. */
interface TagPlace {
  readonly on: string;
  readonly by: readonly ActionName[];
  readonly answer: Answer;
}

const tag = { Key: "customer-tenant", Value: "t-42" };

/** The named list in the answer of a command, with the tag added to each of its entries that is meant. */
function tagged(command: string, list: string, tags: string, isMeant: (entry: string) => boolean = () => true, added: object = tag): Answer {
  return (name, output) => {
    const entries: unknown = Object.entries(output).find(([key]) => key === list)?.[1];
    if (name !== command || !Array.isArray(entries)) return output;
    return {
      ...output,
      [list]: entries.map((entry: object) => (isMeant(JSON.stringify(entry)) ? { ...entry, [tags]: [...(Reflect.get(entry, tags) ?? []), added] } : entry)),
    };
  };
}

/** The tag in a list that a call for one resource answers. */
function asked(command: string, list: string, isMeant: (input: string) => boolean = () => true, added: object = tag): Answer {
  return (name, output, input) =>
    name === command && isMeant(JSON.stringify(input))
      ? { ...output, [list]: [...((Reflect.get(output, list) as object[] | undefined) ?? []), added] }
      : output;
}

/** EC2's tags of instances and launch templates come in one list. */
const ofEc2 =
  (id: RegExp): Answer =>
  (command, output, input) => {
    const found = id.exec(JSON.stringify(input))?.[0];
    return command === "DescribeTags" && "Tags" in output && found !== undefined
      ? { ...output, Tags: [...(output.Tags as object[]), { ResourceId: found, ...tag }] }
      : output;
  };
const small = { key: tag.Key, value: tag.Value };
const behindBalancers = (kind: string): Answer => tagged("DescribeTags", "TagDescriptions", "Tags", (entry) => entry.includes(`:${kind}/`));

/** A new kind of resource says here where its tags may come to stand, or why nobody's do. */
export const tagPlaces: { readonly [K in ResourceKind]: readonly TagPlace[] | { readonly nothing: string } } = {
  "load-balancer": { nothing: "no change is made to one" },
  region: { nothing: "no change is made to one" },
  "auto-scaling-group": [
    { on: "the group", by: ["smaller instances", "fewer instances"], answer: tagged("DescribeAutoScalingGroups", "AutoScalingGroups", "Tags") },
    { on: "an instance of it", by: ["smaller instances", "fewer instances"], answer: ofEc2(/i-[0-9a-f]+/) },
    { on: "its launch template", by: ["smaller instances", "fewer instances"], answer: ofEc2(/lt-[0-9a-f]+/) },
    { on: "its target group", by: ["smaller instances", "fewer instances"], answer: behindBalancers("targetgroup") },
    { on: "its load balancer", by: ["smaller instances", "fewer instances"], answer: behindBalancers("loadbalancer") },
  ],
  "dynamodb-table": [
    { on: "the table", by: ["no index", "no stream", "pay by request"], answer: asked("ListTagsOfResource", "Tags", (input) => input.includes("us-east-1")) },
    { on: "its replica in another region", by: ["no index"], answer: asked("ListTagsOfResource", "Tags", (input) => !input.includes("us-east-1")) },
  ],
  "aurora-cluster": [
    { on: "the cluster", by: ["smaller writer", "one reader fewer", "fewer backups"], answer: tagged("DescribeDBClusters", "DBClusters", "TagList") },
    {
      on: "a member of it that is not changed",
      by: ["smaller writer", "one reader fewer", "fewer backups"],
      answer: tagged("DescribeDBInstances", "DBInstances", "TagList", (entry) => entry.includes(names.instance(1))),
    },
  ],
  "rds-instance": [
    {
      on: "the instance",
      by: ["smaller MySQL", "fewer backups of MySQL"],
      answer: tagged("DescribeDBInstances", "DBInstances", "TagList", (entry) => entry.includes(names.mysql)),
    },
  ],
  "redis-replication-group": [
    { on: "the group", by: ["another Redis"], answer: asked("ListTagsForResource", "TagList", (input) => input.includes(":replicationgroup:")) },
    { on: "a node of it", by: ["another Redis"], answer: asked("ListTagsForResource", "TagList", (input) => input.includes(":cluster:")) },
  ],
  "s3-bucket": [{ on: "the bucket", by: ["Standard-IA"], answer: asked("GetBucketTagging", "TagSet") }],
  "lambda-function": [
    {
      on: "the function",
      by: ["smaller function"],
      answer: (command, output) => (command === "ListTags" ? { ...output, Tags: { [tag.Key]: tag.Value } } : output),
    },
  ],
  "ecs-service": [
    { on: "the service", by: ["smaller service"], answer: tagged("DescribeServices", "services", "tags", undefined, small) },
    { on: "its cluster", by: ["smaller service"], answer: tagged("DescribeClusters", "clusters", "tags", undefined, small) },
    { on: "its task definition", by: ["smaller service"], answer: asked("DescribeTaskDefinition", "tags", undefined, small) },
  ],
};
