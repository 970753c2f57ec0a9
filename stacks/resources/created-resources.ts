import type { Fleet } from "../../constructs/compute/fleet.ts";
import type { AuroraCluster } from "../../constructs/data/aurora-cluster.ts";
import type { Mysql } from "../../constructs/data/mysql.ts";
import type { Redis } from "../../constructs/data/redis.ts";
import type { LoadBalancer } from "../../constructs/edge/load-balancer.ts";
import type { LogBucket } from "../../constructs/edge/log-bucket.ts";
import type { EncryptionKey } from "../../constructs/encryption/encryption-key.ts";
import type { Names } from "../../constructs/names.ts";
import type { NetworkPlaces, PeeringSide } from "../../constructs/network/network-places.ts";
import type { DataBucket } from "../../constructs/storage/data-bucket.ts";
import type { ReplicatedSecret, SecretAccess } from "./stack-context.ts";

/** A table of this region. `owned`: its indexes, stream and billing are this stack's; else it is a copy. */
export interface TableResource {
  readonly key: string;
  readonly owned: boolean;
  readonly name: string;
  readonly arn: string;
  readonly streamArn?: string;
}

/** A password of the primary's, which other regions have copies of. */
export interface OwnedCredentials {
  readonly secretArn: string;
  readonly replicated: ReplicatedSecret;
}

export interface AuroraResources {
  readonly cluster: AuroraCluster;
  readonly globalClusterId: string;
  /** The administrator's password, as applications of this region reach it. */
  readonly readable: readonly SecretAccess[];
  /** The primary's only: a secondary has a copy. */
  readonly owned?: OwnedCredentials;
}

export interface RedisResources {
  readonly redis: Redis;
  readonly secretArn: string;
}

export interface MysqlResources {
  readonly instance: Mysql;
  readonly readable: readonly SecretAccess[];
  /** The source's only: a replica has none. */
  readonly owned?: OwnedCredentials;
}

/** The stores of a stack. What it has not is absent. */
export interface DataResources {
  readonly tables: readonly TableResource[];
  readonly aurora?: AuroraResources;
  readonly redis?: RedisResources;
  readonly mysql?: MysqlResources;
}

export interface EdgeResources {
  readonly logBucket: LogBucket;
  readonly dataBucket?: DataBucket;
  readonly loadBalancer: LoadBalancer;
}

export interface FleetResources {
  readonly fleet?: Fleet;
}

/** All that a stack made, for its outputs and for the stacks after it. */
export interface StackResources extends EdgeResources, DataResources, FleetResources {
  readonly names: Names;
  readonly network: NetworkPlaces;
  readonly peeringSide?: PeeringSide;
  readonly dataKey: EncryptionKey;
}

/** What alarms and charts look at. */
export type Watched = Pick<StackResources, "loadBalancer" | "fleet" | "tables" | "aurora" | "redis" | "mysql">;
