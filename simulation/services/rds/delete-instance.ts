import {
  DBInstanceNotFoundFault,
  InvalidDBClusterStateFault,
  InvalidDBInstanceStateFault,
  type DeleteDBInstanceCommandInput,
  type DeleteDBInstanceCommandOutput,
} from "@aws-sdk/client-rds";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { clusters, errors, instances, membersThere } from "./cluster.ts";
import { describeInstance } from "./describe.ts";
import { standaloneInstances } from "./standalone.ts";
import { promoteInstead } from "./modify-instance.ts";

/** Order of magnitude; AWS promises none. */
const deletingMs = 240_000;

/** Deletes a member of a cluster: it serves nobody from then on, and its name is taken until it is gone. */
export function deleteDbInstance(input: DeleteDBInstanceCommandInput, { state, region, nowMs }: MutationContext): () => Answer<DeleteDBInstanceCommandOutput> {
  refuseUnmodelled("DeleteDBInstance", input, ["DBInstanceIdentifier", "SkipFinalSnapshot", "FinalDBSnapshotIdentifier"]);
  const wanted = input.DBInstanceIdentifier ?? "";
  const instance = state.of(instances).get(region, wanted);
  const current = instance?.state.at(nowMs);
  if (state.of(standaloneInstances).get(region, wanted) !== undefined) throw new NotSimulated("DeleteDBInstance of an instance outside of clusters");
  if (instance === undefined || current === undefined || current.status === "deleted")
    throw new DBInstanceNotFoundFault(refusal(`DBInstance ${wanted} not found.`, 404));
  if (input.FinalDBSnapshotIdentifier !== undefined)
    throw errors.refuse("InvalidParameterCombination", "FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance");
  if (current.status !== "available") throw new InvalidDBInstanceStateFault(refusal(`Instance ${wanted} is not in available state but ${current.status}.`));
  const cluster = state.of(clusters).get(region, instance.clusterId);
  if (cluster?.state.at(nowMs)?.status !== "available")
    throw new InvalidDBClusterStateFault(refusal(`DB cluster ${instance.clusterId} is not in available state.`));
  const others = membersThere(state, cluster, nowMs).filter(({ id, state: other }) => id !== wanted && other.at(nowMs)?.status !== "deleting");
  if (others.length === 0) throw new NotSimulated("DeleteDBInstance of the last member of a cluster");
  return () => {
    promoteInstead(instance, state, nowMs);
    instance.state.set(nowMs, { instanceClass: current.instanceClass, status: "deleting", serving: false });
    instance.state.set(nowMs + deletingMs, { instanceClass: current.instanceClass, status: "deleted", serving: false });
    return { DBInstance: describeInstance(instance, state, nowMs) };
  };
}
