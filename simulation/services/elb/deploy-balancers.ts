import type { DeploymentContext } from "../../deployment/deployment-context.ts";
import { argumentsOf, type Arguments } from "../../terraform/arguments.ts";

/** Load balancers with the target groups that their listeners and rules forward to. */
export function addBalancers(context: DeploymentContext): void {
  for (const resource of context.resources("aws_lb_target_group")) {
    const given = argumentsOf(resource);
    const owned = context.owned(resource, given.text("name"));
    context.state.targetGroups.add(owned.arn, {
      ...owned,
      name: given.text("name"),
      fullName: String(resource.attribute("arn_suffix")),
      port: given.number("port", 80),
      protocol: given.optionalText("protocol") ?? "HTTP",
      targetType: given.optionalText("target_type") ?? "instance",
      vpcId: given.text("vpc_id"),
      healthCheckPath: given.blocks("health_check")[0]?.optionalText("path") ?? null,
    });
  }
  const targetsOf = forwarding(context);
  for (const resource of context.resources("aws_lb")) {
    const given = argumentsOf(resource);
    const owned = context.owned(resource, given.text("name"));
    context.state.loadBalancers.add(owned.arn, {
      ...owned,
      name: given.text("name"),
      fullName: String(resource.attribute("arn_suffix")),
      dnsName: String(resource.attribute("dns_name")),
      scheme: given.flag("internal", false) ? "internal" : "internet-facing",
      vpcId: context.state.targetGroups.in(resource.region).find((group) => targetsOf.get(owned.arn)?.has(group.arn))?.vpcId ?? null,
      subnetIds: given.texts("subnets"),
      securityGroupIds: given.texts("security_groups"),
      targetGroupArns: [...(targetsOf.get(owned.arn) ?? [])],
    });
  }
}

/** Target groups by the ARN of the balancer that sends them requests. */
function forwarding(context: DeploymentContext): ReadonlyMap<string, ReadonlySet<string>> {
  const byBalancer = new Map<string, Set<string>>();
  const balancerOf = new Map<string, string>();
  const note = (balancer: string, actions: readonly Arguments[]): void => {
    const targets = byBalancer.get(balancer) ?? new Set();
    for (const target of actions.flatMap(targetsOfAction)) targets.add(target);
    byBalancer.set(balancer, targets);
  };
  for (const listener of context.resources("aws_lb_listener")) {
    const given = argumentsOf(listener);
    balancerOf.set(String(listener.attribute("arn")), given.text("load_balancer_arn"));
    note(given.text("load_balancer_arn"), given.blocks("default_action"));
  }
  for (const rule of context.resources("aws_lb_listener_rule")) {
    const given = argumentsOf(rule);
    const balancer = balancerOf.get(given.text("listener_arn"));
    if (balancer !== undefined) note(balancer, given.blocks("action"));
  }
  return byBalancer;
}

function targetsOfAction(action: Arguments): readonly string[] {
  const weighted = action.blocks("forward").flatMap((forward) => forward.blocks("target_group").map((target) => target.text("arn")));
  return [...[action.optionalText("target_group_arn") ?? []].flat(), ...weighted];
}
