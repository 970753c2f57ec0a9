import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { Construct } from "constructs";

export interface LogRetention {
  readonly keyArn: string;
  readonly retentionDays: number;
}

/** A log group made before its first writer, so that retention and encryption hold from the first line. */
export function encryptedLogGroup(scope: Construct, id: string, name: string, { keyArn, retentionDays }: LogRetention): CloudwatchLogGroup {
  return new CloudwatchLogGroup(scope, id, { name, retentionInDays: retentionDays, kmsKeyId: keyArn });
}
