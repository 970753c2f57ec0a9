import type { Sizing } from "../../../contract/sizing.ts";
import { rdsCapacity } from "../../../simulation/load/known-capacity.ts";
import { between, type Draw, oneOf, spread } from "../draw.ts";
import { region } from "../region.ts";
import { promotionsOf, type Shape, trafficOf } from "./shapes.ts";

/** The stacks at production size have two hosts of t3.medium. */
const hostVcpu = 2;
const hosts = 2;

/** Somebody had made the database larger than the stacks have it. */
export function webSizing(draw: Draw): Sizing {
  return { version: 1, rds: { instanceClass: oneOf(draw("class"), ["db.t3.medium", "db.t3.large", "db.t3.xlarge", "db.t3.2xlarge"]) } };
}

/** The database of the web blueprint. */
export function webDocument(draw: Draw, shape: Shape): object {
  const peak = spread(draw("requests"), 5, 200);
  const { vcpu, memoryGib, baselineShare = 1 } = rdsCapacity(webSizing(draw).rds?.instanceClass ?? "");
  const share = spread(draw("database"), 0.02, shape === "uneven roles" ? 1.2 : 0.8);
  const writes = between(draw("writes"), 0.05, 0.5);
  const reads = between(draw("reads"), 0.3, 1);
  const written = between(draw("writer part"), 0.2, 0.8);
  const busyVcpu = share * vcpu * baselineShare;
  const workingSet = spread(draw("working set"), 0.02, shape === "working set" ? 1.5 : 0.6) * memoryGib;
  return {
    extends: "web.json",
    stackSettings: { TAP_REGIONS: region },
    promotions: promotionsOf(draw, shape),
    regions: {
      "us-west-2": null,
      [region]: {
        traffic: trafficOf(draw, shape, peak),
        application: { vcpuSecondsPerRequest: (spread(draw("group"), 0.05, 0.4) * hosts * hostVcpu) / peak },
        database: {
          writesPerRequest: writes,
          readsPerRequest: reads,
          writeVcpuSeconds: (busyVcpu * written) / (peak * writes),
          readVcpuSeconds: (busyVcpu * (1 - written)) / (peak * reads),
          backgroundVcpu: between(draw("database background"), 0.01, 0.08),
          connectionsPerInstance: spread(draw("connections"), 2, shape === "connections" ? 200 : 40),
          workingSetGib: workingSet,
          volumeGib: workingSet * spread(draw("volume"), 1.2, 20),
        },
      },
    },
  };
}
