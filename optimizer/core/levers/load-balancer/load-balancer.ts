import type { Described } from "../../model/resource-ref.ts";
import type { ResourceFacts } from "../resource-facts.ts";

export interface LoadBalancer extends Described {
  readonly kind: "load-balancer";
  /** `app/<name>/<id>`: the value of the CloudWatch dimension LoadBalancer. */
  readonly fullName: string;
  /** `targetgroup/<name>/<id>`. */
  readonly targetGroups: readonly string[];
  /** Zones that are enabled for it: targets in others get no request. Absent where AWS does not tell them, and in plans of older releases. */
  readonly zones?: readonly string[];
}

export const loadBalancerFacts: ResourceFacts<LoadBalancer> = {
  word: "load balancer",
  partWord: "",
  tags: ({ tags }) => [tags],
  restsOnAlways: ({ tags, targetGroups, zones }) => ({ tags, targetGroups, zones: zones ?? null }),
  form: () => ({}),
  otherZones: () => "AWS places it in zones itself",
};
