import type { Described } from "../../model/resource-ref.ts";
import type { Seen } from "../../model/seen.ts";
import type { ResourceFacts } from "../resource-facts.ts";

export interface LoadBalancer extends Described {
  readonly kind: "load-balancer";
  /** `app/<name>/<id>`: the value of the CloudWatch dimension LoadBalancer. */
  readonly fullName: string;
  /** `targetgroup/<name>/<id>`. */
  readonly targetGroups: readonly string[];
  /** Zones that are enabled for it: targets in others get no request. Absent where AWS does not tell them, and in plans of older releases. */
  readonly zones?: readonly string[];
  /** How each of its target groups spreads requests. Absent in plans of older releases. */
  readonly routing?: Seen<readonly TargetGroupRouting[]>;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html */
export interface TargetGroupRouting {
  /** `targetgroup/<name>/<id>`. */
  readonly targetGroup: string;
  /** Cross-zone load balancing is off: what arrives in a zone goes to the targets in that zone alone. */
  readonly keepsToZone: boolean;
  /** With fewer healthy targets a zone gets no requests any more, or unhealthy targets get them, too. One, unless somebody asks for more. */
  readonly leastHealthy: number;
}

export const loadBalancerFacts: ResourceFacts<LoadBalancer> = {
  word: "load balancer",
  partWord: "",
  tags: ({ tags }) => [tags],
  restsOnAlways: ({ tags, targetGroups, zones, routing }) => ({ tags, targetGroups, zones: zones ?? null, routing: routing ?? null }),
  form: () => ({}),
  otherZones: () => "AWS places it in zones itself",
};
