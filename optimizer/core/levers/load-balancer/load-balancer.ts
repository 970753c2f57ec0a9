import type { Described } from "../../model/resource-ref.ts";

export interface LoadBalancer extends Described {
  readonly kind: "load-balancer";
  /** `app/<name>/<id>`: the value of the CloudWatch dimension LoadBalancer. */
  readonly fullName: string;
  /** `targetgroup/<name>/<id>`. */
  readonly targetGroups: readonly string[];
}
