import { changeSeconds } from "../../../../contract/change-seconds.ts";

/** What a refresh of ours may have above the group's size (`MaxHealthyPercentage` 110): one instance at least. */
const surplusShare = 0.1;

/** Minutes that an instance refresh takes: batch by batch, new instances are launched and warmed up, then old ones drain. */
export function refreshMinutes(instances: number, warmUpSeconds: number): number {
  const batches = Math.ceil(instances / Math.max(1, Math.floor(instances * surplusShare)));
  return Math.ceil((batches * (changeSeconds.instanceLaunch + warmUpSeconds + changeSeconds.instanceDrain)) / 60);
}
