import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import type { Construct } from "constructs";
import type { Names } from "../names.ts";
import { trustPolicy } from "../policy-document.ts";

/** The role by which RDS writes enhanced monitoring of a region's databases. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html */
export function monitoringRole(scope: Construct, names: Names): IamRole {
  const role = new IamRole(scope, "monitoring-role", {
    name: names.role("rds-monitoring"),
    assumeRolePolicy: trustPolicy("monitoring.rds.amazonaws.com", names.accountId),
  });
  new IamRolePolicyAttachment(scope, "monitoring-policy", {
    role: role.name,
    policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
  });
  return role;
}
