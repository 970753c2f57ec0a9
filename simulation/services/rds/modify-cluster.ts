import { DBClusterNotFoundFault, InvalidDBClusterStateFault, type ModifyDBClusterCommandInput, type ModifyDBClusterCommandOutput } from "@aws-sdk/client-rds";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { isOwnedByAwsBackup, refuseOwnedRetention } from "./aws-backup.ts";
import { clusters, errors } from "./cluster.ts";
import { askedRange, changeRange } from "./serverless-range.ts";
import { describeCluster } from "./describe.ts";
import { changeSeconds } from "../../../contract/change-seconds.ts";

/** AWS applies it "asynchronously", "as soon as possible"; it promises no time. */
export const retentionTakesMs = changeSeconds.backupRetention * 1000;
/** RDS API reference, ModifyDBCluster, BackupRetentionPeriod. */
const days = { least: 1, most: 35 };

/** Changes for how many days a cluster's automated backups are kept, and between which capacities its serverless instances move. */
export function modifyDbCluster(
  input: ModifyDBClusterCommandInput,
  { state, region, nowMs, scenario }: MutationContext,
): () => Answer<ModifyDBClusterCommandOutput> {
  refuseUnmodelled("ModifyDBCluster", input, ["DBClusterIdentifier", "BackupRetentionPeriod", "ServerlessV2ScalingConfiguration", "ApplyImmediately"]);
  const wanted = input.DBClusterIdentifier ?? "";
  const cluster = state
    .of(clusters)
    .in(region)
    .find((candidate) => candidate.id === wanted || candidate.arn === wanted);
  if (cluster === undefined) throw new DBClusterNotFoundFault(refusal(`DBCluster ${wanted} not found.`, 404));
  const asked = input.BackupRetentionPeriod;
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= days.least && asked <= days.most)) {
    throw errors.refuse("InvalidParameterValue", `Invalid backup retention period: ${asked}. Must be between ${days.least} and ${days.most} days.`);
  }
  const range = askedRange(input.ServerlessV2ScalingConfiguration, cluster, nowMs);
  if (cluster.state.at(nowMs)?.status !== "available") throw new InvalidDBClusterStateFault(refusal(`DB cluster ${cluster.id} is not in available state.`));
  const isOwned = isOwnedByAwsBackup(scenario, region);
  if (isOwned) refuseOwnedRetention(cluster, asked, cluster.backupRetentionDays.at(nowMs));
  if (input.ApplyImmediately !== true) throw new NotSimulated("ModifyDBCluster without ApplyImmediately");
  return () => {
    if (asked !== undefined && asked !== cluster.backupRetentionDays.final()) cluster.backupRetentionDays.set(nowMs + retentionTakesMs, asked);
    if (range !== undefined) changeRange(cluster, range, nowMs);
    return { DBCluster: describeCluster(cluster, state, nowMs, isOwned) };
  };
}
