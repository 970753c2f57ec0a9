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
}

export const targetGroups = regionalStore<TargetGroup>();
