import { callSeconds, durationSigma } from "../../../simulation/services/lambda/load.ts";
import { between, type Draw, spread } from "../draw.ts";
import { region } from "../region.ts";
import { promotionsOf, type Shape, trafficOf } from "./shapes.ts";

/** The stacks at production size have 8 tasks of one vCPU and 2 GiB, members of 4 to 16 capacity units, a table of 500 units, and a function of 3,008 MB. */
const serviceVcpu = 8;
const [taskGib, tasks] = [2, 8];
const memberVcpuAtMinimum = 1;
const functionMemoryMb = 3008;

/** Containers, functions, a serverless cluster, a provisioned table and Redis of the streaming blueprint. */
export function streamingDocument(draw: Draw, shape: Shape): object {
  const peak = spread(draw("requests"), 5, 300);
  const share = spread(draw("service"), 0.02, 0.5);
  const databaseVcpu = spread(draw("database"), 0.05, 3) * memberVcpuAtMinimum;
  const writes = between(draw("writes"), 0.05, 0.5);
  const reads = between(draw("reads"), 0.3, 1);
  const written = between(draw("writer part"), 0.2, 0.8);
  const isMemory = shape === "memory";
  const ingest = functionOf(draw, "ingest");
  return {
    extends: "streaming.json",
    promotions: promotionsOf(draw, shape),
    regions: {
      [region]: {
        traffic: trafficOf(draw, shape, peak),
        application: {
          vcpuSecondsPerRequest: (share * serviceVcpu) / peak,
          backgroundVcpu: between(draw("background"), 0, 0.05),
          memoryBaseGib: between(draw("memory base"), 0.05, isMemory ? 1.2 : 0.3),
          memoryMibPerRequestPerSecond: (between(draw("memory"), 0.02, isMemory ? 0.6 : 0.2) * taskGib * 1024 * tasks) / peak,
        },
        database: {
          writesPerRequest: writes,
          readsPerRequest: reads,
          writeVcpuSeconds: (databaseVcpu * written) / (peak * writes),
          readVcpuSeconds: (databaseVcpu * (1 - written)) / (peak * reads),
          backgroundVcpu: between(draw("database background"), 0.01, 0.2),
          connectionsPerInstance: shape === "connections" ? spread(draw("connections"), 2, 30) : spread(draw("connections"), 0.5, 2),
          workingSetGib: spread(draw("working set"), 0.3, shape === "working set" ? 20 : 4),
          volumeGib: spread(draw("volume"), 1, 100),
        },
        cache: {
          getsPerRequest: spread(draw("gets"), 0.5, 20),
          setsPerRequest: spread(draw("sets"), 0.05, 2),
          engineSecondsPerCommand: spread(draw("engine"), 0.000_01, 0.000_2),
          datasetGib: spread(draw("dataset"), 0.2, 15),
        },
        tables: {
          "tap-{suffix}-events": {
            readsPerRequest: spread(draw("table reads"), 0.01, 2),
            writesPerRequest: spread(draw("table writes"), 0.01, 2),
            streamShards: shardsFor(draw, ingest),
          },
        },
        functions: {
          "tap-{suffix}-ingest": ingest,
          "tap-{suffix}-transform": functionOf(draw, "transform"),
        },
      },
    },
  };
}

interface Function {
  readonly callsPerSecond: number;
  readonly waitSeconds: number;
  readonly vcpuSecondsPerCall: number;
  readonly usedMemoryMb: number;
  readonly lambdaInsights: boolean;
}

function functionOf(draw: Draw, name: string): Function {
  return {
    callsPerSecond: spread(draw(`${name} calls`), 0.01, 5),
    waitSeconds: spread(draw(`${name} waits`), 0.05, 20),
    vcpuSecondsPerCall: spread(draw(`${name} computes`), 0.01, 10),
    usedMemoryMb: Math.round(spread(draw(`${name} memory`), 80, 2600)),
    lambdaInsights: draw(`${name} insights`) < 0.8,
  };
}

/** A function keeps up with its stream as it is deployed, with a tenth to spare or with many times what it needs. */
function shardsFor(draw: Draw, { callsPerSecond, ...demand }: Function): number {
  const busy = callsPerSecond * callSeconds(demand, functionMemoryMb) * Math.exp(durationSigma ** 2 / 2);
  return Math.ceil(busy * spread(draw("ingest shards"), 1.1, 6));
}
