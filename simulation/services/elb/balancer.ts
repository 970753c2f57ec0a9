import type { Owned } from "../../owned.ts";

export interface LoadBalancer extends Owned {
  readonly name: string;
  /** `app/<name>/<id>`: the value of the CloudWatch dimension LoadBalancer. */
  readonly fullName: string;
  readonly dnsName: string;
  readonly scheme: "internal" | "internet-facing";
  readonly vpcId: string | null;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Of the groups its listeners and rules forward to. */
  readonly targetGroupArns: readonly string[];
}

export interface TargetGroup extends Owned {
  readonly name: string;
  /** `targetgroup/<name>/<id>`. */
  readonly fullName: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetType: string;
  readonly vpcId: string;
  readonly healthCheckPath: string | null;
}
