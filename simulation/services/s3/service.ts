import { mutation, query, type Service } from "../../account/service.ts";
import { errors } from "./bucket.ts";
import { bucketsDemand } from "./demand.ts";
import { bucketTypes } from "./deploy-buckets.ts";
import {
  getBucketLifecycleConfiguration,
  getBucketLocation,
  getBucketTagging,
  getBucketVersioning,
  listBucketIntelligentTieringConfigurations,
  listBucketMetricsConfigurations,
} from "./describe.ts";
import { unitsUsed } from "./load.ts";
import { bucketSeries } from "./metrics.ts";
import { putBucketLifecycleConfiguration } from "./put-lifecycle.ts";

export const s3: Service = {
  name: "s3",
  api: {
    client: "S3Client",
    errors,
    commands: {
      GetBucketLifecycleConfiguration: query(getBucketLifecycleConfiguration),
      GetBucketLocation: query(getBucketLocation),
      GetBucketTagging: query(getBucketTagging),
      GetBucketVersioning: query(getBucketVersioning),
      ListBucketIntelligentTieringConfigurations: query(listBucketIntelligentTieringConfigurations),
      ListBucketMetricsConfigurations: query(listBucketMetricsConfigurations),
      PutBucketLifecycleConfiguration: mutation(putBucketLifecycleConfiguration),
    },
  },
  resources: bucketTypes,
  demands: [bucketsDemand],
  metrics: { "AWS/S3": { percentiles: false, series: bucketSeries } },
  usage: { billedAs: "Amazon Simple Storage Service", units: unitsUsed },
};
