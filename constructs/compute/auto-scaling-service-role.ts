import { IamServiceLinkedRole } from "@cdktf/provider-aws/lib/iam-service-linked-role/index.js";
import type { Construct } from "constructs";
import type { Names } from "../names.ts";

/**
 * A service-linked role of Auto Scaling for this stack alone. The account-wide one may not exist yet, and a key policy that
 * names a missing role is refused (MalformedPolicyDocument). https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html
 */
export function autoScalingServiceRole(scope: Construct, id: string, names: Names): IamServiceLinkedRole {
  return new IamServiceLinkedRole(scope, id, {
    awsServiceName: "autoscaling.amazonaws.com",
    // The whole name, "AWSServiceRoleForAutoScaling_" included, may have 64 characters.
    customSuffix: `${names.suffix}-${names.region}`,
    description: `Auto Scaling for TAP ${names.suffix} in ${names.region}`,
  });
}
