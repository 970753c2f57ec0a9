import { DbInstance, type DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance/index.js";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group/index.js";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group/index.js";
import { Construct } from "constructs";
import { hasPerformanceInsights } from "../../contract/performance-insights.ts";
import { encryptedLogGroup } from "../encryption/encrypted-log-group.ts";
import { isProtected, isRecoverable, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import type { Firewall } from "../network/firewall.ts";
import { finalSnapshot } from "./final-snapshot.ts";
import { monitoringRole } from "./monitoring-role.ts";
import type { MysqlSettings } from "./mysql-settings.ts";

/** The source holds the credentials; a replica takes them, the engine and the data from it. */
export type MysqlRole = { readonly kind: "source"; readonly password: string } | { readonly kind: "replica"; readonly sourceArn: string };

export interface MysqlProps {
  readonly names: Names;
  readonly settings: MysqlSettings;
  readonly role: MysqlRole;
  readonly subnetIds: readonly string[];
  readonly firewall: Firewall;
  /** Keys of this region: an instance's encryption key cannot cross regions. */
  readonly keyArn: string;
  readonly logKeyArn: string;
  readonly lifetime: Lifetime;
}

const loggedStreams = ["error", "slowquery"];

/** An RDS MySQL instance that is never reached from the internet and never in clear text, or its replica in another region. */
export class Mysql extends Construct {
  readonly instanceId: string;
  readonly arn: string;
  /** `host:port`. */
  readonly endpoint: string;
  readonly address: string;
  private readonly props: MysqlProps;

  constructor(scope: Construct, id: string, props: MysqlProps) {
    super(scope, id);
    this.props = props;
    const instance = this.createInstance();
    this.instanceId = instance.identifier;
    this.arn = instance.arn;
    this.endpoint = instance.endpoint;
    this.address = instance.address;
  }

  private get name(): string {
    return mysqlIdentifier(this.props.names);
  }

  private createInstance(): DbInstance {
    const { settings, firewall, keyArn, lifetime, role, names } = this.props;
    return new DbInstance(this, "instance", {
      identifier: this.name,
      // Of a replica it is read after creation only; an upgrade takes the replicas first, then their source.
      engineVersion: settings.engineVersion,
      ...(settings.majorUpgrade ? { allowMajorVersionUpgrade: true } : {}),
      autoMinorVersionUpgrade: true,
      instanceClass: settings.instanceClass,
      ...this.roleArguments(),
      storageType: "gp3",
      // Terraform leaves storage alone that grew by itself below this.
      maxAllocatedStorage: settings.maxStorageGib,
      storageEncrypted: true,
      kmsKeyId: keyArn,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      parameterGroupName: this.parameterGroup().name,
      dbSubnetGroupName: this.subnetGroup().name,
      vpcSecurityGroupIds: [firewall.securityGroupId],
      publiclyAccessible: false,
      // A replica has backups of its own, so that it is recoverable from the moment it is promoted.
      backupRetentionPeriod: settings.backupRetentionDays,
      backupWindow: "03:00-04:00",
      maintenanceWindow: "sun:04:30-sun:05:30",
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !isRecoverable(lifetime),
      deletionProtection: isProtected(lifetime),
      // What restarts the database waits for the maintenance window, unless nobody minds.
      applyImmediately: !isRecoverable(lifetime),
      enabledCloudwatchLogsExports: loggedStreams,
      monitoringInterval: settings.monitoringIntervalSeconds,
      monitoringRoleArn: monitoringRole(this, names).arn,
      ...insights(settings, keyArn),
      dependsOn: this.logGroups(),
      // A replica that was promoted in a disaster must not be replaced by a new one.
      ...(role.kind === "replica" ? { lifecycle: { ignoreChanges: ["replicate_source_db"] } } : {}),
    });
  }

  private roleArguments(): Partial<DbInstanceConfig> {
    const { role, settings, names, lifetime } = this.props;
    // AWS makes no final snapshot of a replica: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
    if (role.kind === "replica") return { replicateSourceDb: role.sourceArn, multiAz: false, skipFinalSnapshot: true };
    return {
      engine: "mysql",
      // Version 8.0 is past its standard support, and cannot be made anew without; it cannot be changed later.
      engineLifecycleSupport: "open-source-rds-extended-support",
      dbName: settings.databaseName,
      username: settings.masterUsername,
      // Not managed by RDS: such an instance can have no replica.
      password: role.password,
      allocatedStorage: settings.storageGib,
      multiAz: settings.multiAz,
      ...finalSnapshot(lifetime, names.resource("mysql-final", "database")),
    };
  }

  /** The version is in the name: an instance that is upgraded moves from one group to the other. */
  private parameterGroup(): DbParameterGroup {
    const { names, settings } = this.props;
    return new DbParameterGroup(this, "parameters", {
      name: names.resource(`mysql-${settings.engineVersion.replace(".", "-")}`, "database"),
      family: `mysql${settings.engineVersion}`,
      description: `TAP ${names.suffix}: MySQL ${settings.engineVersion}`,
      parameter: [
        // Only a file's content reaches CloudWatch Logs.
        { name: "log_output", value: "FILE" },
        { name: "long_query_time", value: "1" },
        { name: "require_secure_transport", value: "1" },
        { name: "slow_query_log", value: "1" },
      ],
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private subnetGroup(): DbSubnetGroup {
    const { names, subnetIds } = this.props;
    return new DbSubnetGroup(this, "subnets", { name: this.name, description: `TAP ${names.suffix}: MySQL`, subnetIds: [...subnetIds] });
  }

  private logGroups() {
    const { logKeyArn, settings } = this.props;
    return loggedStreams.map((stream) =>
      encryptedLogGroup(this, `log-${stream}`, `/aws/rds/instance/${this.name}/${stream}`, { keyArn: logKeyArn, retentionDays: settings.logRetentionDays }),
    );
  }
}

/** The same in each region, where it need be unique only. */
export function mysqlIdentifier(names: Names): string {
  return names.resource("mysql", "database");
}

function insights({ instanceClass }: MysqlSettings, keyArn: string): Partial<DbInstanceConfig> {
  if (!hasPerformanceInsights(instanceClass)) return { performanceInsightsEnabled: false };
  return {
    performanceInsightsEnabled: true,
    // Seven days cost nothing.
    performanceInsightsRetentionPeriod: 7,
    performanceInsightsKmsKeyId: keyArn,
  };
}
