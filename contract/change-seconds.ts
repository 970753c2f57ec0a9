/**
 * How long AWS takes for a change, in seconds. One figure each, from which a plan tells how long its way back takes, and by which the
 * simulated account lets a change take its time. Orders of magnitude, of what such changes usually take, except where a source stands:
 * AWS promises no times.
 */
export const changeSeconds = {
  /** A Linux instance, until it is in service behind a load balancer. */
  instanceLaunch: 120,
  /** Deregistration delay of a target group by default (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html). */
  instanceDrain: 300,
  /** A small change of a table: its stream, a cap, suspended scaling. */
  tableUpdate: 30,
  contributorInsights: 60,
  /** "Several minutes" (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/switching.capacitymode.html). */
  billingSwitch: 300,
  /** What an index takes to be set up, before and after its items are written. */
  indexSetUp: 900,
  redisReplicasAdded: 720,
  redisReplicasRemoved: 240,
  redisNodeType: 1800,
  /** A resharding, without the keys that move. */
  redisResharding: 600,
  redisGibMoved: 60,
  /** Start of a task on Fargate: its image, a network interface, two health checks. */
  taskLaunch: 120,
  /** Deregistration delay of a target group as the stacks set it. */
  taskDrain: 60,
  /** Update of a function outside of a VPC. */
  functionUpdate: 10,
  /** "A few minutes" until it is in effect everywhere (https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-set-lifecycle-configuration-intro.html). */
  lifecycle: 300,
  /** "Typically within 30 seconds" (Aurora user guide, "Fault tolerance for an Aurora DB cluster"). */
  auroraFailover: 30,
  /** Prepared, away, settled: a class change of an Aurora instance. */
  auroraClass: { untilOutage: 120, outage: 300, settling: 60 },
  /** A reader needs no copy of the data, so that its start is most of it. */
  auroraReaderCreation: 480,
  /**
   * Prepared, away, settled: a class change of an RDS instance in Multi-AZ. The standby is replaced, then it takes over, "typically 60–120
   * seconds" (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html), then the old one is replaced.
   */
  rdsMultiAzClass: { untilOutage: 420, outage: 90, settling: 690 },
  /** The same without a standby: the instance is away while it moves to another host. */
  rdsSingleAzClass: { untilOutage: 180, outage: 360, settling: 60 },
  /** Applied "asynchronously", "as soon as possible". */
  backupRetention: 60,
  /** Change of a serverless cluster's range: the instances move into it without a restart. */
  serverlessCapacity: 60,
} as const;

/** What a new on-demand table or index serves at once (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html). */
export const usualWarmUnits = { read: 12_000, write: 4_000 } as const;

interface IndexContents {
  readonly items: number;
  readonly bytes: number;
  /** A second, that the index can take. */
  readonly writeUnits: number;
}

/**
 * An index is filled by writing its items: at least one write unit for an item, one for a kilobyte. AWS's own formula for the write units
 * of a wanted time (https://repost.aws/knowledge-center/create-gsi-dynamodb) the other way round:
 * seconds = items × max(KB an item, 1) ÷ write units. What the application writes meanwhile takes its share, and makes it longer.
 */
export function indexCreationSeconds({ items, bytes, writeUnits }: IndexContents): number {
  return changeSeconds.indexSetUp + Math.max(items, bytes / 1024) / writeUnits;
}

/** Slots move evenly, so that of all keys the share of the shards that come or go is moved. */
export function reshardingSeconds({ dataGib, from, to }: { readonly dataGib: number; readonly from: number; readonly to: number }): number {
  return changeSeconds.redisResharding + ((dataGib * Math.abs(to - from)) / Math.max(to, from)) * changeSeconds.redisGibMoved;
}
