import type { Fleet } from "../constructs/compute/fleet.ts";
import type { LoadBalancer } from "../constructs/edge/load-balancer.ts";
import type { LogBucket } from "../constructs/edge/log-bucket.ts";
import type { EncryptionKey } from "../constructs/encryption/encryption-key.ts";
import type { Names } from "../constructs/names.ts";
import type { Network } from "../constructs/network/network.ts";
import type { AuroraResources, RedisResources, TableResource } from "./data-resources.ts";

/** All that a stack made, for its outputs and for the stacks after it. */
export interface StackResources {
  readonly names: Names;
  readonly network: Network;
  readonly logBucket: LogBucket;
  readonly loadBalancer: LoadBalancer;
  readonly fleet: Fleet;
  readonly dataKey: EncryptionKey;
  readonly tables: readonly TableResource[];
  readonly aurora?: AuroraResources;
  readonly redis?: RedisResources;
}
