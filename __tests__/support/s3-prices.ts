import type { S3Prices } from "../../optimizer/core/model/rule.ts";

export const s3Prices: S3Prices = {
  frequentGbMonth: 0.021,
  infrequentGbMonth: 0.0125,
  archiveInstantGbMonth: 0.004,
  archiveGbMonth: 0.0036,
  deepArchiveGbMonth: 0.000_99,
  monitoringObjectMonth: 0.000_002_5,
  standardIaGbMonth: 0.0125,
  standardIaRetrievalGb: 0.01,
  standardIaGet: 0.000_001,
  get: 0.000_000_4,
};
