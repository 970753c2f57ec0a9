import type { ServerlessV2ScalingConfiguration } from "@aws-sdk/client-rds";
import { changeSeconds } from "../../../contract/change-seconds.ts";
import { NotSimulated } from "../../account/not-simulated.ts";
import { type CapacityRange, type DbCluster, errors } from "./cluster.ts";

/** The cluster is `modifying` for as long; AWS promises no time. */
export const rangeTakesMs = changeSeconds.serverlessCapacity * 1000;
/** RDS API reference, ServerlessV2ScalingConfiguration; a maximum of 0.5 is refused (https://github.com/hashicorp/terraform-provider-aws/issues/40473). */
const limits = { leastMaximum: 1, most: 256, step: 0.5 } as const;

/** The range that a call asks for, or AWS's refusal; undefined where it asks for none. One value alone leaves the other as it is. */
export function askedRange(asked: ServerlessV2ScalingConfiguration | undefined, { id, capacityRange }: DbCluster, nowMs: number): CapacityRange | undefined {
  if (asked === undefined) return undefined;
  const now = capacityRange?.at(nowMs);
  if (now === undefined) throw new NotSimulated(`ModifyDBCluster of the capacity range of ${id}, to which the stacks give none`);
  if (asked.SecondsUntilAutoPause !== undefined) throw new NotSimulated("ModifyDBCluster with SecondsUntilAutoPause");
  const { MinCapacity: minAcu = now.minAcu, MaxCapacity: maxAcu = now.maxAcu } = asked;
  if (!isStep(minAcu) || minAcu < 0 || minAcu > limits.most) throw invalid(`Serverless v2 minimum capacity ${minAcu} isn't valid.`);
  if (maxAcu < limits.leastMaximum) throw invalid(`Serverless v2 maximum capacity ${maxAcu} isn't valid. The maximum capacity must be at least 1.0.`);
  if (!isStep(maxAcu) || maxAcu > limits.most)
    throw invalid(`Serverless v2 maximum capacity ${maxAcu} isn't valid. The maximum capacity must be at most 256.0.`);
  if (minAcu > maxAcu) throw invalid(`Serverless v2 minimum capacity ${minAcu} must be less than or equal to maximum capacity ${maxAcu}.`);
  if (minAcu === 0) throw new NotSimulated("ModifyDBCluster with a minimum of 0, at which instances pause");
  return { minAcu, maxAcu };
}

export function changeRange(cluster: DbCluster, range: CapacityRange, nowMs: number): void {
  const state = cluster.state.at(nowMs);
  const before = cluster.capacityRange?.final();
  if (state === undefined || (before?.minAcu === range.minAcu && before.maxAcu === range.maxAcu)) return;
  cluster.state.set(nowMs, { ...state, status: "modifying" });
  cluster.state.set(nowMs + rangeTakesMs, { ...state, status: "available" });
  cluster.capacityRange?.set(nowMs + rangeTakesMs, range);
}

function isStep(acu: number): boolean {
  return Number.isInteger(acu / limits.step);
}

function invalid(message: string): Error {
  return errors.refuse("InvalidParameterValue", message);
}
