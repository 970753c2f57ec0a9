import { FlowLog } from "@cdktf/provider-aws/lib/flow-log/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { Construct } from "constructs";
import { encryptedLogGroup } from "../encryption/encrypted-log-group.ts";
import type { Names } from "../names.ts";
import { policyDocument, trustPolicy } from "../policy-document.ts";

export interface FlowLogsProps {
  readonly names: Names;
  readonly vpcId: string;
  readonly keyArn: string;
  readonly logGroup: string;
  readonly retentionDays: number;
}

/** All traffic of a VPC, accepted and rejected, into an encrypted log group. */
export class FlowLogs extends Construct {
  private readonly names: Names;
  private readonly destination: { readonly logDestination: string; readonly iamRoleArn: string };

  constructor(scope: Construct, id: string, { names, vpcId, keyArn, logGroup: name, retentionDays }: FlowLogsProps) {
    super(scope, id);
    const logGroup = encryptedLogGroup(this, "log-group", name, { keyArn, retentionDays });
    const role = new IamRole(this, "role", { name: names.role("flow"), assumeRolePolicy: trustPolicy("vpc-flow-logs.amazonaws.com", names.accountId) });
    new IamRolePolicy(this, "policy", {
      name: "write-flow-logs",
      role: role.name,
      policy: policyDocument({
        Sid: "WriteFlowLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
        Resource: [logGroup.arn, `${logGroup.arn}:*`],
      }),
    });
    this.names = names;
    this.destination = { logDestination: logGroup.arn, iamRoleArn: role.arn };
    this.watch("flow-log", vpcId);
  }

  /** Another VPC, into the same log group. */
  watch(id: string, vpcId: string): void {
    new FlowLog(this, id, {
      vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      ...this.destination,
      maxAggregationInterval: 60,
      tags: { Name: this.names.resource("flow") },
    });
  }
}
