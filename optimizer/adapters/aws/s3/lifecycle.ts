import { GetBucketLifecycleConfigurationCommand, type LifecycleRule as AwsLifecycleRule, type S3Client } from "@aws-sdk/client-s3";
import type { LifecycleConfiguration, LifecycleRule } from "../../../core/levers/s3/bucket.ts";
import { awsNameOf } from "../aws-errors.ts";

/** The bucket's lifecycle configuration; one without any has no rules. */
export async function readLifecycle(client: S3Client, bucket: string): Promise<LifecycleConfiguration> {
  try {
    const { Rules: rules = [], TransitionDefaultMinimumObjectSize: size } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    return { rules: rules.map(ruleOf), ...(size === undefined ? {} : { minimumObjectSize: size }) };
  } catch (error) {
    if (awsNameOf(error) === "NoSuchLifecycleConfiguration") return { rules: [] };
    throw error;
  }
}

/** As data: dates as texts, and without what is not there. Nothing that AWS told is left out, since it will be written back. */
function ruleOf(rule: AwsLifecycleRule): LifecycleRule {
  return JSON.parse(JSON.stringify(rule)) as LifecycleRule;
}

/** As S3's API takes it. */
export function awsRuleOf({ Expiration: expiration, Transitions: moves, ...rule }: LifecycleRule): AwsLifecycleRule {
  return {
    ...(structuredClone(rule) as AwsLifecycleRule),
    ...(expiration === undefined ? {} : { Expiration: withDate(expiration) }),
    ...(moves === undefined ? {} : { Transitions: moves.map((move) => withDate(move) as NonNullable<AwsLifecycleRule["Transitions"]>[number]) }),
  };
}

function withDate<T extends { readonly Date?: string }>({ Date: date, ...rest }: T): Omit<T, "Date"> & { Date?: Date } {
  return date === undefined ? rest : { ...rest, Date: new Date(date) };
}
