import { UserError } from "../../../contract/user-error.ts";
import { deterministicHex } from "../../account/deterministic-id.ts";
import { blockLike, liveResource, type TagForm } from "../../account/live-resource.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import type { AccountState } from "../../account/state.ts";
import { FollowedTimeline } from "../../account/followed-timeline.ts";
import { Timeline } from "../../account/timeline.ts";
import { fleets, type FleetInstance } from "../../shared/fleet.ts";
import { launchTemplates, resolveVersion } from "../../shared/launch-template.ts";
import { followsPolicies } from "../../shared/scaling.ts";
import { argumentsOf, type Arguments } from "../../terraform/arguments.ts";
import { argument, arn, named, uuid } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { foreignTags } from "../../terraform/tags.ts";
import { groups, type AutoScalingGroup, type GroupSettings, type TargetTrackingPolicy } from "./group.ts";
import { PolicyFollower } from "./follow-policies.ts";
import { setByHand, trackedMetrics, type OtherGroup, type SetByHand } from "./set-by-hand.ts";

/** Without a warm-up of its own, a group's policies wait as long as its default cooldown. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-default-instance-warmup.html */
const defaultCooldownSeconds = 300;

function deployGroup(resource: EvaluatedResource, context: DeploymentContext): void {
  const group = toGroup(context, resource);
  for (const each of [group, ...group.byHand.others.map((other) => otherGroup(context, group, other))]) {
    context.state.of(groups).add(each.name, each);
    context.state.of(fleets).add(each.name, each);
  }
}

/** A group that somebody else made on the same launch template: no stack has it, so none of its addresses is this one's. */
function otherGroup(
  { state, scenario }: DeploymentContext,
  like: AutoScalingGroup,
  { name, version, tags, instances, sameTargetGroups }: OtherGroup,
): AutoScalingGroup {
  const address = `others/aws_autoscaling_group.${name}`;
  const settings = { minSize: 0, desiredCapacity: instances, maxSize: Math.max(1, instances), launchTemplateVersion: version };
  const arn = like.arn.replace(/autoScalingGroup:.*/, `autoScalingGroup:${deterministicHex([state.accountId, address], 32)}:autoScalingGroupName/${name}`);
  return {
    ...like,
    address,
    arn,
    name,
    tags: { ...tags, ...foreignTags(scenario, like.region, [name, arn]) },
    tagsAtLaunch: {},
    targetGroupArns: sameTargetGroups ? like.targetGroupArns : [],
    settings: new Timeline(state.bornMs, settings),
    instances: new Timeline(
      state.bornMs,
      firstInstances(state, { address, region: like.region }, { launchTemplateId: like.launchTemplateId, ...settings }, like.zones),
    ),
    // Nobody knows what its owners let it do: it keeps its size.
    policies: [],
    refreshes: [],
    byHand: setByHand(scenario, like.region, name),
  };
}

function toGroup(context: DeploymentContext, resource: EvaluatedResource): AutoScalingGroup {
  const { state, scenario } = context;
  const given = argumentsOf(resource);
  const name = given.text("name");
  const [reference] = given.blocks("launch_template");
  if (reference === undefined) throw unsupported(resource.address, "no launch_template block");
  const minSize = given.number("min_size");
  const settings = {
    minSize,
    desiredCapacity: given.number("desired_capacity", minSize),
    maxSize: given.number("max_size"),
    launchTemplateVersion: reference.optionalText("version") ?? "$Default",
  };
  const launchTemplateId = reference.optionalText("id") ?? idOfTemplate(state, resource, reference.text("name"));
  const zones = zonesOf(context, given, resource);
  const owned = context.owned(resource, name);
  const byHand = settingsBesides(given, setByHand(scenario, resource.region, name));
  addToTemplate(state, resource.region, launchTemplateId, byHand);
  const tagBlocks = given.blocks("tag");
  const stackTags = Object.fromEntries(tagBlocks.map((tag) => [tag.text("key"), tag.text("value")]));
  const follower = followsPolicies(scenario, resource.region) ? new PolicyFollower(scenario, state) : undefined;
  const timeline = <T>(value: T): Timeline<T> =>
    follower === undefined ? new Timeline(state.bornMs, value) : new FollowedTimeline(state.bornMs, value, (untilMs) => follower.until(untilMs));
  const group: AutoScalingGroup = {
    ...owned,
    // Terraform does not add a provider's default tags to groups: only `tag` blocks count.
    tags: { ...stackTags, ...foreignTags(scenario, resource.region, [name, owned.arn]) },
    name,
    launchTemplateId,
    zones,
    subnetIds: given.texts("vpc_zone_identifier"),
    targetGroupArns: given.texts("target_group_arns"),
    healthCheckType: given.optionalText("health_check_type") ?? "EC2",
    healthCheckGraceSeconds: given.number("health_check_grace_period", 300),
    tagsAtLaunch: Object.fromEntries(tagBlocks.map((tag) => [tag.text("key"), tag.flag("propagate_at_launch", false)])),
    settings: timeline(settings),
    instances: timeline(firstInstances(state, resource, { launchTemplateId, ...settings }, zones)),
    policies: [...policiesOf(context, resource.region, name), ...trackingByHand(byHand, owned.arn)],
    warmUpSeconds: given.number("default_instance_warmup", defaultCooldownSeconds),
    refreshes: [],
    placementGroup: given.optionalText("placement_group"),
    ...(byHand.registered === undefined ? {} : { registeredByHand: byHand.registered }),
    ...(byHand.capacityReservation === undefined ? {} : { capacityReservation: byHand.capacityReservation }),
    byHand,
  };
  follower?.follow(group);
  return group;
}

/** What a stack says of these, and what somebody set by hand. */
function settingsBesides(given: Arguments, byHand: SetByHand): SetByHand {
  return {
    ...byHand,
    suspendedProcesses: [...new Set([...given.texts("suspended_processes"), ...byHand.suspendedProcesses])],
    protectedFromScaleIn: byHand.protectedFromScaleIn || given.flag("protect_from_scale_in", false),
    warmPool: byHand.warmPool || given.blocks("warm_pool").length > 0,
    lifecycleHooks: [...given.blocks("initial_lifecycle_hook").map((hook) => hook.text("name")), ...byHand.lifecycleHooks],
  };
}

/** As if the first version had been made with it. */
function addToTemplate(state: AccountState, region: string, id: string, { launchTemplate }: SetByHand): void {
  const first = state.of(launchTemplates).get(region, id)?.versions[0];
  if (first !== undefined && launchTemplate !== undefined) Object.assign(first.data, structuredClone(launchTemplate));
}

function policiesOf(context: DeploymentContext, region: string, group: string): readonly TargetTrackingPolicy[] {
  return context.resources("aws_autoscaling_policy").flatMap((resource) => {
    const given = argumentsOf(resource);
    if (resource.region !== region || given.text("autoscaling_group_name") !== group) return [];
    const [tracking] = given.blocks("target_tracking_configuration");
    const [metric] = tracking?.blocks("predefined_metric_specification") ?? [];
    if (tracking === undefined || metric === undefined)
      throw unsupported(resource.address, "another kind of scaling than target tracking of a predefined metric");
    const metricType = trackedMetrics.find((type) => type === metric.text("predefined_metric_type"));
    if (metricType === undefined) throw unsupported(resource.address, `a policy on ${metric.text("predefined_metric_type")}`);
    return {
      name: given.text("name"),
      arn: String(resource.attribute("arn")),
      metricType,
      resourceLabel: metric.optionalText("resource_label"),
      targetValue: tracking.number("target_value"),
      disableScaleIn: tracking.flag("disable_scale_in", false),
      // The provider takes 0 for an argument that is not there.
      warmUpSeconds: given.number("estimated_instance_warmup", 0) === 0 ? null : given.number("estimated_instance_warmup"),
    };
  });
}

function trackingByHand({ policies }: SetByHand, groupArn: string): readonly TargetTrackingPolicy[] {
  return policies.flatMap(({ name, target, warmUpSeconds = null }) =>
    target === undefined
      ? []
      : {
          name,
          arn: `${groupArn}:policyName/${name}`,
          metricType: target.metric,
          resourceLabel: null,
          targetValue: target.value,
          disableScaleIn: target.disableScaleIn ?? false,
          warmUpSeconds,
        },
  );
}

/** A group names its template by id or by name. */
function idOfTemplate(state: AccountState, { address, region }: EvaluatedResource, name: string): string {
  const template = state
    .of(launchTemplates)
    .in(region)
    .find((each) => each.name === name);
  if (template === undefined) throw unsupported(address, `the launch template ${name}, which no deployed stack has`);
  return template.id;
}

function firstInstances(
  state: AccountState,
  resource: Pick<EvaluatedResource, "address" | "region">,
  wanted: { readonly launchTemplateId: string; readonly launchTemplateVersion: string; readonly desiredCapacity: number },
  zones: readonly string[],
): readonly FleetInstance[] {
  const template = state.of(launchTemplates).get(resource.region, wanted.launchTemplateId);
  const version = template && resolveVersion(template, wanted.launchTemplateVersion, state.bornMs);
  const instanceType = version?.data.InstanceType;
  if (version === undefined || instanceType === undefined) throw unsupported(resource.address, "a launch template version that does not exist");
  return Array.from({ length: wanted.desiredCapacity }, (_, index) => ({
    id: `i-0${deterministicHex([state.accountId, resource.address, String(index)], 16)}`,
    instanceType,
    zone: zones[index % zones.length] ?? "",
    launchTemplateVersion: version.number,
    lifecycleState: "InService",
  }));
}

/** Zones of the group's subnets, or those it names. */
function zonesOf(context: DeploymentContext, given: Arguments, resource: EvaluatedResource): readonly string[] {
  const subnets = new Map(context.resources("aws_subnet").map((subnet) => [String(subnet.attribute("id")), subnet]));
  const zones = given.texts("vpc_zone_identifier").map((id) => {
    const subnet = subnets.get(id);
    if (subnet === undefined) throw unsupported(resource.address, `the subnet ${id}, which no deployed stack has`);
    return String(subnet.attribute("availability_zone"));
  });
  const all = [...new Set([...zones, ...given.texts("availability_zones")])];
  if (all.length === 0) throw unsupported(resource.address, "neither subnets nor availability zones");
  return all;
}

function unsupported(address: string, what: string): UserError {
  return new UserError({
    code: "not-simulated",
    message: `${address} has ${what}`,
    hint: "the simulated account models groups with a launch template and subnets of the same stacks",
  });
}

/** Groups have their tags in `tag` blocks. */
const tagBlocks: TagForm = {
  known: (deployed) => Object.fromEntries([deployed.arguments["tag"] ?? []].flat().map((block) => [String(Object(block).key), Object(block).value])),
  with: (values, foreign) => ({
    ...values,
    tag: [...[values["tag"] ?? []].flat(), ...foreign.map(([key, value]) => ({ key, value, propagate_at_launch: false }))],
  }),
};

function settingsAt(group: AutoScalingGroup, atMs: number): GroupSettings {
  return group.settings.at(atMs) ?? group.settings.final();
}

export const groupTypes: Readonly<Record<string, ResourceType>> = {
  aws_autoscaling_group: {
    attributes: {
      ...named("name"),
      arn: arn("autoscaling", (self) => `autoScalingGroup:${String(uuid(self))}:autoScalingGroupName/${self.text("name")}`),
    },
    deploy: deployGroup,
    live: liveResource(
      groups,
      {
        min_size: (group, _given, atMs) => settingsAt(group, atMs).minSize,
        max_size: (group, _given, atMs) => settingsAt(group, atMs).maxSize,
        desired_capacity: (group, _given, atMs) => settingsAt(group, atMs).desiredCapacity,
        launch_template: (group, given, atMs) => blockLike(given["launch_template"], { version: settingsAt(group, atMs).launchTemplateVersion }),
      },
      { tags: tagBlocks },
    ),
    sets: { tag: "key" },
  },
  aws_autoscaling_policy: {
    attributes: {
      id: argument("name"),
      arn: arn(
        "autoscaling",
        (self) => `scalingPolicy:${String(uuid(self))}:autoScalingGroupName/${self.text("autoscaling_group_name")}:policyName/${self.text("name")}`,
      ),
    },
    notFollowed: {
      what: "scaling policies are kept but not followed",
      so: "groups keep their size, where AWS would let them grow and shrink",
      elseFollowed: true,
    },
  },
};
