import { between, type Draw, moment, spread } from "../draw.ts";
import { region } from "../region.ts";
import { promotionsOf, type Shape, trafficOf } from "./shapes.ts";

/** The stacks at production size have 15 instances of m5.4xlarge and members of db.r6g.4xlarge; both have 16 vCPU. */
const fleetVcpu = 15 * 16;
const memberVcpu = 16;
const audit = "tap-{suffix}-audit-logs";

/** Groups, Aurora, Redis and tables of the saas blueprint. */
export function saasDocument(draw: Draw, shape: Shape): object {
  const peak = spread(draw("requests"), 60, 2400);
  const groupShare = spread(draw("group"), 0.04, 0.7);
  const isWriterHeavy = draw("role") < 0.5;
  const writerShare = shape === "uneven roles" && isWriterHeavy ? between(draw("writer"), 0.5, 0.75) : spread(draw("writer"), 0.03, 0.6);
  const readerShare = shape === "uneven roles" && !isWriterHeavy ? between(draw("reader"), 0.5, 0.75) : spread(draw("reader"), 0.03, 0.6);
  const writes = between(draw("writes"), 0.05, 0.5);
  const reads = between(draw("reads"), 0.3, 1);
  return {
    extends: "one-region.json",
    promotions: promotionsOf(draw, shape),
    regions: {
      [region]: {
        traffic: trafficOf(draw, shape, peak),
        application: applicationOf(draw, shape, { peak, share: groupShare }),
        database: {
          writesPerRequest: writes,
          readsPerRequest: reads,
          writeVcpuSeconds: (writerShare * memberVcpu) / (peak * writes),
          readVcpuSeconds: (readerShare * memberVcpu) / (peak * reads),
          connectionsPerInstance: shape === "connections" ? spread(draw("connections"), 60, 200) : spread(draw("connections"), 5, 60),
          workingSetGib: shape === "working set" ? spread(draw("working set"), 30, 90) : spread(draw("working set"), 2, 40),
          volumeGib: spread(draw("volume"), 90, 900),
        },
        cache: cacheOf(draw, shape, peak),
        ...(draw("pipe") < 0.5 ? { pipes: null } : {}),
        tables: tablesOf(draw, shape),
      },
    },
  };
}

function applicationOf(draw: Draw, shape: Shape, { peak, share }: { readonly peak: number; readonly share: number }): object {
  const eachAtPeak = peak / 15;
  return {
    vcpuSecondsPerRequest: (share * fleetVcpu) / peak,
    backgroundVcpu: between(draw("background"), 0, 0.4),
    memoryBaseGib: shape === "memory" && draw("memory kind") < 0.5 ? between(draw("memory base"), 12, 50) : between(draw("memory base"), 1, 10),
    memoryMibPerRequestPerSecond: (between(draw("memory"), 0.5, shape === "memory" ? 40 : 8) * 1024) / eachAtPeak,
    // Of an instance at the peak, in gigabits a second.
    networkOutBytesPerRequest: (spread(draw("network"), 0.05, shape === "network" ? 4 : 0.8) * 1.25e8) / eachAtPeak,
    networkInBytesPerRequest: 12_000,
  };
}

/** A job that sorts once a month, for an hour or two, is seen by no percentile of the day. */
function cacheOf(draw: Draw, shape: Shape, peak: number): object {
  const gets = spread(draw("gets"), 0.3, 8);
  const engineShare = spread(draw("engine"), 0.005, 0.5);
  const first = between(draw("job day"), 1, 13);
  return {
    getsPerRequest: gets,
    setsPerRequest: gets * between(draw("sets"), 0.02, 0.3),
    // Of one of four engine threads at the peak.
    engineSecondsPerCommand: Math.min(0.0005, (engineShare * 4) / (peak * gets * 1.2)),
    datasetGib: spread(draw("dataset"), shape === "memory" ? 60 : 2, shape === "memory" ? 220 : 120),
    connectionsPerInstance: spread(draw("cache connections"), 2, shape === "connections" ? 400 : 60),
    bytesPerCommand: spread(draw("command bytes"), 100, shape === "network" ? 60_000 : 4000),
    ...(shape === "monthly peak" || shape === "rare readers"
      ? {
          jobs: [first - 60, first - 30, first].map((day) => ({
            start: moment(day),
            hours: 2,
            readsPerSecond: 200,
            engineSecondsPerRead: (4 * between(draw("job"), 0.2, 0.85)) / 200,
          })),
        }
      : {}),
  };
}

/** An index or a stream may be read once in the sixty days, or once in three weeks, and not at all in the weeks in which somebody looks. */
function tablesOf(draw: Draw, shape: Shape): object {
  const isRare = shape === "rare readers";
  const read = { readsPerRequest: between(draw("index"), 0.001, 0.02) };
  const rarely = (of: string, days: number) => {
    const first = -between(draw(of), 1, 59);
    const moments = days === 0 ? [first] : [first, first + days, first + 2 * days].filter((day) => day < 14);
    return moments.map((day) => ({
      start: moment(day),
      minutes: between(draw(`${of} minutes`), 5, 60),
      calls: Math.round(spread(draw(`${of} calls`), 1, 200)),
    }));
  };
  const maybe = (of: string, share: number) => (draw(of) < share ? read : { readsPerRequest: 0 });
  return {
    "tap-{suffix}-tenants": {
      indexes: {
        "by-plan": isRare && draw("plan") < 0.7 ? { dated: rarely("plan reads", 30) } : {},
        "by-status": maybe("status", 0.6),
        "by-owner": isRare ? { readsPerRequest: 0, dated: rarely("owner reads", 0) } : maybe("owner", 0.8),
      },
    },
    "tap-{suffix}-users": {
      indexes: { "by-role": maybe("user role", 0.5), "by-last-seen": maybe("last seen", 0.7) },
      ...(isRare && draw("stream") < 0.7 ? { streamReads: rarely("stream reads", 21) } : {}),
    },
    [audit]: {
      ...(draw("audit stream") < 0.3 ? { streamReadsPerSecond: 0.02 } : {}),
      indexes: { "by-day": maybe("day", 0.5) },
    },
  };
}
