import type { PriceBook } from "../../optimizer/core/model/rule.ts";
import { fargatePrices } from "./fargate-prices.ts";
import { rdsHourly } from "./rds-prices.ts";
import { s3Prices } from "./s3-prices.ts";

/** What most tests pay: round where no figure is asked for, unknown for all else. */
export const somePrices: PriceBook = {
  source: "test",
  asOf: "2026-01-01",
  hash: "0".repeat(64),
  ec2Hourly: (_, type) => ({ "m5.8xlarge": 1.536, "m5.4xlarge": 0.768, "m5.2xlarge": 0.384, "m5.xlarge": 0.192 })[type] ?? null,
  auroraHourly: (_, __, type, storage) =>
    (storage === "io-optimized"
      ? { "db.r6g.8xlarge": 5.398, "db.r6g.4xlarge": 2.699, "db.r6g.2xlarge": 1.349, "db.r6g.xlarge": 0.675 }
      : { "db.r6g.8xlarge": 4.152, "db.r6g.4xlarge": 2.076, "db.r6g.2xlarge": 1.038, "db.r6g.xlarge": 0.519 }
    )[type] ?? null,
  auroraAcuHourly: (_, storage) => (storage === "standard" ? 0.12 : 0.16),
  auroraIoRequest: () => 0.000_000_2,
  rdsHourly,
  redisHourly: (_, type) => ({ "cache.r6g.4xlarge": 1.642, "cache.r6g.2xlarge": 0.821, "cache.r6g.xlarge": 0.411, "cache.r6g.large": 0.206 })[type] ?? null,
  lambda: (_, architecture) => ({ gbSecond: architecture === "arm64" ? 0.000_013_333_4 : 0.000_016_666_7, ephemeralStorageGbSecond: 0.000_000_030_9 }),
  fargate: fargatePrices,
  dynamoDb: (_, tableClass) =>
    tableClass === "STANDARD_INFREQUENT_ACCESS"
      ? { writeRequestUnit: 0.000_000_78, readRequestUnit: 0.000_000_155, storageGbMonth: 0.1, readCapacityHour: 0.000_16, writeCapacityHour: 0.000_81 }
      : { writeRequestUnit: 0.000_000_625, readRequestUnit: 0.000_000_125, storageGbMonth: 0.25, readCapacityHour: 0.000_13, writeCapacityHour: 0.000_65 },
  s3: () => s3Prices,
  metricRequest: () => 0.000_01,
  costExplorerRequest: () => 0.01,
};
