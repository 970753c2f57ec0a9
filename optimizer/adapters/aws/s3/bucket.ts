import {
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  ListBucketMetricsConfigurationsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Bucket } from "../../../core/levers/s3/bucket.ts";
import type { Tags } from "../../../core/model/resource-ref.ts";
import { awsNameOf } from "../aws-errors.ts";
import type { RegionClients } from "../client-factory.ts";
import { UnsupportedResource } from "../resource-gone.ts";
import { seen } from "../seen.ts";
import type { ResourceAdapter } from "../service-adapters.ts";
import { readTags } from "../tag-records.ts";
import { readLifecycle } from "./lifecycle.ts";

export const bucketAdapter: ResourceAdapter<Bucket> = {
  idsOf: ({ dataBuckets }) => dataBuckets,
  describe: describeBucket,
  tagsOf: async (clientsOf, { region, id }) => [await readBucketTags(clientsOf(region).s3, id)],
  bornOf: { notTold: "S3 tells a bucket's age only in a list of all buckets; one made anew has no lifecycle until somebody gives it one" },
};

/** Each fact by a call of its own: S3 has none that describes a bucket. */
async function describeBucket({ s3: client }: RegionClients, region: string, name: string): Promise<Bucket> {
  const { LocationConstraint: location } = await client.send(new GetBucketLocationCommand({ Bucket: name }));
  const home = regionOf(location);
  if (home !== region) throw new UnsupportedResource(`bucket ${name} is in ${home}, not in ${region}`);
  const [tags, lifecycle, versioning, archiveConfigurations, requestMetrics] = await Promise.all([
    readBucketTags(client, name),
    seen("GetBucketLifecycleConfiguration", () => readLifecycle(client, name)),
    seen("GetBucketVersioning", () => versioningOf(client, name)),
    seen("ListBucketIntelligentTieringConfigurations", () => archiveConfigurationsOf(client, name)),
    seen("ListBucketMetricsConfigurations", () => wholeBucketMetrics(client, name)),
  ]);
  return {
    kind: "s3-bucket",
    ref: { kind: "s3-bucket", region, id: name },
    arn: `arn:aws:s3:::${name}`,
    tags,
    lifecycle,
    versioning,
    archiveConfigurations,
    requestMetrics,
  };
}

/** Empty for us-east-1, and `EU` for buckets of before the region had its name (S3 API reference, GetBucketLocation). */
function regionOf(location: string | undefined): string {
  if (location === undefined || location === "") return "us-east-1";
  return location === "EU" ? "eu-west-1" : location;
}

async function readBucketTags(client: S3Client, bucket: string): Promise<Tags> {
  return readTags(async () => {
    try {
      return (await client.send(new GetBucketTaggingCommand({ Bucket: bucket }))).TagSet;
    } catch (error) {
      // S3's answer for a bucket that has no tags.
      if (awsNameOf(error) === "NoSuchTagSet") return [];
      throw error;
    }
  });
}

async function versioningOf(client: S3Client, bucket: string): Promise<"Enabled" | "Suspended" | "never"> {
  return (await client.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status ?? "never";
}

async function archiveConfigurationsOf(client: S3Client, bucket: string): Promise<readonly string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListBucketIntelligentTieringConfigurationsCommand({ Bucket: bucket, ...(token === undefined ? {} : { ContinuationToken: token }) }),
    );
    names.push(...(page.IntelligentTieringConfigurationList ?? []).flatMap(({ Id, Status }) => (Status === "Enabled" ? [Id ?? "unnamed"] : [])));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return names;
}

/** The id under which CloudWatch has the requests of the whole bucket; configurations with a filter tell of a part alone. */
async function wholeBucketMetrics(client: S3Client, bucket: string): Promise<string | null> {
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListBucketMetricsConfigurationsCommand({ Bucket: bucket, ...(token === undefined ? {} : { ContinuationToken: token }) }),
    );
    const whole = (page.MetricsConfigurationList ?? []).find(({ Id, Filter }) => Id !== undefined && Filter === undefined);
    if (whole?.Id !== undefined) return whole.Id;
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return null;
}
