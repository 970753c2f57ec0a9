import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group/index.js";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group/index.js";
import { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance/index.js";
import { RdsClusterParameterGroup } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group/index.js";
import { RdsCluster, type RdsClusterConfig } from "@cdktf/provider-aws/lib/rds-cluster/index.js";
import { Construct } from "constructs";
import { encryptedLogGroup } from "../encryption/encrypted-log-group.ts";
import { isProtected, isRecoverable, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import type { Firewall } from "../network/firewall.ts";
import { auroraEngine, auroraFamily, type AuroraSettings } from "./aurora-settings.ts";
import { createMembers } from "./cluster-members.ts";
import { clusterInsights, performanceInsightsDays } from "./database-insights.ts";
import { finalSnapshot } from "./final-snapshot.ts";
import { monitoringRole } from "./monitoring-role.ts";

/** The primary holds the credentials; a secondary takes them, and the data, from the primary's region. */
export type AuroraRole = { readonly kind: "primary"; readonly password: string } | { readonly kind: "secondary"; readonly sourceRegion: string };

export interface AuroraClusterProps {
  readonly names: Names;
  readonly settings: AuroraSettings;
  readonly role: AuroraRole;
  readonly globalClusterId: string;
  readonly subnetIds: readonly string[];
  readonly firewall: Firewall;
  /** Keys of this region: a cluster's encryption key cannot cross regions. */
  readonly keyArn: string;
  readonly logKeyArn: string;
  readonly lifetime: Lifetime;
}

const loggedStreams = ["error", "general", "slowquery"];

/** A member cluster of an Aurora MySQL global database, with each instance a resource of its own so that each can have its own class. */
export class AuroraCluster extends Construct {
  readonly clusterId: string;
  readonly endpoint: string;
  readonly readerEndpoint: string;
  private readonly props: AuroraClusterProps;

  constructor(scope: Construct, id: string, props: AuroraClusterProps) {
    super(scope, id);
    this.props = props;
    const subnetGroup = new DbSubnetGroup(this, "subnets", {
      name: this.name,
      description: `TAP ${props.names.suffix}: Aurora`,
      subnetIds: [...props.subnetIds],
    });
    const cluster = this.createCluster(subnetGroup);
    this.clusterId = cluster.clusterIdentifier;
    this.endpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.createInstances(cluster, subnetGroup);
  }

  private get name(): string {
    return this.props.names.resource("aurora", "database");
  }

  private createCluster(subnetGroup: DbSubnetGroup): RdsCluster {
    const { names, settings, globalClusterId, firewall, keyArn, lifetime } = this.props;
    const logGroups = loggedStreams.map((stream) =>
      encryptedLogGroup(this, `log-${stream}`, `/aws/rds/cluster/${this.name}/${stream}`, {
        keyArn: this.props.logKeyArn,
        retentionDays: settings.logRetentionDays,
      }),
    );
    return new RdsCluster(this, "cluster", {
      clusterIdentifier: this.name,
      globalClusterIdentifier: globalClusterId,
      engine: auroraEngine,
      engineVersion: settings.engineVersion,
      ...this.roleArguments(),
      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [firewall.securityGroupId],
      dbClusterParameterGroupName: this.clusterParameters().name,
      storageEncrypted: true,
      kmsKeyId: keyArn,
      backupRetentionPeriod: settings.backupRetentionDays,
      preferredBackupWindow: "03:00-04:00",
      preferredMaintenanceWindow: "sun:04:30-sun:05:30",
      enabledCloudwatchLogsExports: loggedStreams,
      // Said in either case, so that long retention stays Performance Insights' own unless "advanced" was asked for.
      ...clusterInsights(settings.databaseInsights, keyArn),
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !isRecoverable(lifetime),
      deletionProtection: isProtected(lifetime),
      ...finalSnapshot(lifetime, names.resource("aurora-final", "database")),
      dependsOn: logGroups,
      // The global cluster carries the version to its members; a failover between regions swaps the others, and a new cluster is no answer to it.
      lifecycle: { ignoreChanges: ["engine_version", "global_cluster_identifier", "replication_source_identifier", "source_region"] },
    });
  }

  private roleArguments(): Partial<RdsClusterConfig> {
    const { role, settings } = this.props;
    return role.kind === "primary"
      ? { databaseName: settings.databaseName, masterUsername: settings.masterUsername, masterPassword: role.password }
      : { sourceRegion: role.sourceRegion, enableGlobalWriteForwarding: settings.globalWriteForwarding };
  }

  private createInstances(cluster: RdsCluster, subnetGroup: DbSubnetGroup): void {
    const { settings, keyArn } = this.props;
    const parameterGroupName = this.instanceParameters().name;
    const monitoringRoleArn = monitoringRole(this, this.props.names).arn;
    createMembers(settings.instances, ({ identifier, instanceClass, position }, order) => {
      return new RdsClusterInstance(this, `instance-${position}`, {
        identifier,
        clusterIdentifier: cluster.id,
        engine: auroraEngine,
        engineVersion: cluster.engineVersion,
        instanceClass,
        promotionTier: position - 1,
        dbSubnetGroupName: subnetGroup.name,
        dbParameterGroupName: parameterGroupName,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: false,
        copyTagsToSnapshot: true,
        monitoringInterval: settings.monitoringIntervalSeconds,
        monitoringRoleArn,
        performanceInsightsEnabled: true,
        performanceInsightsRetentionPeriod: performanceInsightsDays[settings.databaseInsights],
        performanceInsightsKmsKeyId: keyArn,
        ...order,
        lifecycle: { ignoreChanges: ["engine_version"] },
      });
    });
  }

  private clusterParameters(): RdsClusterParameterGroup {
    return new RdsClusterParameterGroup(this, "cluster-parameters", {
      name: this.name,
      family: auroraFamily,
      description: `TAP ${this.props.names.suffix}: Aurora cluster`,
      parameter: [
        // Of what differs from the engine's own value only: a parameter equal to it is read back as another, and changed at each apply.
        { name: "require_secure_transport", value: "ON" },
        ...this.forwardingParameters(),
      ],
    });
  }

  /** Aurora forwards nothing before it is told what a session reads after its own write: at least that write. */
  private forwardingParameters() {
    const { role, settings } = this.props;
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-mysql-write-forwarding-consistency.html
    return role.kind === "secondary" && settings.globalWriteForwarding ? [{ name: "aurora_replica_read_consistency", value: "SESSION" }] : [];
  }

  private instanceParameters(): DbParameterGroup {
    return new DbParameterGroup(this, "instance-parameters", {
      name: this.props.names.resource("aurora-instance", "database"),
      family: auroraFamily,
      description: `TAP ${this.props.names.suffix}: Aurora instances`,
      parameter: [
        // What is exported must be written first; both go to files unless `log_output` says otherwise.
        { name: "general_log", value: "1" },
        { name: "long_query_time", value: "1" },
        { name: "slow_query_log", value: "1" },
      ],
    });
  }
}
