import { z } from "zod";
import { architectures, instanceLifetimeLimits } from "../../constructs/compute/fleet-application.ts";
import { databaseInsightsModes } from "../../constructs/data/database-insights.ts";
import { sizingSchema } from "../../contract/sizing.ts";
import { mysqlVersions } from "../../constructs/data/mysql-settings.ts";
import { lifetimes } from "../../constructs/lifetime.ts";
import { networkModes, peeringModes, presetNames } from "../blueprints/blueprint.ts";
import { faultyFields, withoutFields } from "./faulty-fields.ts";
import type { Problem } from "./problem.ts";

/**
 * Letters, digits and single hyphens, as the strictest of AWS's services take them in names. Fifteen characters, so that
 * `tap-{suffix}-metrics-9090` still fits the 32 of a target group.
 */
const suffix = z
  .string()
  .max(15, "longer than 15 characters")
  .regex(/^[a-z](?:-?[a-z0-9])*$/, "not of lower-case letters, digits and single hyphens, a letter first");

const region = z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "not the name of a region");
const domainName = z.string().regex(/^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/, "not a domain name in lower case");
const certificateArn = z.string().regex(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/, "not the ARN of an ACM certificate");
/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const tagValue = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, "has characters that AWS takes in no tag");

/** An AMI's id, or the name of an SSM parameter that holds one, with a version or label if need be. */
const amiFault = "neither the id of an AMI nor the name of an SSM parameter, which begins with a slash";
const ami = z.string().regex(/^(?:ami-[0-9a-f]{8}(?:[0-9a-f]{9})?|\/[\w./-]{1,1010}(?::[\w.-]{1,100})?)$/, amiFault);
const port = z.int("not a port").min(1, "not a port").max(65_535, "not a port");
const { least, most } = instanceLifetimeLimits;

const blueprintName = z.enum(["saas", "web", "streaming"]);
export type BlueprintName = z.infer<typeof blueprintName>;

/** What a user may say of the stacks, in any of the sources. Everything may be left out. */
export const configurationSchema = z.strictObject({
  /** Which stacks: blueprints.md. */
  blueprint: blueprintName.optional(),
  /** `production` is protected against deletion; `staging` and any other name are disposable, and have the sizes of staging. */
  environment: suffix.optional(),
  /** What `terraform destroy` may take with it: see below. Production must say `recoverable` or `disposable`, and be applied with it, before it can be destroyed. */
  lifetime: z.enum(lifetimes, `not one of the lifetimes: ${lifetimes.join(", ")}`).optional(),
  /** Part of every name. */
  suffix: suffix.optional(),
  /** A tag on everything. */
  project: tagValue.optional(),
  /** A tag on everything. */
  owner: tagValue.optional(),
  /** A tag on everything. */
  costCenter: tagValue.optional(),
  /** The e-mail address that gets alarms. AWS asks it for a confirmation first. */
  alarmEmail: z.email("not an e-mail address").optional(),
  /** Primary first: regions.md. */
  regions: z.array(region).min(1).optional(),
  /** Other sizes of production, by name. */
  preset: z.enum(presetNames, `not one of the presets: ${presetNames.join(", ")}`).optional(),
  /** A VPC of each stack's own, or the account's default VPC. */
  network: z.enum(networkModes, `not one of the networks: ${networkModes.join(", ")}`).optional(),
  /** Between the stacks' VPCs, between the smallest ones that AWS makes, or none: decisions/0005-peering-two-regions.md. */
  peering: z.enum(peeringModes, `not one of the kinds of peering: ${peeringModes.join(", ")}`).optional(),
  /** The application's name in the internet, e.g. `shop.example.com`. */
  domain: domainName.optional(),
  /** The public hosted zone of the domain; its parent unless said. */
  hostedZone: domainName.optional(),
  /** By region: /16 to /20, and to /28 of VPCs for peering only. */
  cidr: z.record(region, z.string()).optional(),
  /** Three zone letters by region. */
  zones: z
    .record(
      region,
      z
        .array(z.string().regex(/^[a-z]$/, "not a zone letter"))
        .length(3, "not three zones")
        .refine((letters) => new Set(letters).size === letters.length, "names a zone twice"),
    )
    .optional(),
  /** An ACM certificate of each region; the ARN tells which. */
  certificateArn: z.array(certificateArn).optional(),
  /** The engine version of the Aurora database, e.g. `8.0.mysql_aurora.3.10.0`. */
  auroraEngineVersion: z
    .string()
    .regex(/^8\.0\.mysql_aurora\.3\.\d{2}\.\d+$/, "not a version of Aurora MySQL 3")
    .optional(),
  /** Major version of RDS for MySQL. */
  rdsEngineVersion: z.enum(mysqlVersions, `not a major version of RDS for MySQL: ${mysqlVersions.join(", ")}`).optional(),
  /** `advanced` is billed by vCPU and hour, and keeps 465 days of Performance Insights in place of 731. */
  databaseInsights: z.enum(databaseInsightsModes).optional(),
  /** The engine version of a serverless database, e.g. `17.7`. */
  postgresEngineVersion: z
    .string()
    .regex(/^\d{2}\.\d{1,2}$/, "not a version of Aurora PostgreSQL")
    .optional(),
  /** What the container service runs, e.g. `public.ecr.aws/…:1.2` or an image of the account's own registry; it answers on the port that `PORT` names. */
  image: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.:-]*(?:\/[a-z0-9._-]+)+(?::[\w.-]{1,128}|@sha256:[0-9a-f]{64})$/, "not an image with its registry and a tag or digest")
    .optional(),
  /** What instances boot from, see below: one parameter for all regions, or an id or parameter by region. */
  ami: z.union([ami, z.record(region, ami)], amiFault).optional(),
  /** The architecture of the AMI, where the name of its parameter does not say it. */
  amiArchitecture: z.enum(architectures, `not one of the architectures: ${architectures.join(", ")}`).optional(),
  /** A file with a shell script or cloud-config, see below, that each instance runs at its first boot, in place of the placeholder page. */
  userDataFile: z.string().min(1).optional(),
  /** What the application listens on, by target group, e.g. `api` and `admin`. */
  ports: z.record(z.string(), port).optional(),
  /** Days until an instance is replaced, so that its image is never older. */
  maxInstanceLifetimeDays: z.int("not a number of days").min(least, `less than ${least} day`).max(most, `more than ${most} days`).optional(),
  /** Shells through Session Manager, for those whom IAM allows it. No port is open for them. */
  shellAccess: z.boolean("neither true nor false").optional(),
  /** In the account's default VPC only: `false` where it has another way out. */
  publicAddresses: z.boolean("neither true nor false").optional(),
  /** Whether a secondary's database hands writes on to the primary's. */
  globalWriteForwarding: z.boolean("neither true nor false").optional(),
  /**
   * `false`: no functions. `true`: in a blueprint that has none, one that writes every change of the stack's own tables to a bucket.
   * Left out: what the blueprint has.
   */
  functions: z.boolean("neither true nor false").optional(),
  /** Sources add to each other. */
  state: z
    .strictObject({
      /** An S3 bucket for the Terraform state of a team, see below; without one it lies in files. */
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "not the name of a bucket")
        .optional(),
      /** The region of the bucket; not the primary's. */
      region: region.optional(),
      /** The key that encrypts it there. */
      kmsKeyId: z.string().min(1).optional(),
    })
    .optional(),
  /** Sizes by stack name, as in the sizing files. */
  sizing: z.record(z.string(), sizingSchema.omit({ version: true })).optional(),
});

export type Configuration = z.infer<typeof configurationSchema>;

export interface Parsed<T> {
  /** Absent when nothing is left that could be used. */
  readonly data: T | undefined;
  /** Fields that were refused. */
  readonly refused: readonly string[];
}

/**
 * Checks one source. What is wrong goes to `problems` with `source` before its path. The fields that are right are returned all the same, so
 * that rules between settings report what they find in the same breath.
 */
export function parseSource<T>(schema: z.ZodType<T>, value: unknown, source: string, hint: string, problems: Problem[]): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { data: result.data, refused: [] };
  for (const issue of result.error.issues) {
    const path = issue.path.map(String).join(".");
    problems.push({ path: path === "" ? source : `${source}: ${path}`, message: issue.message, hint });
  }
  const refused = faultyFields(result.error);
  return { data: schema.safeParse(withoutFields(value, refused)).data, refused };
}
