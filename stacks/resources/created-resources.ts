import type { Fleet } from "../../constructs/compute/fleet.ts";
import type { ContainerService } from "../../constructs/compute/container-service.ts";
import type { DatabaseCluster } from "../../constructs/data/database-cluster.ts";
import type { Mysql } from "../../constructs/data/mysql.ts";
import type { Redis } from "../../constructs/data/redis.ts";
import type { LoadBalancer } from "../../constructs/edge/load-balancer.ts";
import type { LogBucket } from "../../constructs/edge/log-bucket.ts";
import type { EncryptionKey } from "../../constructs/encryption/encryption-key.ts";
import type { ApplicationFunction } from "../../constructs/functions/application-function.ts";
import type { FunctionDefinition } from "../../constructs/functions/function-definition.ts";
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

/** The administrator's password of a database. */
export interface CredentialResources {
  /** As applications of this region reach it. */
  readonly readable: readonly SecretAccess[];
  /** Absent where the region has only a copy of it. */
  readonly secretArn?: string;
  /** What other regions have copies of. */
  readonly replicated?: ReplicatedSecret;
}

export interface AuroraResources extends CredentialResources {
  /** Whether its members' capacity follows their load. */
  readonly serverless: boolean;
  readonly cluster: DatabaseCluster;
  /** Present for a member of a global database. */
  readonly globalClusterId?: string;
}

export interface RedisResources {
  readonly redis: Redis;
  readonly secretArn: string;
}

export interface MysqlResources extends CredentialResources {
  readonly instance: Mysql;
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

export interface ServiceResources {
  readonly service?: ContainerService;
}

export interface FunctionResource {
  readonly definition: FunctionDefinition;
  readonly made: ApplicationFunction;
}

export interface FunctionResources {
  readonly functions: readonly FunctionResource[];
  /** Where events end that no function could handle. */
  readonly failureQueueName?: string;
}

/** All that a stack made, for its outputs and for the stacks after it. */
export interface StackResources extends EdgeResources, DataResources, FleetResources, ServiceResources, FunctionResources {
  readonly names: Names;
  readonly network: NetworkPlaces;
  readonly peeringSide?: PeeringSide;
  readonly dataKey: EncryptionKey;
}

/** What alarms and charts look at. */
export type Watched = Pick<StackResources, "loadBalancer" | "fleet" | "service" | "tables" | "aurora" | "redis" | "mysql" | "functions" | "failureQueueName">;
