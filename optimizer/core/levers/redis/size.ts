import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision, Skip } from "../../model/rule.ts";
import { monthlyCost } from "../../money/monthly.ts";
import { chooseCandidate, type NotOffered, type Option } from "../../sizing/choose-size.ts";
import { conditionText, isBelowLimit } from "../../sizing/evidence.ts";
import { riskOf } from "../../sizing/projection.ts";
import { ladder } from "../../sizing/size-ladder.ts";
import { unseenSizes } from "../../sizing/sizes-before.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import { worstHourEvidence } from "../../sizing/worst-hour.ts";
import type { StudyRule } from "../lever.ts";
import { counted, hourlyOf, nodesOf, projectionsOf, type RedisShape, shapeText } from "./fit.ts";
import { fineEngineKeys } from "./load.ts";
import { fullestZone, hasUnevenSlots, type RedisReplicationGroup, replicasPerShard, type SharedZone } from "./replication-group.ts";
import { nodeTypeAfter, sizeChecks } from "./size-checks.ts";
import { sizeAction } from "./size-action.ts";
import type { RedisStudy } from "./study.ts";

/** Redis replication groups with more, larger or more often copied shards than their load needs. */
export const redisSize: StudyRule<RedisReplicationGroup, RedisStudy> = {
  id: "redis.size",
  phase: 2,
  title: "Smaller Redis replication groups",
  cost: { service: "Amazon ElastiCache", commitment: "instance-type" },
  judgedBy: "load-balancers",
  changes: ["redis.node-type", "redis.replicas", "redis.shards"],
  restsOn: ({
    engine = "redis",
    nodeType,
    sizesBefore = null,
    nodeGroups,
    clusterMode,
    automaticFailover,
    multiAz,
    dataTiering,
    globalDatastore,
    reservedMemoryPercent,
    scaled,
    serviceUpdates,
  }) => ({
    engine,
    nodeType,
    sizesBefore,
    nodeGroups,
    clusterMode,
    automaticFailover,
    multiAz,
    dataTiering,
    globalDatastore,
    reservedMemoryPercent,
    scaled,
    plannedUpdates: serviceUpdates?.kind === "unseen" ? serviceUpdates : updatesOf(serviceUpdates, true),
  }),
  checks: ({ facts, group }, action) => sizeChecks(facts, group, nodeTypeAfter(group, action)),
  finer: ({ group }) => fineEngineKeys(group),
  decide: (study, subject) => [decide(study, subject)],
};

function decide(study: RedisStudy, subject: Subject): Decision {
  const { facts, group } = study;
  const { policy } = facts;
  const eligible = eligibility(study, subject);
  if (eligible.kind === "skip") return eligible;
  const { from, reservedPercent } = eligible;

  const usual = study.usual();
  if (usual.incomplete !== undefined) return skip(subject, "insufficient-data", usual.incomplete);
  if (!usual.evidence.every(isBelowLimit)) return skip(subject, "threshold-not-met", conditionText(usual.evidence), usual);
  if (usual.evicted > 0)
    return skip(subject, "does-not-fit", `${Math.round(usual.evicted)} keys were evicted in the baseline: its memory is too small already`, usual);

  const demand = study.demand();
  const fit = { facts, group, demand, from, reservedPercent };
  const seen = [...usual.evidence, ...demand.evidence, ...hourlyOf(fit, from).map(worstHourEvidence)];
  const shapes = shapesOf(study, eligible, demand.replicasAnswer);
  const unknown = new Set<string>();
  const options = shapes.map((shape): Option<RedisShape> => {
    const projections = projectionsOf(fit, shape);
    if (projections === undefined) unknown.add(`the capacity of ${from.nodeType} or ${shape.nodeType} is not known`);
    const known = projections ?? [];
    const fits = known.every((each) => each.fits);
    return { to: shape, candidate: { target: shapeText(shape), projections: known, fits, monthlySavings: savings(study, from, shape) } };
  });
  const chosen = chooseCandidate(policy, {
    options,
    unknown: demand.unknown,
    blind: [...unknown],
    from: shapeText(from),
    ...(eligible.notOffered === undefined ? {} : { notOffered: eligible.notOffered }),
  });
  if (chosen.kind === "none") return skip(subject, chosen.code, chosen.detail, { evidence: seen, refused: chosen.refused });
  const { to, candidate, refused, reason, warnings } = chosen;
  const dataGib = demand.shards.reduce((sum, { bytes }) => sum + bytes, 0) / 1024 ** 3;
  return {
    kind: "proposal",
    ...subject,
    from: shapeText(from),
    to: candidate.target,
    paidAs: from.nodeType,
    reason: `${conditionText(usual.evidence)}; ${reason}`,
    evidence: seen,
    chosen: candidate,
    refused,
    risk: riskOf(candidate.projections),
    savings: candidate.monthlySavings,
    monthlyCost: { before: cost(study, from), after: cost(study, to) },
    warnings: [
      ...warnings,
      ...updatesOf(group.serviceUpdates, false).map((update) => `a service update is offered, without a date: ${update}`),
      ...wayBackWarnings(from, to, dataGib),
    ],
    action: sizeAction(subject, group, { from, to, dataGib }),
  };
}

interface Eligible {
  readonly kind: "eligible";
  readonly from: RedisShape;
  /** The requirement's target, no larger than today in any respect. */
  readonly aim: RedisShape;
  /** Node types from the target up to today's. */
  readonly nodeTypes: readonly string[];
  /** Where AWS offers the group the target's node type not. */
  readonly notOffered: NotOffered | undefined;
  readonly reservedPercent: number;
}

/** Everything that can be said before looking at any load. */
function eligibility({ facts: { policy, capacities }, group }: RedisStudy, subject: Subject): Eligible | Skip {
  const { targetNodeType, targetShards, targetReplicas } = policy.rules.redisSize;
  const unsupported = (detail: string): Skip => skip(subject, "unsupported", detail);
  const replicas = replicasPerShard(group);
  if (replicas === undefined) return unsupported("its shards have different numbers of nodes, or none: which to keep is not for a rule to say");
  const from: RedisShape = { nodeType: group.nodeType, shards: group.nodeGroups.length, replicas };
  const unevenSlots = unevenSlotsOf(group);
  const wantedReplicas = Math.min(replicas, Math.max(group.automaticFailover || group.multiAz ? 1 : 0, targetReplicas));
  const oneZone = fullestZone(group);
  const keptReplicas = Math.min(replicas, Math.max(wantedReplicas, oneZone?.nodes ?? 0));
  const unevenZones = keptReplicas > wantedReplicas && oneZone !== undefined ? unevenZonesText(oneZone, keptReplicas) : undefined;
  const way = ladder(capacities.redisFamily(group.nodeType), group.nodeType, targetNodeType);
  const smaller = way.kind === "steps" ? way.sizes : [];
  const aim: RedisShape = {
    nodeType: smaller[0] ?? from.nodeType,
    shards: group.clusterMode && unevenSlots === undefined ? Math.min(from.shards, targetShards) : from.shards,
    replicas: keptReplicas,
  };
  if (way.kind === "unsupported") return unsupported(way.reason);
  if (shapeText(aim) === shapeText(from) && from.shards > targetShards && unevenSlots !== undefined) return unsupported(unevenSlots);
  if (shapeText(aim) === shapeText(from) && unevenZones !== undefined) return unsupported(unevenZones);
  if (shapeText(aim) === shapeText(from))
    return skip(
      subject,
      "already-there",
      `${shapeText(from)}: not larger than ${shapeText({ nodeType: targetNodeType, shards: targetShards, replicas: targetReplicas })}`,
    );
  const hindrance = hindranceOf(group);
  if (hindrance !== undefined) return unsupported(hindrance);
  const { reservedMemoryPercent: reservedPercent } = group;
  if (reservedPercent === null)
    return unsupported("its parameter group does not reserve memory as a share (reserved-memory-percent), so that the reserve of a smaller node is not known");
  if (group.serviceUpdates?.kind === "unseen")
    return skip(subject, "unreadable", `which service updates AWS has planned for it could not be seen: ${group.serviceUpdates.reason}`);
  const unseen = unseenSizes(group.ref.id, group.sizesBefore);
  if (unseen !== undefined) return skip(subject, "unreadable", unseen);
  const allowed = smaller.filter((type) => group.smallerNodeTypes.includes(type));
  if (smaller.length > 0 && allowed.length === 0 && aim.shards === from.shards && aim.replicas === from.replicas)
    return unsupported(`AWS offers it none of ${smaller.join(", ")} (ListAllowedNodeTypeModifications)`);
  const nodeTypes = [...allowed, from.nodeType];
  const whole: RedisShape = { ...aim, shards: Math.min(from.shards, targetShards), replicas: wantedReplicas };
  const reasons = [
    ...(nodeTypes.includes(aim.nodeType) ? [] : [`AWS offers it no ${aim.nodeType} (ListAllowedNodeTypeModifications)`]),
    ...(unevenSlots === undefined || whole.shards === from.shards ? [] : [unevenSlots]),
    ...(unevenZones === undefined ? [] : [unevenZones]),
  ];
  const notOffered: NotOffered | undefined = reasons.length === 0 ? undefined : { target: shapeText(whole), reasons };
  return { kind: "eligible", from, aim: { ...aim, nodeType: allowed[0] ?? from.nodeType }, nodeTypes, notOffered, reservedPercent };
}

/**
 * Keys are where their slots are, and slots that somebody shared out unequally need not be equally full: what each would hold after AWS has made
 * them equal nobody can tell, nor would AWS share them out as before on the way back.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-cluster-resharding-online.html
 */
function unevenSlotsOf(group: RedisReplicationGroup): string | undefined {
  if (!hasUnevenSlots(group)) return undefined;
  const counts = group.nodeGroups.map(({ id, slots = 0 }) => `${id}: ${slots}`).join(", ");
  return `its shards stay as many as they are: somebody gave them unequal numbers of slots (${counts}), which AWS would make equal and never give back`;
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DecreaseReplicaCount.html names how many stay, not which. */
function unevenZonesText({ shard, zone, nodes }: SharedZone, kept: number): string {
  return `its shards keep ${counted(kept, "replica")}: ${nodes} nodes of ${shard} are in ${zone}, and of fewer AWS might leave those alone, which a lost zone would take all`;
}

/** Those that AWS has planned, or merely offers, in words. */
function updatesOf(updates: RedisReplicationGroup["serviceUpdates"], isPlanned: boolean): readonly string[] {
  if (updates?.kind !== "seen") return [];
  return updates.value.filter((each) => each.isPlanned === isPlanned).map(({ name, status }) => `${name} (${status})`);
}

/** What AWS, or whoever runs it, keeps from being changed here. */
function hindranceOf(group: RedisReplicationGroup): string | undefined {
  const { ref, status, clusterMode, globalDatastore, dataTiering, pending, scaled, serviceUpdates } = group;
  if (status !== "available") return `${ref.id} is ${status}`;
  if (pending.length > 0) return `${ref.id}: ${pending.join(", ")}`;
  const [update] = updatesOf(serviceUpdates, true);
  if (update !== undefined) return `AWS has planned the service update ${update} of it, which replaces its nodes one after another`;
  if (globalDatastore !== null) return `it belongs to the Global Datastore ${globalDatastore}: AWS changes the sizes of all its regions together`;
  if (dataTiering) return "part of its data lies on disk (data tiering), which no node type without it could hold";
  if (!clusterMode) return "cluster mode is off: its endpoint, and how its clients find their nodes, would have to be looked at first";
  if (scaled.kind === "unseen") return `whether Application Auto Scaling changes its size is not known (${scaled.reason})`;
  if (scaled.value.length > 0) return `Application Auto Scaling changes its size (${scaled.value.join(", ")}): it would undo another one`;
  return undefined;
}

/** The requirement's target first, then every shape between it and today's, the cheapest first. */
function shapesOf(study: RedisStudy, { from, aim, nodeTypes }: Eligible, replicasAnswer: boolean): readonly RedisShape[] {
  const replicaCounts = replicasAnswer ? between(aim.replicas, from.replicas) : [aim.replicas];
  const all = nodeTypes.flatMap((nodeType) =>
    between(aim.shards, from.shards).flatMap((shards) => replicaCounts.map((replicas): RedisShape => ({ nodeType, shards, replicas }))),
  );
  const isAim = (shape: RedisShape): boolean => shapeText(shape) === shapeText(aim);
  const others = all.filter((shape) => !isAim(shape) && shapeText(shape) !== shapeText(from));
  // Where a price is not known, fewer nodes are taken to cost less; of equal cost, fewer shards are less to run.
  const price = (shape: RedisShape): number => hourly(study, shape.nodeType) ?? nodeTypes.indexOf(shape.nodeType) + 1;
  return [aim, ...others.toSorted((a, b) => price(a) * nodesOf(a) - price(b) * nodesOf(b) || a.shards - b.shards)];
}

function between(least: number, most: number): readonly number[] {
  return Array.from({ length: most - least + 1 }, (_, at) => least + at);
}

function wayBackWarnings(from: RedisShape, to: RedisShape, dataGib: number): readonly string[] {
  if (to.shards === from.shards) return [];
  const moved = Math.ceil((dataGib * (from.shards - to.shards)) / from.shards);
  return [
    `on the way back larger nodes are started and filled, then ${moved} GiB of keys move to new shards, to which AWS gives names of its own; clients see slower answers meanwhile`,
  ];
}

function hourly({ facts: { prices }, group: { ref, engine } }: RedisStudy, nodeType: string): number | null {
  return prices.redisHourly(ref.region, nodeType, engine);
}

function cost(study: RedisStudy, shape: RedisShape): MonthlyUsd {
  const { engine, ref } = study.group;
  return monthlyCost(
    { name: `${shape.nodeType}${engine === undefined ? "" : ` (${engine})`} in ${ref.region}`, hourlyUsd: hourly(study, shape.nodeType) },
    nodesOf(shape),
  );
}

function savings(study: RedisStudy, from: RedisShape, to: RedisShape): MonthlyUsd {
  const [before, after] = [cost(study, from), cost(study, to)];
  if (before.kind !== "known") return before;
  return after.kind === "known" ? { kind: "known", usd: before.usd - after.usd } : after;
}
