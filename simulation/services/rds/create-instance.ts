import {
  DBClusterNotFoundFault,
  DBInstanceAlreadyExistsFault,
  DBParameterGroupNotFoundFault,
  InstanceQuotaExceededFault,
  InsufficientDBInstanceCapacityFault,
  InvalidDBClusterStateFault,
  type CreateDBInstanceCommandInput,
  type CreateDBInstanceCommandOutput,
} from "@aws-sdk/client-rds";
import { capacities } from "../../../contract/capacities.ts";
import { launchableFrom } from "../../account/fault-schedule.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import { QueueableSetting } from "../../account/queued-setting.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import {
  clusters,
  errors,
  instanceDefaults,
  instances,
  instancesIn,
  isThere,
  membersThere,
  withoutInsights,
  type DbCluster,
  type DbInstance,
} from "./cluster.ts";
import { describeInstance } from "./describe.ts";
import { parameterGroups } from "./parameters.ts";
import { standaloneInstances } from "./standalone.ts";
import { hasPerformanceInsights } from "../../../contract/performance-insights.ts";
import { changeSeconds } from "../../../contract/change-seconds.ts";

const creatingMs = changeSeconds.auroraReaderCreation * 1000;
/** A region takes 40 instances, a cluster one writer and 15 readers (Aurora User Guide, quotas). */
const most = { instances: 40, members: 16 } as const;
const lastTier = 15;

const modelled = [
  "DBInstanceIdentifier",
  "DBClusterIdentifier",
  "DBInstanceClass",
  "Engine",
  "AvailabilityZone",
  "DBSubnetGroupName",
  "PreferredMaintenanceWindow",
  "DBParameterGroupName",
  "AutoMinorVersionUpgrade",
  "PubliclyAccessible",
  "Tags",
  "CopyTagsToSnapshot",
  "MonitoringInterval",
  "MonitoringRoleArn",
  "PromotionTier",
  "EnablePerformanceInsights",
  "PerformanceInsightsKMSKeyId",
  "PerformanceInsightsRetentionPeriod",
  "CACertificateIdentifier",
] as const;

/** Creates a reader of a cluster under a name that one of its members had: whoever had another was never part of the stacks. */
export function createDbInstance(input: CreateDBInstanceCommandInput, context: MutationContext): () => Answer<CreateDBInstanceCommandOutput> {
  const { state, region, nowMs, idSeed } = context;
  refuseUnmodelled("CreateDBInstance", input, [...modelled]);
  const id = input.DBInstanceIdentifier ?? "";
  const clusterId = input.DBClusterIdentifier;
  if (clusterId === undefined) throw new NotSimulated("CreateDBInstance outside of a cluster");
  const cluster = state.of(clusters).get(region, clusterId);
  if (cluster === undefined) throw new DBClusterNotFoundFault(refusal(`DBCluster ${clusterId} not found.`, 404));
  const before = state.of(instances).get(region, id);
  const isTaken = (before !== undefined && isThere(before, nowMs)) || state.of(standaloneInstances).get(region, id) !== undefined;
  if (isTaken) throw new DBInstanceAlreadyExistsFault(refusal("DB instance already exists"));
  checkCluster(cluster, input, context);
  checkParameters(input, context);
  if (before?.clusterId !== clusterId) throw new NotSimulated(`CreateDBInstance of ${id}, which the stacks did not make in ${clusterId}`);
  const instance = made(input, before, nowMs, idSeed);
  const instanceClass = input.DBInstanceClass ?? "";
  return () => {
    instance.state.set(nowMs, { instanceClass, status: "creating", serving: false });
    instance.state.set(nowMs + creatingMs, { instanceClass, status: "available", serving: true });
    state.of(instances).add(id, instance);
    return { DBInstance: describeInstance(instance, state, nowMs) };
  };
}

function checkCluster(
  cluster: DbCluster,
  { Engine: engine, DBInstanceClass: instanceClass = "" }: CreateDBInstanceCommandInput,
  context: MutationContext,
): void {
  const { state, region, nowMs, scenario } = context;
  if (cluster.state.at(nowMs)?.status !== "available") throw new InvalidDBClusterStateFault(refusal(`DB cluster ${cluster.id} is not in available state.`));
  if (engine !== cluster.engine)
    throw errors.refuse(
      "InvalidParameterCombination",
      `The engine name requested for your DB instance (${engine ?? ""}) doesn't match the engine name of your DB cluster (${cluster.engine}).`,
    );
  const inRegion = instancesIn(state, region, nowMs).length + state.of(standaloneInstances).in(region).length;
  if (inRegion >= most.instances || membersThere(state, cluster, nowMs).length >= most.members)
    throw new InstanceQuotaExceededFault(refusal("Instance quota exceeded"));
  if (capacities.rds(instanceClass) === undefined)
    throw errors.refuse(
      "InvalidParameterCombination",
      `RDS does not support creating a DB instance with the following combination: DBInstanceClass=${instanceClass}`,
    );
  if (launchableFrom(scenario, region, "CreateDBInstance", nowMs) > nowMs)
    throw new InsufficientDBInstanceCapacityFault(refusal(`Cannot create the instance: insufficient capacity for ${instanceClass}`));
}

function checkParameters(input: CreateDBInstanceCommandInput, { state, region }: MutationContext): void {
  const { PromotionTier: tier, MonitoringInterval: seconds = 0, MonitoringRoleArn: roleArn, DBParameterGroupName: group } = input;
  if (tier !== undefined && !(Number.isInteger(tier) && tier >= 0 && tier <= lastTier))
    throw errors.refuse("InvalidParameterValue", `Invalid promotion tier: ${tier}. Must be between 0 and ${lastTier}.`);
  if (seconds > 0 && roleArn === undefined)
    throw errors.refuse("InvalidParameterCombination", "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.");
  if (group !== undefined && !group.startsWith("default.") && state.of(parameterGroups).get(region, group) === undefined)
    throw new DBParameterGroupNotFoundFault(refusal(`DBParameterGroup not found: ${group}`, 404));
  if (input.EnablePerformanceInsights === true && !hasPerformanceInsights(input.DBInstanceClass ?? "")) throw withoutInsights();
}

/** Another instance of the same name: its history of states goes on, nothing else does. */
function made(input: CreateDBInstanceCommandInput, { parameterGroup: _group, ...before }: DbInstance, nowMs: number, idSeed: string): DbInstance {
  const { DBParameterGroupName: parameterGroup } = input;
  return {
    ...before,
    resourceId: `db-${idSeed.slice(0, 26).toUpperCase()}`,
    tags: Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
    promotionTier: input.PromotionTier ?? instanceDefaults.promotionTier,
    zone: input.AvailabilityZone ?? before.zone,
    maintenanceWindow: input.PreferredMaintenanceWindow ?? before.maintenanceWindow,
    ...(parameterGroup === undefined ? {} : { parameterGroup }),
    performanceInsights: input.EnablePerformanceInsights ?? false,
    monitoringSeconds: input.MonitoringInterval ?? 0,
    settings: {
      createdMs: nowMs,
      subnetGroup: input.DBSubnetGroupName ?? null,
      monitoringRoleArn: input.MonitoringRoleArn ?? null,
      insightsDays: input.PerformanceInsightsRetentionPeriod ?? instanceDefaults.insightsDays,
      insightsKeyArn: input.PerformanceInsightsKMSKeyId ?? null,
      caCertificate: new QueueableSetting(nowMs, input.CACertificateIdentifier ?? instanceDefaults.caCertificate),
      isPubliclyAccessible: input.PubliclyAccessible ?? false,
      upgradesMinorVersions: input.AutoMinorVersionUpgrade ?? true,
      copiesTagsToSnapshots: input.CopyTagsToSnapshot ?? false,
    },
  };
}
