import {
  LoadBalancerNotFoundException,
  TargetGroupNotFoundException,
  type DescribeLoadBalancersCommandInput,
  type DescribeLoadBalancersCommandOutput,
  type DescribeTagsCommandInput,
  type DescribeTagsCommandOutput,
  type DescribeTargetGroupAttributesCommandInput,
  type DescribeTargetGroupAttributesCommandOutput,
  type DescribeTargetHealthCommandInput,
  type DescribeTargetHealthCommandOutput,
  type DescribeTargetGroupsCommandInput,
  type DescribeTargetGroupsCommandOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import type { AccountState, Owned } from "../../account/state.ts";
import { refusal } from "../../account/service-error.ts";
import { pageOf, type Page } from "../../account/page.ts";
import { fleets } from "../../shared/fleet.ts";
import { loadBalancers, type LoadBalancer } from "../../shared/load-balancer.ts";
import { errors, targetGroups, type TargetGroup } from "./target-group.ts";

const defaultPageSize = 400;

export function describeLoadBalancers(input: DescribeLoadBalancersCommandInput, { state, region }: CallContext): Answer<DescribeLoadBalancersCommandOutput> {
  const found = select(state.of(loadBalancers).in(region), input.LoadBalancerArns, input.Names, (wanted) => {
    throw new LoadBalancerNotFoundException(refusal(`Load balancers '[${wanted}]' not found`));
  });
  const page = paged(found, input);
  return { LoadBalancers: page.items.map((balancer) => describeBalancer(balancer, state)), ...nextMarker(page) };
}

export function describeTargetGroups(input: DescribeTargetGroupsCommandInput, { state, region }: CallContext): Answer<DescribeTargetGroupsCommandOutput> {
  const chosen = select(state.of(targetGroups).in(region), input.TargetGroupArns, input.Names, (wanted) => {
    throw new TargetGroupNotFoundException(refusal(`Target groups '${wanted}' not found`));
  });
  const page = paged(behind(chosen, input.LoadBalancerArn, { state, region }), input);
  return { TargetGroups: page.items.map((group) => describeTargetGroup(group, { state, region })), ...nextMarker(page) };
}

function behind(
  groups: readonly TargetGroup[],
  balancerArn: string | undefined,
  { state, region }: Pick<CallContext, "state" | "region">,
): readonly TargetGroup[] {
  if (balancerArn === undefined) return groups;
  const balancer = state.of(loadBalancers).get(region, balancerArn);
  if (balancer === undefined) throw new LoadBalancerNotFoundException(refusal(`Load balancers '[${balancerArn}]' not found`));
  return groups.filter((group) => balancer.targetGroupArns.includes(group.arn));
}

export function describeTags(input: DescribeTagsCommandInput, { state, region }: CallContext): Answer<DescribeTagsCommandOutput> {
  const arns = input.ResourceArns ?? [];
  if (arns.length === 0 || arns.length > 20) throw errors.refuse("ValidationError", "1 to 20 resource ARNs must be specified");
  return { TagDescriptions: arns.map((arn) => ({ ResourceArn: arn, Tags: tagList(taggedBy(arn, state, region)) })) };
}

/** Those that say how requests are spread over targets; the others that AWS tells as well are not modelled. */
export function describeTargetGroupAttributes(
  input: DescribeTargetGroupAttributesCommandInput,
  { state, region }: CallContext,
): Answer<DescribeTargetGroupAttributesCommandOutput> {
  const arn = input.TargetGroupArn ?? "";
  const group = state.of(targetGroups).get(region, arn);
  if (group === undefined) throw new TargetGroupNotFoundException(refusal(`Target groups '${arn}' not found`));
  const { crossZone, leastHealthy } = group;
  return {
    Attributes: [
      { Key: "load_balancing.cross_zone.enabled", Value: crossZone },
      { Key: "target_group_health.dns_failover.minimum_healthy_targets.count", Value: leastHealthy.dnsFailover },
      { Key: "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", Value: leastHealthy.unhealthyRouting },
    ],
  };
}

/** Instances of groups, and those that somebody registered by hand; tasks, which are registered by address, are not told. */
export function describeTargetHealth(
  input: DescribeTargetHealthCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<DescribeTargetHealthCommandOutput> {
  refuseUnmodelled("DescribeTargetHealth", input, ["TargetGroupArn"]);
  const arn = input.TargetGroupArn ?? "";
  const group = state.of(targetGroups).get(region, arn);
  if (group === undefined) throw new TargetGroupNotFoundException(refusal(`Target groups '${arn}' not found`));
  if (group.targetType !== "instance") throw new NotSimulated(`DescribeTargetHealth of targets of the type ${group.targetType}`);
  const behind = state
    .of(fleets)
    .in(region)
    .filter(({ targetGroupArns }) => targetGroupArns.includes(arn));
  const launched = behind.flatMap(({ instances }) => instances.at(nowMs) ?? []).map(({ id, lifecycleState }) => ({ id, state: healthOf[lifecycleState] }));
  const byHand = [...new Set(behind.flatMap(({ registeredByHand = [] }) => registeredByHand))].map((id) => ({ id, state: "healthy" as const }));
  return {
    TargetHealthDescriptions: [...launched, ...byHand].map((each) => ({ Target: { Id: each.id, Port: group.port }, TargetHealth: { State: each.state } })),
  };
}

const healthOf = { Pending: "initial", InService: "healthy", Terminating: "draining" } as const;

function taggedBy(arn: string, state: AccountState, region: string): Owned {
  const found = state.of(loadBalancers).get(region, arn) ?? state.of(targetGroups).get(region, arn);
  if (found !== undefined) return found;
  if (arn.includes(":targetgroup/")) throw new TargetGroupNotFoundException(refusal(`Target groups '${arn}' not found`));
  throw new LoadBalancerNotFoundException(refusal(`Load balancers '[${arn}]' not found`));
}

function select<T extends { readonly arn: string; readonly name: string }>(
  all: readonly T[],
  arns: readonly string[] | undefined,
  names: readonly string[] | undefined,
  onMissing: (wanted: string) => never,
): readonly T[] {
  if (arns !== undefined && arns.length > 0) return arns.map((arn) => all.find((resource) => resource.arn === arn) ?? onMissing(arn));
  if (names !== undefined && names.length > 0) return names.map((name) => all.find((resource) => resource.name === name) ?? onMissing(name));
  return all;
}

function paged<T>(all: readonly T[], input: { readonly Marker?: string | undefined; readonly PageSize?: number | undefined }): Page<T> {
  const page = pageOf(all, input.Marker, input.PageSize ?? defaultPageSize);
  if (page === undefined) throw errors.refuse("ValidationError", "The marker is not valid");
  return page;
}

function nextMarker(page: Page<unknown>): { readonly NextMarker?: string } {
  return page.next === undefined ? {} : { NextMarker: page.next };
}

function describeBalancer(balancer: LoadBalancer, state: AccountState): NonNullable<DescribeLoadBalancersCommandOutput["LoadBalancers"]>[number] {
  return {
    LoadBalancerArn: balancer.arn,
    LoadBalancerName: balancer.name,
    DNSName: balancer.dnsName,
    Type: "application",
    Scheme: balancer.scheme,
    State: { Code: "active" },
    IpAddressType: "ipv4",
    CreatedTime: new Date(state.bornMs),
    SecurityGroups: [...balancer.securityGroupIds],
    AvailabilityZones: balancer.subnets.map(({ id, zone }) => ({ SubnetId: id, ...(zone === null ? {} : { ZoneName: zone }) })),
    ...(balancer.vpcId === null ? {} : { VpcId: balancer.vpcId }),
  };
}

function describeTargetGroup(
  group: TargetGroup,
  { state, region }: Pick<CallContext, "state" | "region">,
): NonNullable<DescribeTargetGroupsCommandOutput["TargetGroups"]>[number] {
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Port: group.port,
    Protocol: group.protocol === "HTTPS" ? "HTTPS" : "HTTP",
    TargetType: group.targetType === "ip" ? "ip" : "instance",
    VpcId: group.vpcId,
    LoadBalancerArns: state
      .of(loadBalancers)
      .in(region)
      .filter((balancer) => balancer.targetGroupArns.includes(group.arn))
      .map((balancer) => balancer.arn),
    ...(group.healthCheckPath === null ? {} : { HealthCheckPath: group.healthCheckPath, HealthCheckEnabled: true }),
  };
}

function tagList({ tags }: Owned): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
