import facts from "./capacities.json" with { type: "json" };

/** EC2 instance type: whole-instance figures. Network and EBS are baselines, not "up to" peaks. */
export interface Ec2Capacity {
  readonly vcpu: number;
  readonly memoryMib: number;
  readonly networkBaselineGbps: number;
  readonly ebsBaselineMbps: number;
  readonly ebsBaselineIops: number;
}

export interface RdsCapacity {
  readonly vcpu: number;
  readonly memoryGib: number;
  /** Share of each vCPU that a burstable class sustains; absent for the others, which sustain all of it. */
  readonly baselineShare?: number;
}

/** Baselines of a host, which it sustains: bursts above them end. */
export type RdsHost = Pick<Ec2Capacity, "networkBaselineGbps" | "ebsBaselineMbps" | "ebsBaselineIops">;

export interface RedisCapacity {
  readonly vcpu: number;
  /** Before the engine's reserve (`reserved-memory-percent`, 25 unless the parameter group says otherwise). */
  readonly maxMemoryBytes: number;
  /** Bursts above it are best effort. */
  readonly networkBaselineGbps: number;
}

/** What instance types can do; `undefined` for a type the snapshot does not know (never guessed). */
export interface Capacities {
  ec2(instanceType: string): Ec2Capacity | undefined;
  rds(instanceClass: string): RdsCapacity | undefined;
  /** What the host of an RDS class moves at its baseline: the EC2 type of its name. */
  rdsHost(instanceClass: string): RdsHost | undefined;
  /** Default `max_connections` of RDS for MySQL and MariaDB, at least. */
  rdsMysqlMaxConnections(instanceClass: string): number | undefined;
  redis(nodeType: string): RedisCapacity | undefined;
  /** Default `max_connections` of Aurora MySQL for the class. */
  auroraMysqlMaxConnections(instanceClass: string): number | undefined;
  /** The same by engine: Aurora PostgreSQL has a formula of its own. */
  auroraMaxConnections(engine: "aurora-mysql" | "aurora-postgresql", instanceClass: string): number | undefined;
  /** Default `max_connections` of an instance of the class db.serverless, by the capacity units of its cluster; undefined below 1 unit. */
  auroraServerlessMaxConnections(engine: "aurora-mysql" | "aurora-postgresql", range: { readonly minAcu: number; readonly maxAcu: number }): number | undefined;
  /** Local storage for temporary files of an Aurora instance at most; some of it is always in use. */
  auroraLocalStorageGib(engine: "aurora-mysql" | "aurora-postgresql", instanceClass: string): number | undefined;
  /** Sizes of the same family, smallest first, e.g. m5.large … m5.24xlarge. */
  ec2Family(instanceType: string): readonly string[];
  rdsFamily(instanceClass: string): readonly string[];
  redisFamily(nodeType: string): readonly string[];
}

/** AWS figures as a snapshot; sources stand in capacities.json. */
export const capacities: Capacities = {
  ec2: (instanceType) => own<Ec2Capacity>(facts.ec2, instanceType),
  rds: (instanceClass) => own<RdsCapacity>(facts.rds, instanceClass),
  rdsHost: (instanceClass) => own<Ec2Capacity>(facts.ec2, instanceClass.replace(/^db\./, "")),
  rdsMysqlMaxConnections: (instanceClass) => {
    const capacity = own<RdsCapacity>(facts.rds, instanceClass);
    return capacity && Math.floor(databaseBytes(capacity.memoryGib) / bytesPerConnection);
  },
  redis: (nodeType) => own<RedisCapacity>(facts.elasticache, nodeType),
  auroraMysqlMaxConnections: (instanceClass) => own<number>(facts.auroraMysqlMaxConnections, instanceClass),
  auroraMaxConnections: (engine, instanceClass) =>
    own<number>(engine === "aurora-mysql" ? facts.auroraMysqlMaxConnections : facts.auroraPostgresqlMaxConnections, instanceClass),
  auroraServerlessMaxConnections: (engine, range) => serverlessMaxConnections(engine, range),
  auroraLocalStorageGib: (engine, instanceClass) =>
    own<number>(engine === "aurora-mysql" ? facts.auroraMysqlLocalStorageGib : facts.auroraPostgresqlLocalStorageGib, instanceClass),
  ec2Family: (instanceType) => family(facts.ec2, instanceType),
  rdsFamily: (instanceClass) => family(facts.rds, instanceClass),
  redisFamily: (nodeType) => family(facts.elasticache, nodeType),
};

/** AWS names a few maxima; between two of them the smaller one's figure counts. */
function serverlessMaxConnections(
  engine: "aurora-mysql" | "aurora-postgresql",
  { minAcu, maxAcu }: { readonly minAcu: number; readonly maxAcu: number },
): number | undefined {
  const { byMaxAcu, postgresqlCapUpToMinAcu, postgresqlCap } = facts.auroraServerlessMaxConnections;
  const known = byMaxAcu.findLast(({ acu }) => acu <= maxAcu)?.[engine];
  const isCapped = engine === "aurora-postgresql" && minAcu <= postgresqlCapUpToMinAcu;
  return known === undefined || !isCapped ? known : Math.min(known, postgresqlCap);
}

/** `{DBInstanceClassMemory/12582880}` (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html, "Maximum number of database connections"). */
const bytesPerConnection = 12_582_880;

/**
 * `DBInstanceClassMemory` is less than the class's memory, by what AWS keeps for the operating system and its own processes, and nobody names
 * how much: measured were 0.24 GiB of 2, 0.33 of 4, 0.4 of 8 and 0.5 of 15 (https://gist.github.com/guizmaii/1cacffef793c2ba9645083c3e18b3d8c,
 * whose connections are of 9,531,392 bytes each). So more than that is left out.
 */
function databaseBytes(memoryGib: number): number {
  return (memoryGib - Math.max(0.35, 0.05 * memoryGib)) * 1024 ** 3;
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

interface Sized {
  readonly vcpu: number;
  readonly memoryMib?: number;
  readonly memoryGib?: number;
  readonly maxMemoryBytes?: number;
}

function family(types: Readonly<Record<string, Sized>>, name: string): readonly string[] {
  const prefix = name.slice(0, name.lastIndexOf(".") + 1);
  return Object.entries(types)
    .filter(([other]) => other.startsWith(prefix) && !other.endsWith("metal"))
    .sort(([, a], [, b]) => a.vcpu - b.vcpu || memory(a) - memory(b))
    .map(([other]) => other);
}

function memory({ memoryMib, memoryGib = 0, maxMemoryBytes }: Sized): number {
  return memoryMib ?? (maxMemoryBytes === undefined ? memoryGib * 1024 : maxMemoryBytes / 1024 ** 2);
}
