import type { Names } from "../names.ts";
import type { Statement } from "../policy-document.ts";

const useKey = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:DescribeKey",
];

/** CloudWatch Logs of this region and account. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
export function logsMayUseKey({ region, accountId }: Names): Statement {
  return {
    Sid: "LogGroups",
    Effect: "Allow",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: useKey,
    Resource: "*",
    Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${accountId}:log-group:*` } },
  };
}

/** Auto Scaling attaches encrypted volumes through grants. https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html */
export function autoScalingMayUseKey(serviceRoleArn: string): readonly Statement[] {
  const principal = { Principal: { AWS: serviceRoleArn }, Effect: "Allow", Resource: "*" } as const;
  return [
    { Sid: "AutoScalingVolumes", ...principal, Action: useKey },
    { Sid: "AutoScalingGrants", ...principal, Action: "kms:CreateGrant", Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
  ];
}

/** CloudWatch alarms of this account that publish to an encrypted topic. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
export function alarmsMayUseKey({ accountId }: Names): Statement {
  return {
    Sid: "Alarms",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  };
}
