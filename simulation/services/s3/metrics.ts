import type { MetricQuestion } from "../../account/service.ts";
import type { LoadModel } from "../../load/load-model.ts";
import { perEvent, silence, type MetricSeries, type TickSamples } from "../../load/metric-series.ts";
import { tickMs, ticksPerDay } from "../../load/tick.ts";
import { buckets, type Bucket } from "./bucket.ts";
import type { BucketDemand } from "./demand.ts";
import { demandOf, storedAt, type Stored } from "./load.ts";

const bytesPerGib = 1024 ** 3;

/** AWS/S3 by BucketName with StorageType, once a day, and with FilterId, where somebody turned request metrics on. */
export function bucketSeries(model: LoadModel, { region, metric, dimensions }: MetricQuestion): MetricSeries | null {
  const bucket = model.state.of(buckets).get(region, dimensions.get("BucketName") ?? "");
  const demand = bucket && demandOf(model, bucket);
  if (bucket === undefined || demand === undefined || dimensions.size !== 2) return null;
  const [storageType, filter] = [dimensions.get("StorageType"), dimensions.get("FilterId")];
  if (storageType !== undefined) return ofStorage(model, bucket, demand, metric, storageType);
  return filter !== undefined && filter === demand.requestMetrics ? ofRequests(model, demand, metric) : null;
}

const figures: Readonly<Record<string, keyof Stored>> = {
  StandardStorage: "standard",
  IntelligentTieringFAStorage: "frequent",
  IntelligentTieringIAStorage: "infrequent",
  IntelligentTieringAIAStorage: "archiveInstant",
  StandardIAStorage: "standardIa",
};

/** One sample a day, of its beginning; none of a storage type without bytes. */
function ofStorage(model: LoadModel, bucket: Bucket, demand: BucketDemand, metric: string, storageType: string): MetricSeries | null {
  const isCount = metric === "NumberOfObjects" && storageType === "AllStorageTypes";
  const figure = isCount ? "objects" : figures[storageType];
  if (figure === undefined || (!isCount && metric !== "BucketSizeBytes")) return null;
  return series(model, isCount ? "Count" : "Bytes", (tick, samples) => {
    if (tick % ticksPerDay !== 0) return silence(samples);
    const value = storedAt(model, bucket, demand, tick * tickMs)[figure];
    return value === 0 ? silence(samples) : perEvent(samples, 1, isCount ? value : value * bytesPerGib);
  });
}

/** GET requests alone come; a sample each. */
function ofRequests(model: LoadModel, { getsPerDay = 0, downloadedGibPerDay = 0 }: BucketDemand, metric: string): MetricSeries | null {
  const count = Math.round(getsPerDay / ticksPerDay);
  switch (metric) {
    case "AllRequests":
    case "GetRequests":
      return series(model, "Count", (_, samples) => perEvent(samples, count, 1));
    case "BytesDownloaded":
      return series(model, "Bytes", (_, samples) => perEvent(samples, count, (downloadedGibPerDay * bytesPerGib) / ticksPerDay / count));
    default:
      return null;
  }
}

/** Nothing of before the account's history. */
function series({ state }: LoadModel, unit: MetricSeries["unit"], fill: (tick: number, samples: TickSamples) => void): MetricSeries {
  return {
    unit,
    shape: "normal",
    percentiles: false,
    ceiling: Infinity,
    fill: (tick, samples) => (tick * tickMs < state.bornMs ? silence(samples) : fill(tick, samples)),
  };
}
