import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../names.ts";
import { policyDocument, trustPolicy, type Statement } from "../policy-document.ts";
import { agentNamespace } from "./agent-configuration.ts";
import { instanceShellStatements } from "./shell-access.ts";
import { onArns, storeStatements, type StoreGrants } from "./store-grants.ts";

/** ARNs of what the application may use. */
export interface InstanceGrants extends StoreGrants {
  readonly logGroupArn: string;
  readonly agentParameterArn: string;
  readonly shellAccess: boolean;
}

export interface InstanceRoleProps {
  readonly names: Names;
  readonly grants: InstanceGrants;
}

/** What an instance of the group may do: its own tables, secrets and keys, its metrics and logs; nothing else. */
export class InstanceRole extends Construct {
  readonly profileArn: string;
  /** An instance that starts before its role may do anything reads no configuration. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { names, grants }: InstanceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", { name: names.role("app"), assumeRolePolicy: trustPolicy("ec2.amazonaws.com") });
    this.policies = [new IamRolePolicy(this, "policy", { name: "app", role: role.name, policy: policyDocument(...statements(grants)) })];
    this.profileArn = new IamInstanceProfile(this, "profile", { name: names.role("app"), role: role.name }).arn;
  }
}

function statements(grants: InstanceGrants): readonly Statement[] {
  return [
    ...storeStatements(grants),
    ...instanceShellStatements(grants.shellAccess),
    ...onArns("Logs", ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"], [grants.logGroupArn, `${grants.logGroupArn}:*`]),
    ...onArns("AgentConfiguration", ["ssm:GetParameter"], [grants.agentParameterArn]),
    // AWS offers neither call a resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    {
      Sid: "Metrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": agentNamespace } },
    },
    // The agent reads its group's name from the instance's tags.
    { Sid: "OwnTags", Effect: "Allow", Action: "ec2:DescribeTags", Resource: "*" },
  ];
}
