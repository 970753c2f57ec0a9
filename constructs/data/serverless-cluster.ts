import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group/index.js";
import { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance/index.js";
import { RdsClusterParameterGroup } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group/index.js";
import { RdsCluster } from "@cdktf/provider-aws/lib/rds-cluster/index.js";
import { Construct } from "constructs";
import { encryptedLogGroup } from "../encryption/encrypted-log-group.ts";
import { isProtected, isRecoverable, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import type { Firewall } from "../network/firewall.ts";
import { createMembers } from "./cluster-members.ts";
import type { DatabaseCluster } from "./database-cluster.ts";
import { finalSnapshot } from "./final-snapshot.ts";
import { monitoringRole } from "./monitoring-role.ts";
import { encryptedConnections, postgresEngine, postgresFamily, serverlessClass, type ServerlessClusterSettings } from "./serverless-settings.ts";

export interface ServerlessClusterProps {
  readonly names: Names;
  readonly settings: ServerlessClusterSettings;
  readonly subnetIds: readonly string[];
  readonly firewall: Firewall;
  readonly keyArn: string;
  readonly logKeyArn: string;
  readonly lifetime: Lifetime;
}

/**
 * Aurora PostgreSQL on Serverless v2, of this region alone. RDS itself keeps the administrator's password in Secrets Manager and
 * changes it every week: a cluster outside a global database may, and the password is in no Terraform state.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html
 */
export class ServerlessCluster extends Construct implements DatabaseCluster {
  readonly clusterId: string;
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly secretArn: string;
  private readonly props: ServerlessClusterProps;

  constructor(scope: Construct, id: string, props: ServerlessClusterProps) {
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
    this.secretArn = cluster.masterUserSecret.get(0).secretArn;
    this.createInstances(cluster, subnetGroup);
  }

  private get name(): string {
    return this.props.names.resource("aurora", "database");
  }

  private createCluster(subnetGroup: DbSubnetGroup): RdsCluster {
    const { names, settings, firewall, keyArn, logKeyArn, lifetime } = this.props;
    const logGroup = encryptedLogGroup(this, "log-postgresql", `/aws/rds/cluster/${this.name}/postgresql`, {
      keyArn: logKeyArn,
      retentionDays: settings.logRetentionDays,
    });
    return new RdsCluster(this, "cluster", {
      clusterIdentifier: this.name,
      engine: postgresEngine,
      // Serverless v2 is a class of instances in an ordinary cluster; "serverless" was its first version.
      engineMode: "provisioned",
      engineVersion: settings.engineVersion,
      ...(settings.majorUpgrade ? { allowMajorVersionUpgrade: true } : {}),
      databaseName: settings.databaseName,
      masterUsername: settings.masterUsername,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: keyArn,
      serverlessv2ScalingConfiguration: { minCapacity: settings.minAcu, maxCapacity: settings.maxAcu },
      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [firewall.securityGroupId],
      dbClusterParameterGroupName: this.clusterParameters().name,
      storageEncrypted: true,
      kmsKeyId: keyArn,
      backupRetentionPeriod: settings.backupRetentionDays,
      preferredBackupWindow: "03:00-04:00",
      preferredMaintenanceWindow: "sun:04:30-sun:05:30",
      enabledCloudwatchLogsExports: ["postgresql"],
      databaseInsightsMode: "standard",
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !isRecoverable(lifetime),
      deletionProtection: isProtected(lifetime),
      ...finalSnapshot(lifetime, names.resource("aurora-final", "database")),
      dependsOn: [logGroup],
    });
  }

  private createInstances(cluster: RdsCluster, subnetGroup: DbSubnetGroup): void {
    const { names, settings, keyArn } = this.props;
    const monitoringRoleArn = monitoringRole(this, names).arn;
    createMembers(settings.instances, ({ identifier, position }, order) => {
      return new RdsClusterInstance(this, `instance-${position}`, {
        identifier,
        clusterIdentifier: cluster.id,
        engine: postgresEngine,
        engineVersion: cluster.engineVersion,
        instanceClass: serverlessClass,
        // Tiers 0 and 1 keep the writer's capacity, and are ready to take over; later ones follow their own load.
        promotionTier: position - 1,
        dbSubnetGroupName: subnetGroup.name,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: false,
        copyTagsToSnapshot: true,
        monitoringInterval: settings.monitoringIntervalSeconds,
        monitoringRoleArn,
        performanceInsightsEnabled: true,
        performanceInsightsRetentionPeriod: settings.performanceInsightsDays,
        performanceInsightsKmsKeyId: keyArn,
        ...order,
        // The cluster upgrades its members.
        lifecycle: { ignoreChanges: ["engine_version"] },
      });
    });
  }

  private clusterParameters(): RdsClusterParameterGroup {
    const { names, settings } = this.props;
    const family = postgresFamily(settings.engineVersion);
    return new RdsClusterParameterGroup(this, "cluster-parameters", {
      // The major version is in the name: a group's family never changes, and the new one stands beside the old during an upgrade.
      name: names.resource(family, "database"),
      family,
      description: `TAP ${names.suffix}: Aurora cluster`,
      parameter: [{ name: "log_min_duration_statement", value: "1000" }, ...encryptedConnections(settings.engineVersion)],
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
