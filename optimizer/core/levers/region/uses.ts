import { type Metric, metrics, seriesKey } from "../../metrics/catalogue.ts";
import type { SeriesKey, Statistic } from "../../model/observation.ts";
import type { ResourceKind } from "../../model/resource-ref.ts";
import type { Evidence } from "../../model/rule.ts";
import { resourceKinds, type Resource, type ResourceOf } from "../resource-kinds.ts";

/** A use is a use whenever it was: by the day a whole baseline is a few dozen points. */
export const daySeconds = 24 * 60 * 60;

/**
 * ElastiCache itself holds two to four connections to a node, to watch it, and counts them
 * (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html, CurrConnections).
 */
const ownRedisConnections = 4;

/**
 * Calls by which clients write to a table (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html, Operation).
 * PartiQL's statements may read or write.
 */
const writeOperations = [
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "BatchWriteItem",
  "TransactWriteItems",
  "ExecuteStatement",
  "BatchExecuteStatement",
  "ExecuteTransaction",
] as const;

/** One way in which clients use a thing, by figures that must stay at their limit over the whole baseline. */
export interface Use {
  /** What is counted, of what: `requests of app/web/0123`. */
  readonly name: string;
  readonly keys: readonly SeriesKey[];
  /** How the days and the series make one figure. */
  readonly by: "sum" | "maximum";
  readonly unit: Evidence["unit"];
  readonly limit: number;
  /** `zero`: AWS has no point where nothing happened. `missing`: it has one whatever happens. */
  readonly gap: "zero" | "missing";
}

type Uses<R> = (resource: R) => readonly Use[];

const usesByKind: { readonly [K in ResourceKind]: Uses<ResourceOf<K>> } = {
  "load-balancer": ({ ref, fullName }) => [
    // Requests that no target could take are counted as errors of the load balancer alone.
    use("requests", ref.id, [key(metrics.balancerRequests, ref, { LoadBalancer: fullName }), key(metrics.balancerElb5xx, ref, { LoadBalancer: fullName })]),
  ],
  // What comes to the instances comes through their load balancers: one without any is no region's that can be judged (contents.ts).
  "auto-scaling-group": () => [],
  "ecs-service": () => [],
  "dynamodb-table": tableUses,
  "aurora-cluster": ({ ref, members }) => [
    {
      ...use(
        "connections",
        ref.id,
        members.map(({ identifier }) => key(metrics.rdsConnections, ref, { DBInstanceIdentifier: identifier }, "Maximum")),
      ),
      by: "maximum",
      unit: "Connections",
      gap: "missing",
    },
  ],
  "rds-instance": ({ ref }) => [
    {
      ...use("connections", ref.id, [key(metrics.rdsConnections, ref, { DBInstanceIdentifier: ref.id }, "Maximum")]),
      by: "maximum",
      unit: "Connections",
      gap: "missing",
    },
  ],
  "redis-replication-group": ({ ref, nodeGroups }) => {
    const nodes = nodeGroups.flatMap(({ members }) => members).map((node) => ({ CacheClusterId: node }));
    const commands = nodes.flatMap((node) => [key(metrics.redisGets, ref, node), key(metrics.redisSets, ref, node)]);
    const connections = nodes.map((node) => key(metrics.redisConnections, ref, node, "Maximum"));
    return [
      { ...use("reads and writes", ref.id, commands), gap: "missing" },
      { ...use("connections to a node", ref.id, connections), by: "maximum", unit: "Connections", limit: ownRedisConnections, gap: "missing" },
    ];
  },
  "s3-bucket": ({ ref, requestMetrics }) =>
    requestMetrics.kind === "unseen" || requestMetrics.value === null
      ? []
      : [use("requests", ref.id, [key(metrics.s3Requests, ref, { BucketName: ref.id, FilterId: requestMetrics.value })])],
  "lambda-function": ({ ref }) => [use("calls", ref.id, [key(metrics.lambdaInvocations, ref, { FunctionName: ref.id })])],
  region: () => [],
};

export function usesOf(resource: Resource): readonly Use[] {
  return (usesByKind[resource.kind] as unknown as Uses<Resource>)(resource);
}

/**
 * Reads are told by what they consumed: replication reads the stream, not the table. Writes of a replica are told by the clients' calls and by
 * what went on from here to other regions, since AWS writes there itself what comes from those.
 */
function tableUses({ ref, indexes, replicaRegions }: ResourceOf<"dynamodb-table">): readonly Use[] {
  const table = { TableName: ref.id };
  const reads = [table, ...indexes.map(({ definition }) => ({ ...table, GlobalSecondaryIndexName: definition.name }))];
  const others = replicaRegions.filter((region) => region !== ref.region);
  const writes = others.length === 0 ? [key(metrics.dynamoWrites, ref, table)] : [];
  const calls = others.length === 0 ? [] : writeOperations.map((operation) => key(metrics.dynamoCalls, ref, { ...table, Operation: operation }, "SampleCount"));
  const onward = others.map((region) => key(metrics.dynamoReplication, ref, { ...table, ReceivingRegion: region }, "SampleCount"));
  return [
    use(
      "read units",
      ref.id,
      reads.map((dimensions) => key(metrics.dynamoReads, ref, dimensions)),
    ),
    ...(writes.length === 0 ? [] : [use("write units", ref.id, writes)]),
    ...(calls.length === 0 ? [] : [use("writes by clients", ref.id, calls)]),
    ...(onward.length === 0 ? [] : [use("writes that went on to other regions", ref.id, onward)]),
  ];
}

function use(what: string, of: string, keys: readonly SeriesKey[]): Use {
  return { name: `${what} of ${of}`, keys, by: "sum", unit: "Count", limit: 0, gap: "zero" };
}

function key(metric: Metric, { region }: { readonly region: string }, dimensions: Readonly<Record<string, string>>, statistic: Statistic = "Sum"): SeriesKey {
  return seriesKey(metric, region, dimensions, statistic, daySeconds);
}

/** Series that AWS has points of whatever the traffic: where they have one, CloudWatch was there to tell what else there was. */
export function signsOf(resource: Resource): readonly SeriesKey[] {
  switch (resource.kind) {
    case "load-balancer":
      return resource.targetGroups.map((group) =>
        key(metrics.balancerHealthyHosts, resource.ref, { LoadBalancer: resource.fullName, TargetGroup: group }, "Minimum"),
      );
    case "dynamodb-table":
      // Of an idle table AWS reports a zero now and then.
      return [metrics.dynamoReads, metrics.dynamoWrites].map((metric) => key(metric, resource.ref, { TableName: resource.ref.id }));
    case "aurora-cluster":
    case "rds-instance":
    case "redis-replication-group":
      return usesOf(resource).flatMap(({ keys }) => keys);
    case "auto-scaling-group":
    case "ecs-service":
    case "s3-bucket":
    case "lambda-function":
    case "region":
      return [];
  }
}

export function nameOf({ ref }: Resource): string {
  return `${resourceKinds[ref.kind].word} ${ref.id}`;
}
