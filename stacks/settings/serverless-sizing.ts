import type { ServerlessClusterSettings } from "../../constructs/data/serverless-settings.ts";
import type { Sizing } from "../../contract/sizing.ts";
import type { Report } from "./problem.ts";

/** A cluster whose members have no class: their capacity is the cluster's range. */
export function applyServerless(cluster: ServerlessClusterSettings, sizing: NonNullable<Sizing["aurora"]>, report: Report): ServerlessClusterSettings | null {
  const sizings = sizing.instances ?? {};
  const known = cluster.instances.map(({ identifier }) => identifier);
  for (const [identifier, { instanceClass }] of Object.entries(sizings)) {
    if (!known.includes(identifier)) report(`aurora.instances.${identifier}`, "the cluster has no such instance", `instances: ${known.join(", ")}`);
    if (instanceClass !== undefined)
      report(`aurora.instances.${identifier}.instanceClass`, "a serverless instance has no class of its own", "set `aurora.minAcu` and `aurora.maxAcu`");
  }
  if (sizing.absent === true) return null;
  return {
    ...cluster,
    minAcu: sizing.minAcu ?? cluster.minAcu,
    maxAcu: sizing.maxAcu ?? cluster.maxAcu,
    backupRetentionDays: sizing.backupRetentionDays ?? cluster.backupRetentionDays,
    instances: cluster.instances.filter(({ identifier }) => sizings[identifier]?.absent !== true),
  };
}
