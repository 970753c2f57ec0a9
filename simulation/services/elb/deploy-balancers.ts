import { liveResource } from "../../account/live-resource.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import { loadBalancers } from "../../shared/load-balancer.ts";
import { argumentsOf, type Arguments } from "../../terraform/arguments.ts";
import { arn, arnIsId, attribute } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { targetGroups } from "./target-group.ts";

function deployTargetGroup(resource: EvaluatedResource, context: DeploymentContext): void {
  const given = argumentsOf(resource);
  const owned = context.owned(resource, given.text("name"));
  context.state.of(targetGroups).add(owned.arn, {
    ...owned,
    name: given.text("name"),
    fullName: String(resource.attribute("arn_suffix")),
    port: given.number("port", 80),
    protocol: given.optionalText("protocol") ?? "HTTP",
    targetType: given.optionalText("target_type") ?? "instance",
    vpcId: given.text("vpc_id"),
    healthCheckPath: given.blocks("health_check")[0]?.optionalText("path") ?? null,
    crossZone: given.optionalText("load_balancing_cross_zone_enabled") ?? "use_load_balancer_configuration",
    leastHealthy: {
      dnsFailover: leastHealthyOf(given, "dns_failover"),
      unhealthyRouting: leastHealthyOf(given, "unhealthy_state_routing"),
    },
  });
}

/** Terraform's `target_group_health`; one healthy target is enough unless it says otherwise. */
function leastHealthyOf(given: Arguments, action: "dns_failover" | "unhealthy_state_routing"): string {
  const [block] = given.blocks("target_group_health").flatMap((health) => health.blocks(action));
  return block?.optionalText("minimum_healthy_targets_count") ?? "1";
}

function deployBalancer(resource: EvaluatedResource, context: DeploymentContext): void {
  const given = argumentsOf(resource);
  const owned = context.owned(resource, given.text("name"));
  const targets = forwardedTo(owned.arn, context);
  const { state } = context;
  state.of(loadBalancers).add(owned.arn, {
    ...owned,
    name: given.text("name"),
    fullName: String(resource.attribute("arn_suffix")),
    dnsName: String(resource.attribute("dns_name")),
    scheme: given.flag("internal", false) ? "internal" : "internet-facing",
    vpcId:
      state
        .of(targetGroups)
        .in(resource.region)
        .find((group) => targets.includes(group.arn))?.vpcId ?? null,
    subnets: given.texts("subnets").map((id) => ({ id, zone: zoneOf(id, context) })),
    securityGroupIds: given.texts("security_groups"),
    targetGroupArns: targets,
  });
}

function zoneOf(subnetId: string, context: DeploymentContext): string | null {
  const subnet = context.resources("aws_subnet").find((each) => String(each.attribute("id")) === subnetId);
  return subnet === undefined ? null : argumentsOf(subnet).optionalText("availability_zone");
}

/** ARNs of the target groups that the load balancer's listeners and their rules send requests to. */
function forwardedTo(balancerArn: string, context: DeploymentContext): readonly string[] {
  const listeners = context.resources("aws_lb_listener").filter((listener) => argumentsOf(listener).text("load_balancer_arn") === balancerArn);
  const listenerArns = listeners.map((listener) => String(listener.attribute("arn")));
  const rules = context.resources("aws_lb_listener_rule").filter((rule) => listenerArns.includes(argumentsOf(rule).text("listener_arn")));
  const actions = [
    ...listeners.flatMap((listener) => argumentsOf(listener).blocks("default_action")),
    ...rules.flatMap((rule) => argumentsOf(rule).blocks("action")),
  ];
  return [...new Set(actions.flatMap(targetsOfAction))];
}

function targetsOfAction(action: Arguments): readonly string[] {
  const weighted = action.blocks("forward").flatMap((forward) => forward.blocks("target_group").map((target) => target.text("arn")));
  return [...[action.optionalText("target_group_arn") ?? []].flat(), ...weighted];
}

/** Target groups first: a load balancer is deployed with the groups that it sends requests to. */
export const balancerTypes: Readonly<Record<string, ResourceType>> = {
  aws_lb_target_group: {
    attributes: {
      arn_suffix: (self) => `targetgroup/${self.text("name")}/${self.hex(16)}`,
      arn: arn("elasticloadbalancing", (self) => String(self.attribute("arn_suffix"))),
      id: attribute("arn"),
    },
    deploy: deployTargetGroup,
    live: liveResource(targetGroups),
  },
  aws_lb: {
    attributes: {
      arn_suffix: (self) => `app/${self.text("name")}/${self.hex(16)}`,
      arn: arn("elasticloadbalancing", (self) => `loadbalancer/${String(self.attribute("arn_suffix"))}`),
      id: attribute("arn"),
      dns_name: (self) => `${self.text("name")}-${parseInt(self.hex(8), 16)}.${self.region}.elb.amazonaws.com`,
      zone_id: (self) => `Z${self.hex(13).toUpperCase()}`,
    },
    deploy: deployBalancer,
    live: liveResource(loadBalancers),
  },
  aws_lb_listener: {
    attributes: arnIsId({ arn: (self) => `${self.text("load_balancer_arn").replace(":loadbalancer/", ":listener/")}/${self.hex(16)}` }),
  },
  aws_lb_listener_rule: {
    attributes: arnIsId({ arn: (self) => `${self.text("listener_arn").replace(":listener/", ":listener-rule/")}/${self.hex(16)}` }),
  },
};
