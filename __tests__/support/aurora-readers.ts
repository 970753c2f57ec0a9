import type { AuroraCluster } from "../../optimizer/core/levers/aurora/cluster.ts";
import { metrics } from "../../optimizer/core/metrics/catalogue.ts";
import type { Signal } from "./courses.ts";
import { memberSees, type World } from "./world.ts";

/** What all members of a cluster publish, steady: the writer writes, the readers lag. */
export function readersSee(
  world: World,
  { ref: { region }, members }: AuroraCluster,
  {
    cpu = 10,
    lagMs = 20,
    readIops = 40,
    writeIops = 1000,
  }: { readonly cpu?: number | Signal; readonly lagMs?: number | Signal; readonly readIops?: number | Signal; readonly writeIops?: number | Signal } = {},
): World {
  return members.reduce((seen, { identifier, role }) => {
    const loaded = memberSees(seen, identifier, { cpu }, region).sees(metrics.rdsReadIops, identifier, readIops, region);
    return role === "writer"
      ? loaded.sees(metrics.rdsWriteIops, identifier, writeIops, region)
      : loaded.sees(metrics.auroraReplicaLag, identifier, lagMs, region);
  }, world);
}
