import type { ResourceKind } from "../../model/resource-ref.ts";
import type { Seen } from "../../model/seen.ts";
import type { Refusal } from "../lever.ts";
import type { Resource, ResourceOf } from "../resource-kinds.ts";
import { nameOf } from "./uses.ts";
import type { Region } from "./region.ts";

/** What is around a thing of the region. */
export interface Surroundings {
  readonly region: Region;
  readonly ownerRegion: string;
  /** Full names of the load balancers whose requests are looked at. */
  readonly balancers: ReadonlySet<string>;
  /** What was read in other regions: what is copied here has to be there. */
  readonly elsewhere: readonly Resource[];
}

/** Why a thing in the region speaks against removing all of it, apart from its traffic: somebody else uses it, or it is nowhere else. */
type Obstacle<R> = (resource: R, around: Surroundings) => Refusal | undefined;

const obstacleByKind: { readonly [K in ResourceKind]: Obstacle<ResourceOf<K>> } = {
  "load-balancer": (balancer, { region }) => {
    const others = balancer.targetGroups.filter((group) => !region.targetGroups.includes(group));
    return others.length === 0 ? undefined : shared(balancer, `is before ${others.join(", ")}, which the outputs do not name`);
  },
  "auto-scaling-group": (group, around) => {
    const others = group.neighbours.filter(({ targetGroupArns }) => targetGroupArns.length > 0);
    if (others.length > 0) return shared(group, `has its target groups in common with ${others.map(({ name }) => name).join(", ")}`);
    return unjudged(group, [...group.loadBalancers, ...group.habits.classicBalancers], around);
  },
  "ecs-service": (service, around) =>
    (service.scaling.kind === "unseen" ? unseen(service, "what scales it", service.scaling.reason) : undefined) ??
    unjudged(service, [...service.loadBalancers, ...service.classicBalancers], around),
  "dynamodb-table": tableObstacle,
  "aurora-cluster": clusterObstacle,
  "rds-instance": (instance) => unsupported(instance, "is outside of clusters: there are no steps yet by which such an instance, or a replica, is given up"),
  "redis-replication-group": (cache) =>
    cache.globalDatastore === null
      ? undefined
      : shared(cache, `is a member of the Global Datastore ${cache.globalDatastore}, whose regions are changed together`),
  "s3-bucket": (bucket) =>
    bucket.requestMetrics.kind === "unseen" ? unseen(bucket, "whether its requests are counted", bucket.requestMetrics.reason) : undefined,
  "lambda-function": (lambda) =>
    (lambda.reservedConcurrency.kind === "unseen" ? unseen(lambda, "what it has reserved", lambda.reservedConcurrency.reason) : undefined) ??
    connected(lambda, "event sources", lambda.eventSources, ({ arn }) => arn),
  region: () => undefined,
};

export function obstacleOf(resource: Resource, around: Surroundings): Refusal | undefined {
  return (obstacleByKind[resource.kind] as unknown as Obstacle<Resource>)(resource, around);
}

function tableObstacle(table: ResourceOf<"dynamodb-table">, { ownerRegion, elsewhere }: Surroundings): Refusal | undefined {
  const { globalTable, replicaRegions, foreignReplicas } = table;
  if (globalTable.kind === "unseen") return unseen(table, "whether it is a global table of 2017", globalTable.reason);
  // Its replicas are tables of their own, with calls of their own (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables.V1.html).
  if (globalTable.value === "2017.11.29") return unsupported(table, "is a global table of version 2017.11.29");
  if (foreignReplicas.length > 0) return shared(table, `has a replica of another account in ${foreignReplicas.join(", ")}`);
  if (replicaRegions.length > 1 && !replicaRegions.includes(ownerRegion))
    return unsupported(table, `has no replica in ${ownerRegion}, where what is left of the deployment is`);
  if (replicaRegions.length > 1 && !elsewhere.some(({ kind, ref }) => kind === "dynamodb-table" && ref.region === ownerRegion && ref.id === table.ref.id))
    return unseen(table, `its replica in ${ownerRegion}`, "it was not read");
  return connected(table, "its stream", table.streamConsumers, (consumer) => consumer);
}

function clusterObstacle(cluster: ResourceOf<"aurora-cluster">, { elsewhere }: Surroundings): Refusal | undefined {
  const { globalRole, globalClusterId = "", surroundings, status, waiting = [] } = cluster;
  if (globalRole === "primary") return unsupported(cluster, `holds the writer of the global database ${globalClusterId}: the regions have changed places`);
  if (globalRole === "none") return unsupported(cluster, "is in no global database: its data is nowhere else");
  if (!elsewhere.some((other) => other.kind === "aurora-cluster" && other.globalRole === "primary" && other.globalClusterId === globalClusterId))
    return unseen(cluster, `the writer of the global database ${globalClusterId}`, "it was not read");
  if (status !== "available" || waiting.length > 0) return unsupported(cluster, `is ${[status, ...waiting].join(", ")}`);
  if (surroundings === undefined) return unseen(cluster, "what stands around it", "the plan is of an older release");
  const { customEndpoints, proxies, blueGreenDeployments } = surroundings;
  return (
    connected(cluster, "a proxy", proxies, (name) => name) ??
    connected(cluster, "a custom endpoint", customEndpoints, (name) => name) ??
    connected(cluster, "a blue/green deployment", blueGreenDeployments, (name) => name)
  );
}

/** Something that is connected to it uses it, whether anything went through in the baseline or not. */
function connected<T>(resource: Resource, what: string, found: Seen<readonly T[]>, named: (one: T) => string): Refusal | undefined {
  if (found.kind === "unseen") return unseen(resource, `what is connected to it (${what})`, found.reason);
  return found.value.length === 0 ? undefined : shared(resource, `is connected to ${found.value.map(named).join(", ")} (${what})`);
}

function shared(resource: Resource, words: string): Refusal {
  return { code: "shared", detail: `${nameOf(resource)} ${words}` };
}

function unsupported(resource: Resource, words: string): Refusal {
  return { code: "unsupported", detail: `${nameOf(resource)} ${words}` };
}

function unseen(resource: Resource, what: string, reason: string): Refusal {
  return { code: "unreadable", detail: `${nameOf(resource)}: ${what} could not be seen: ${reason}` };
}

/** Instances and tasks that take work from elsewhere, e.g. a queue or another load balancer: nothing that is looked at tells whether any came. */
function unjudged(resource: Resource, behind: readonly string[], { balancers }: Surroundings): Refusal | undefined {
  if (behind.length === 0) return cannotJudge(resource, "is behind no load balancer, so that nothing tells whether work comes to it");
  const others = behind.filter((balancer) => !balancers.has(balancer));
  return others.length === 0 ? undefined : cannotJudge(resource, `is behind ${others.join(", ")}, whose requests are not looked at`);
}

function cannotJudge(resource: Resource, words: string): Refusal {
  return { code: "cannot-judge", detail: `${nameOf(resource)} ${words}` };
}
