import { metricOf } from "../../optimizer/core/metrics/catalogue.ts";
import { pointsOf } from "../../optimizer/core/metrics/metric-batches.ts";
import type { Deployments } from "../../optimizer/core/model/deployment.ts";
import { noPoints, type Observation, type SeriesKey, type Span } from "../../optimizer/core/model/observation.ts";
import type { Resource } from "../../optimizer/core/levers/resource-kinds.ts";
import { aDefinition } from "../../__tests__/support/aurora-definition.ts";
import { emptyDeployment } from "../../__tests__/support/empty-deployment.ts";
import { aBalancer, aCluster, aGroup, aMember, anIndex, aTable, primary, secondary } from "../../__tests__/support/world.ts";

export const regions = [primary, secondary];
export const deployments: Deployments = { deployments: regions.map((region) => emptyDeployment(region)), missing: [], warnings: [] };

const indexNames = ["by-plan", "by-domain", "by-actor", "by-day"];

/** An account with this many resources: two fifths are groups, two fifths tables with four indexes, one fifth clusters of three members. Each region has a load balancer besides. */
export function largeAccount(count: number): readonly Resource[] {
  const named = Array.from({ length: count }, (_, place) => one(place, regions[place % 10 < 5 ? 0 : 1] ?? primary));
  return [...regions.map((region) => aBalancer(region)), ...named];
}

function one(place: number, region: string): Resource {
  switch (place % 5) {
    case 0:
    case 1:
      return aGroup({ name: `web-${place}`, region });
    case 2:
    case 3:
      return aTable({ name: `table-${place}`, region, replicaRegions: [region], indexes: indexNames.map((name) => anIndex(name)) });
    default: {
      const name = `aurora-${place}`;
      const member = (zone: string, number: number) => {
        const definition = aDefinition({ availabilityZone: `${region}${zone}`, promotionTier: number });
        return aMember(`${name}-${number}`, { role: number === 1 ? "writer" : "reader", promotionTier: number, definition });
      };
      const members = ["a", "b", "c"].map((zone, at) => member(zone, at + 1));
      return aCluster({ name, region, members });
    }
  }
}

/** What a metric moves around, and how far: each resource's own day and noise come on top. Metrics that are not here have no point. */
const courses: Readonly<Record<string, { readonly idle: number; readonly busy: number }>> = {
  "AWS/EC2 CPUUtilization": { idle: 6, busy: 55 },
  "AWS/EC2 NetworkIn": { idle: 1e8, busy: 2e9 },
  "AWS/EC2 NetworkOut": { idle: 2e8, busy: 4e9 },
  "CWAgent mem_used_percent": { idle: 12, busy: 38 },
  "AWS/AutoScaling GroupInServiceInstances": { idle: 15, busy: 15 },
  "AWS/DynamoDB ConsumedWriteCapacityUnits": { idle: 2_000, busy: 90_000 },
  "AWS/DynamoDB ConsumedReadCapacityUnits": { idle: 1, busy: 5_000 },
  "AWS/RDS AuroraReplicaLag": { idle: 10, busy: 20 },
  "AWS/RDS CPUUtilization": { idle: 4, busy: 45 },
  "AWS/RDS DatabaseConnections": { idle: 120, busy: 900 },
  "AWS/RDS BufferCacheHitRatio": { idle: 99.9, busy: 99.9 },
  "AWS/RDS ReadIOPS": { idle: 20, busy: 60 },
  "AWS/RDS WriteIOPS": { idle: 400, busy: 900 },
  "AWS/RDS FreeLocalStorage": { idle: 3e11, busy: 3e11 },
  "AWS/RDS VolumeBytesUsed": { idle: 2e10, busy: 4e11 },
  "AWS/ApplicationELB RequestCount": { idle: 90_000, busy: 90_000 },
  "AWS/ApplicationELB TargetResponseTime": { idle: 0.2, busy: 0.2 },
  "AWS/ApplicationELB HealthyHostCount": { idle: 15, busy: 15 },
};
/** Figures that do not follow the load. */
const steady = new Set(["GroupInServiceInstances", "BufferCacheHitRatio", "FreeLocalStorage", "VolumeBytesUsed", "HealthyHostCount"]);

/** What CloudWatch has of a series: its resource's mean, a day's wave and noise; the same at every run. */
export function observe(key: SeriesKey, span: Span): Observation {
  const periods = pointsOf(key, span);
  const course = isThere(key) ? courses[`${key.namespace} ${key.metric}`] : undefined;
  const values = course === undefined ? noPoints(periods) : new Float64Array(periods);
  if (course !== undefined) {
    const resource = Object.values(key.dimensions).join("/");
    let seed = hashOf(`${resource} ${key.metric} ${key.statistic}`);
    const base = course.idle + ((course.busy - course.idle) * (hashOf(resource) % 1000)) / 1000;
    const isSteady = steady.has(key.metric);
    const top = key.statistic === "Maximum" && !isSteady ? 1.25 : 1;
    for (let period = 0; period < values.length; period++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const hourOfDay = ((period * key.periodSeconds) / 3600) % 24;
      values[period] = isSteady ? base : base * top * (1 + 0.4 * Math.sin((hourOfDay / 24) * 2 * Math.PI) + 0.1 * (seed / 2 ** 32));
    }
  }
  return { key, unit: metricOf(key)?.unit ?? "None", startMs: span.startMs, values, status: "complete" };
}

/** Every second index is queried, and tables report their writes alone; readers report a lag, a writer does not. */
function isThere({ metric, dimensions }: SeriesKey): boolean {
  if (metric === "ConsumedReadCapacityUnits") return hashOf(Object.values(dimensions).join("/")) % 2 === 0;
  return metric !== "AuroraReplicaLag" || dimensions["DBInstanceIdentifier"]?.endsWith("-1") !== true;
}

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return hash >>> 0;
}
