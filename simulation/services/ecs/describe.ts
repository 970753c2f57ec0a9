import {
  ClusterNotFoundException,
  InvalidParameterException,
  ServiceNotFoundException,
  type Deployment,
  type DescribeClustersCommandInput,
  type DescribeClustersCommandOutput,
  type DescribeServiceDeploymentsCommandInput,
  type DescribeServiceDeploymentsCommandOutput,
  type DescribeServiceRevisionsCommandInput,
  type DescribeServiceRevisionsCommandOutput,
  type DescribeServicesCommandInput,
  type DescribeServicesCommandOutput,
  type ListClustersCommandInput,
  type ListClustersCommandOutput,
  type ListServiceDeploymentsCommandInput,
  type ListServiceDeploymentsCommandOutput,
  type ListServicesCommandInput,
  type ListServicesCommandOutput,
  type Service,
  type ServiceEvent,
  type ServiceDeploymentStatus,
} from "@aws-sdk/client-ecs";
import { deterministicUuid } from "../../account/deterministic-id.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import { pageOf } from "../../account/page.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import type { AccountState } from "../../account/state.ts";
import { clusters, ecsServices, keyOf, nameIn, stateAt, type Cluster, type EcsService, type PastDeployment, type Rollout } from "./container-service.ts";

export function knownCluster(state: AccountState, region: string, nameOrArn = "default"): Cluster {
  const found = state.of(clusters).get(region, nameIn(nameOrArn));
  if (found === undefined) throw new ClusterNotFoundException(refusal("Cluster not found."));
  return found;
}

export function knownService(state: AccountState, region: string, cluster: string | undefined, nameOrArn = ""): EcsService {
  const found = state.of(ecsServices).get(region, keyOf(knownCluster(state, region, cluster).name, nameIn(nameOrArn)));
  if (found === undefined) throw new ServiceNotFoundException(refusal("Service not found."));
  return found;
}

export function describeClusters(input: DescribeClustersCommandInput, { state, region }: CallContext): Answer<DescribeClustersCommandOutput> {
  refuseUnmodelled("DescribeClusters", input, ["clusters", "include"]);
  const withTags = input.include?.includes("TAGS") === true;
  const asked = (input.clusters ?? ["default"]).map((each) => ({ each, found: state.of(clusters).get(region, nameIn(each)) }));
  return {
    clusters: asked.flatMap(({ found }) =>
      found === undefined
        ? []
        : {
            clusterName: found.name,
            clusterArn: found.arn,
            status: "ACTIVE",
            ...(withTags ? { tags: Object.entries(found.tags).map(([key, value]) => ({ key, value })) } : {}),
          },
    ),
    failures: asked.flatMap(({ each, found }) => (found === undefined ? { arn: each, reason: "MISSING" } : [])),
  };
}

/** DescribeServices takes up to ten a call. */
const mostServices = 10;

export function describeServices(input: DescribeServicesCommandInput, { state, region, nowMs }: CallContext): Answer<DescribeServicesCommandOutput> {
  refuseUnmodelled("DescribeServices", input, ["cluster", "services", "include"]);
  const { name, arn } = knownCluster(state, region, input.cluster);
  const wanted = input.services ?? [];
  if (wanted.length === 0) throw new InvalidParameterException(refusal("Services cannot be empty."));
  if (wanted.length > mostServices) throw new InvalidParameterException(refusal("Services cannot have more than 10 elements."));
  const asked = wanted.map((each) => ({ each, found: state.of(ecsServices).get(region, keyOf(name, nameIn(each))) }));
  const withTags = input.include?.includes("TAGS") === true;
  return {
    services: asked.flatMap(({ found }) => (found === undefined ? [] : describe(found, arn, nowMs, withTags))),
    failures: asked.flatMap(({ each, found }) => (found === undefined ? { arn: each, reason: "MISSING" } : [])),
  };
}

export function describe(service: EcsService, clusterArn: string, atMs: number, withTags: boolean): Service {
  const { desiredCount, primary, running, pending } = stateAt(service, atMs);
  return {
    serviceName: service.name,
    serviceArn: service.arn,
    clusterArn,
    status: "ACTIVE",
    createdAt: new Date(service.createdMs),
    desiredCount,
    runningCount: Object.values(running).reduce((sum, count) => sum + count, 0),
    pendingCount: pending,
    launchType: service.launchType === "FARGATE" ? "FARGATE" : "EC2",
    taskDefinition: primary.definition,
    schedulingStrategy: "REPLICA",
    deploymentController: { type: "ECS" },
    deploymentConfiguration: {
      deploymentCircuitBreaker: { ...service.breaker },
      minimumHealthyPercent: service.percents.minimumHealthy,
      maximumPercent: service.percents.maximum,
      strategy: "ROLLING",
    },
    deployments: [...deploymentsOf(service, atMs)],
    loadBalancers: service.targetGroups.map(({ arn, containerName, containerPort }) => ({ targetGroupArn: arn, containerName, containerPort })),
    networkConfiguration: { awsvpcConfiguration: { subnets: [...service.subnetIds], assignPublicIp: "DISABLED" } },
    events: [...eventsOf(service, atMs)],
    ...(withTags ? { tags: Object.entries(service.tags).map(([key, value]) => ({ key, value })) } : {}),
  };
}

/** AWS tells the newest hundred of a service. */
const mostEvents = 100;

/** How often a service tells that it still cannot place a task; AWS names no time. */
const tellsEveryMs = 15 * 60_000;

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html */
const noCapacity =
  "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

function shortageEvents({ name, shortages }: EcsService, atMs: number): readonly ServiceEvent[] {
  return shortages.flatMap(({ fromMs, untilMs }) => {
    const lastMs = Math.min(untilMs - 1, atMs);
    const times = lastMs < fromMs ? 0 : Math.floor((lastMs - fromMs) / tellsEveryMs) + 1;
    return Array.from({ length: times }, (_, place) => fromMs + place * tellsEveryMs).map((ms) => ({
      id: deterministicUuid([name, "shortage", String(ms)]),
      createdAt: new Date(ms),
      message: `(service ${name}) ${noCapacity}`,
    }));
  });
}

/** Events of tasks that came, went or could not be placed, the newest first. */
function eventsOf(service: EcsService, atMs: number): readonly ServiceEvent[] {
  const { name, state } = service;
  const moments = state.moments().filter((ms) => ms <= atMs);
  const runningAt = (ms: number | undefined): number => Object.values(state.at(ms ?? Number.NaN)?.running ?? {}).reduce((sum, count) => sum + count, 0);
  const moved = moments.slice(1).flatMap((ms, place): readonly ServiceEvent[] => {
    const more = runningAt(ms) - runningAt(moments[place]);
    if (more === 0) return [];
    const what = more > 0 ? `has started ${more} tasks` : `has stopped ${-more} running tasks`;
    return [{ id: deterministicUuid([name, String(ms)]), createdAt: new Date(ms), message: `(service ${name}) ${what}.` }];
  });
  return [...moved, ...shortageEvents(service, atMs)]
    .toSorted((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0))
    .slice(0, mostEvents);
}

/** The present one, those whose tasks are still there, and one that is being undone. */
function deploymentsOf(service: EcsService, atMs: number): readonly Deployment[] {
  const { desiredCount, primary, failed, running, pending } = stateAt(service, atMs);
  const others = Object.keys(running).filter((definition) => definition !== primary.definition && running[definition] !== 0);
  return [
    deployment(primary, "PRIMARY", { desired: desiredCount, running: running[primary.definition] ?? 0, pending }),
    ...(failed === null ? [] : [deployment(failed, "ACTIVE", { desired: 0, running: 0, pending: 0 })]),
    ...others.map((definition) =>
      deployment({ ...primary, id: `${primary.id}-before`, definition, state: "COMPLETED" }, "ACTIVE", {
        desired: 0,
        running: running[definition] ?? 0,
        pending: 0,
      }),
    ),
  ];
}

function deployment(
  { id, definition, startMs, state, reason }: Rollout,
  status: string,
  tasks: { readonly desired: number; readonly running: number; readonly pending: number },
): Deployment {
  return {
    id,
    status,
    taskDefinition: definition,
    desiredCount: tasks.desired,
    runningCount: tasks.running,
    pendingCount: tasks.pending,
    createdAt: new Date(startMs),
    rolloutState: state,
    rolloutStateReason: reason,
  };
}

export function listClusters(input: ListClustersCommandInput, { state, region }: CallContext): Answer<ListClustersCommandOutput> {
  refuseUnmodelled("ListClusters", input, ["nextToken", "maxResults"]);
  const page = paged(state.of(clusters).in(region), input.nextToken, input.maxResults ?? 100);
  return { clusterArns: page.items.map(({ arn }) => arn), ...page.token };
}

export function listServices(input: ListServicesCommandInput, { state, region }: CallContext): Answer<ListServicesCommandOutput> {
  refuseUnmodelled("ListServices", input, ["cluster", "nextToken", "maxResults"]);
  const { name } = knownCluster(state, region, input.cluster);
  const own = state
    .of(ecsServices)
    .in(region)
    .filter(({ cluster }) => cluster === name);
  const page = paged(own, input.nextToken, input.maxResults ?? 10);
  return { serviceArns: page.items.map(({ arn }) => arn), ...page.token };
}

function revisionArn({ arn }: EcsService, { id }: PastDeployment): string {
  return `${arn.replace(":service/", ":service-revision/")}/${nameIn(id)}`;
}

function deploymentArn({ arn }: EcsService, { id }: PastDeployment): string {
  return `${arn.replace(":service/", ":service-deployment/")}/${nameIn(id)}`;
}

function finishedAt({ status }: PastDeployment, nowMs: number): { readonly finishedAt?: Date } {
  const isThrough = status.lastMs() <= nowMs && status.final() !== "IN_PROGRESS";
  return isThrough ? { finishedAt: new Date(status.lastMs()) } : {};
}

/** "The most recent 90-day history": https://docs.aws.amazon.com/AmazonECS/latest/developerguide/view-service-deployment.html */
const keptMs = 90 * 86_400_000;

export function listServiceDeployments(
  input: ListServiceDeploymentsCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<ListServiceDeploymentsCommandOutput> {
  refuseUnmodelled("ListServiceDeployments", input, ["cluster", "service", "status", "nextToken", "maxResults"]);
  const service = knownService(state, region, input.cluster, input.service);
  const begun = service.past.filter(({ startMs }) => startMs <= nowMs && startMs > nowMs - keptMs).toReversed();
  const asked: readonly ServiceDeploymentStatus[] = input.status ?? [];
  const wanted = begun.filter(({ status }) => asked.length === 0 || asked.includes(status.at(nowMs) ?? status.final()));
  const page = paged(wanted, input.nextToken, input.maxResults ?? 20);
  return {
    serviceDeployments: page.items.map((each) => ({
      serviceDeploymentArn: deploymentArn(service, each),
      serviceArn: service.arn,
      targetServiceRevisionArn: revisionArn(service, each),
      createdAt: new Date(each.startMs),
      ...finishedAt(each, nowMs),
      status: each.status.at(nowMs) ?? each.status.final(),
      ...((each.status.at(nowMs) ?? "").startsWith("ROLLBACK") ? { statusReason: "Service deployment rolled back because of circuit breaker." } : {}),
    })),
    ...page.token,
  };
}

/** Up to 20 a call (ECS API reference, DescribeServiceDeployments). */
export function describeServiceDeployments(
  input: DescribeServiceDeploymentsCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<DescribeServiceDeploymentsCommandOutput> {
  const wanted = input.serviceDeploymentArns ?? [];
  if (wanted.length === 0 || wanted.length > 20) throw new InvalidParameterException(refusal("serviceDeploymentArns must have 1 to 20 elements."));
  const all = state
    .of(ecsServices)
    .in(region)
    .flatMap((service) => service.past.filter(({ startMs }) => startMs <= nowMs).map((each) => ({ service, each, arn: deploymentArn(service, each) })));
  const found = all.filter(({ arn }) => wanted.includes(arn));
  return {
    serviceDeployments: found.map(({ service, each, arn }) => {
      const source = service.past.findLast(({ definition, startMs }) => definition === each.source && startMs < each.startMs);
      return {
        serviceDeploymentArn: arn,
        serviceArn: service.arn,
        createdAt: new Date(each.startMs),
        ...finishedAt(each, nowMs),
        status: each.status.at(nowMs) ?? each.status.final(),
        targetServiceRevision: { arn: revisionArn(service, each) },
        sourceServiceRevisions: source === undefined ? [] : [{ arn: revisionArn(service, source) }],
      };
    }),
    failures: wanted.filter((arn) => !found.some((each) => each.arn === arn)).map((arn) => ({ arn, reason: "MISSING" })),
  };
}

export function describeServiceRevisions(
  input: DescribeServiceRevisionsCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<DescribeServiceRevisionsCommandOutput> {
  const wanted = input.serviceRevisionArns ?? [];
  const all = state
    .of(ecsServices)
    .in(region)
    .flatMap((service) => service.past.filter(({ startMs }) => startMs <= nowMs).map((each) => ({ service, each, arn: revisionArn(service, each) })));
  const found = all.filter(({ arn }) => wanted.includes(arn));
  return {
    serviceRevisions: found.map(({ service, each, arn }) => ({
      serviceRevisionArn: arn,
      serviceArn: service.arn,
      taskDefinition: each.definition,
      createdAt: new Date(each.startMs),
    })),
    failures: wanted.filter((arn) => !found.some((each) => each.arn === arn)).map((arn) => ({ arn, reason: "MISSING" })),
  };
}

export function paged<T>(
  all: readonly T[],
  token: string | undefined,
  size: number,
): { readonly items: readonly T[]; readonly token: { readonly nextToken?: string } } {
  const page = pageOf(all, token, size);
  if (page === undefined) throw new InvalidParameterException(refusal("Invalid token."));
  return { items: page.items, token: page.next === undefined ? {} : { nextToken: page.next } };
}
