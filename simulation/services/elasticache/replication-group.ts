import type { Owned } from "../../owned.ts";

export interface ReplicationGroup extends Owned {
  readonly id: string;
  readonly description: string;
  readonly engine: string;
  readonly nodeType: string;
  readonly shards: number;
  readonly replicasPerShard: number;
  readonly clusterMode: boolean;
  readonly automaticFailover: boolean;
  readonly multiAz: boolean;
  readonly transitEncryption: boolean;
  readonly atRestEncryption: boolean;
  readonly kmsKeyId: string | null;
  readonly endpoint: string;
  readonly port: number;
}
