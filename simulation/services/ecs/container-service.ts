import { deterministicHex } from "../../account/deterministic-id.ts";
import { liveResource } from "../../account/live-resource.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import { regionalStore, type Owned } from "../../account/state.ts";
import { Timeline } from "../../account/timeline.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import { argument, arn } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";

export interface Cluster extends Owned {
  readonly name: string;
  readonly hasInsights: boolean;
}

export const clusters = regionalStore<Cluster>();

export interface Rollout {
  readonly id: string;
  readonly definition: string;
  readonly startMs: number;
  readonly state: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  readonly reason: string;
}

export interface ServiceState {
  readonly desiredCount: number;
  /** What the service is being brought to, or was. */
  readonly primary: Rollout;
  /** One that ECS gave up and is undoing. */
  readonly failed: Rollout | null;
  /** Tasks in service by definition. */
  readonly running: Readonly<Record<string, number>>;
  readonly pending: number;
}

/** A deployment as it is remembered. */
export interface PastDeployment {
  readonly id: string;
  readonly definition: string;
  /** The definition that ran when it began; null of the one that made the service. */
  readonly source: string | null;
  readonly startMs: number;
  readonly status: Timeline<DeploymentStatus>;
}

type DeploymentStatus = "IN_PROGRESS" | "SUCCESSFUL" | "STOPPED" | "ROLLBACK_IN_PROGRESS" | "ROLLBACK_SUCCESSFUL";

export interface EcsService extends Owned {
  readonly name: string;
  readonly cluster: string;
  readonly launchType: string;
  readonly subnetIds: readonly string[];
  /** The zones of those subnets, each once. Tasks are placed in them in turn. */
  readonly zones: readonly string[];
  readonly targetGroups: readonly { readonly arn: string; readonly containerName: string; readonly containerPort: number }[];
  readonly breaker: { readonly enable: boolean; readonly rollback: boolean };
  readonly percents: { readonly minimumHealthy: number; readonly maximum: number };
  readonly createdMs: number;
  readonly state: Timeline<ServiceState>;
  /** Spans in which it wants tasks that Fargate has no capacity for. */
  readonly shortages: { readonly fromMs: number; untilMs: number }[];
  /** The one that made it first. */
  readonly past: PastDeployment[];
}

/** By cluster and service. */
export const ecsServices = regionalStore<EcsService>();

export function keyOf(cluster: string, service: string): string {
  return `${cluster}/${service}`;
}

/** The name in a name or an ARN. */
export function nameIn(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}

export function stateAt({ state }: EcsService, atMs: number): ServiceState {
  return state.at(atMs) ?? state.final();
}

function deployCluster(resource: EvaluatedResource, context: DeploymentContext): void {
  const given = argumentsOf(resource);
  const name = given.text("name");
  const hasInsights = given.blocks("setting").some((setting) => setting.text("name") === "containerInsights" && setting.text("value") !== "disabled");
  context.state.of(clusters).add(name, { ...context.owned(resource, name), name, hasInsights });
}

function deployService(resource: EvaluatedResource, context: DeploymentContext): void {
  const { state } = context;
  const given = argumentsOf(resource);
  const name = given.text("name");
  const cluster = nameIn(given.text("cluster"));
  const definition = given.text("task_definition");
  const desiredCount = given.number("desired_count", 0);
  const [breaker] = given.blocks("deployment_circuit_breaker");
  const owned = context.owned(resource, name);
  const subnetIds = given.blocks("network_configuration").flatMap((network) => network.texts("subnets"));
  const primary: Rollout = {
    id: `ecs-svc/${deterministicHex([owned.arn, definition], 19)}`,
    definition,
    startMs: state.bornMs,
    state: "COMPLETED",
    reason: "ECS deployment completed.",
  };
  state.of(ecsServices).add(keyOf(cluster, name), {
    ...owned,
    name,
    cluster,
    launchType: given.optionalText("launch_type") ?? "EC2",
    subnetIds,
    zones: [...new Set(subnetIds.flatMap((id) => zoneOf(id, context)))].toSorted(),
    targetGroups: given.blocks("load_balancer").map((block) => ({
      arn: block.text("target_group_arn"),
      containerName: block.text("container_name"),
      containerPort: block.number("container_port"),
    })),
    breaker: { enable: breaker?.flag("enable", false) ?? false, rollback: breaker?.flag("rollback", false) ?? false },
    percents: { minimumHealthy: given.number("deployment_minimum_healthy_percent", 100), maximum: given.number("deployment_maximum_percent", 200) },
    createdMs: state.bornMs,
    state: new Timeline<ServiceState>(state.bornMs, { desiredCount, primary, failed: null, running: { [definition]: desiredCount }, pending: 0 }),
    shortages: [],
    past: [{ id: primary.id, definition, source: null, startMs: state.bornMs, status: new Timeline<DeploymentStatus>(state.bornMs, "SUCCESSFUL") }],
  });
}

function zoneOf(subnetId: string, context: DeploymentContext): readonly string[] {
  const subnet = context.resources("aws_subnet").find((each) => String(each.attribute("id")) === subnetId);
  return subnet === undefined ? [] : [argumentsOf(subnet).optionalText("availability_zone") ?? []].flat();
}

export const cluster: ResourceType = {
  attributes: {
    id: arn("ecs", (self) => `cluster/${self.text("name")}`),
    arn: arn("ecs", (self) => `cluster/${self.text("name")}`),
    name: argument("name"),
  },
  deploy: deployCluster,
  live: liveResource(clusters),
};

const serviceArn = arn("ecs", (self) => `service/${nameIn(self.text("cluster"))}/${self.text("name")}`);

export const service: ResourceType = {
  attributes: { id: serviceArn, arn: serviceArn, name: argument("name"), cluster: argument("cluster") },
  deploy: deployService,
  live: liveResource(ecsServices, {
    task_definition: (found, _given, atMs) => stateAt(found, atMs).primary.definition,
    desired_count: (found, _given, atMs) => stateAt(found, atMs).desiredCount,
  }),
};
