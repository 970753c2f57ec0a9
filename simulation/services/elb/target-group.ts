import { ElasticLoadBalancingV2ServiceException } from "@aws-sdk/client-elastic-load-balancing-v2";
import { serviceErrors } from "../../account/service-error.ts";
import { regionalStore, type Owned } from "../../account/state.ts";

export const errors = serviceErrors(ElasticLoadBalancingV2ServiceException, "query");

export interface TargetGroup extends Owned {
  readonly name: string;
  /** `targetgroup/<name>/<id>`. */
  readonly fullName: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetType: string;
  readonly vpcId: string;
  readonly healthCheckPath: string | null;
  /** `true`, `false` or `use_load_balancer_configuration`, as Terraform sets it. */
  readonly crossZone: string;
  /** `off` or a number, for each of the two things that happen with fewer healthy targets in a zone. */
  readonly leastHealthy: { readonly dnsFailover: string; readonly unhealthyRouting: string };
}

export const targetGroups = regionalStore<TargetGroup>();
