import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group/index.js";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group/index.js";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group/index.js";
import { Construct } from "constructs";
import { encryptedLogGroup } from "../encryption/encrypted-log-group.ts";
import { isRecoverable, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import type { Firewall } from "../network/firewall.ts";

/** What blueprint and sizing say of the cache. */
export interface RedisSettings {
  readonly engineVersion: string;
  readonly nodeType: string;
  readonly shards: number;
  readonly replicasPerShard: number;
  readonly snapshotRetentionDays: number;
  readonly logRetentionDays: number;
}

export interface RedisProps {
  readonly names: Names;
  readonly settings: RedisSettings;
  readonly subnetIds: readonly string[];
  readonly firewall: Firewall;
  readonly keyArn: string;
  readonly logKeyArn: string;
  readonly authToken: string;
  readonly lifetime: Lifetime;
}

export const redisPort = 6379;

/** A Redis replication group in cluster mode, encrypted on disk and on the wire. */
export class Redis extends Construct {
  readonly replicationGroupId: string;
  readonly replicationGroupArn: string;
  readonly configurationEndpoint: string;
  private readonly props: RedisProps;

  constructor(scope: Construct, id: string, props: RedisProps) {
    super(scope, id);
    this.props = props;
    const group = this.createGroup();
    this.replicationGroupId = group.replicationGroupId;
    this.replicationGroupArn = group.arn;
    this.configurationEndpoint = group.configurationEndpointAddress;
  }

  private createGroup(): ElasticacheReplicationGroup {
    const { names, settings, firewall, keyArn, authToken, lifetime } = this.props;
    const name = names.resource("redis", "replication-group");
    return new ElasticacheReplicationGroup(this, "group", {
      replicationGroupId: name,
      description: `TAP ${names.suffix}: Redis`,
      engine: "redis",
      engineVersion: settings.engineVersion,
      nodeType: settings.nodeType,
      port: redisPort,
      numNodeGroups: settings.shards,
      replicasPerNodeGroup: settings.replicasPerShard,
      // Cluster mode insists on failover; several zones need a replica to fail over to.
      automaticFailoverEnabled: true,
      multiAzEnabled: settings.replicasPerShard > 0,
      parameterGroupName: this.parameterGroup(name).name,
      subnetGroupName: this.subnetGroup(name).name,
      securityGroupIds: [firewall.securityGroupId],
      atRestEncryptionEnabled: "true",
      kmsKeyId: keyArn,
      transitEncryptionEnabled: true,
      authToken,
      authTokenUpdateStrategy: "ROTATE",
      autoMinorVersionUpgrade: "true",
      snapshotRetentionLimit: settings.snapshotRetentionDays,
      snapshotWindow: "02:00-03:00",
      maintenanceWindow: "sun:05:30-sun:06:30",
      logDeliveryConfiguration: [this.logDelivery(name, "slow-log"), this.logDelivery(name, "engine-log")],
      ...(isRecoverable(lifetime) ? { finalSnapshotIdentifier: names.resource("redis-final", "replication-group") } : {}),
    });
  }

  private parameterGroup(name: string): ElasticacheParameterGroup {
    return new ElasticacheParameterGroup(this, "parameters", {
      name,
      family: "redis7",
      description: `TAP ${this.props.names.suffix}: Redis in cluster mode`,
      parameter: [{ name: "cluster-enabled", value: "yes" }],
    });
  }

  private subnetGroup(name: string): ElasticacheSubnetGroup {
    return new ElasticacheSubnetGroup(this, "subnets", { name, description: `TAP ${this.props.names.suffix}: Redis`, subnetIds: [...this.props.subnetIds] });
  }

  private logDelivery(name: string, logType: "slow-log" | "engine-log") {
    const { logKeyArn, settings } = this.props;
    const logGroup = encryptedLogGroup(this, logType, `/aws/elasticache/${name}/${logType}`, { keyArn: logKeyArn, retentionDays: settings.logRetentionDays });
    return { destination: logGroup.name, destinationType: "cloudwatch-logs", logFormat: "json", logType };
  }
}
