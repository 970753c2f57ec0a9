import type { FleetInstance } from "../../shared/fleet.ts";
import type { RefreshState } from "./group.ts";
import { changeSeconds } from "../../../contract/change-seconds.ts";

export interface RefreshRequest {
  readonly startMs: number;
  readonly instances: readonly FleetInstance[];
  readonly target: { readonly instanceType: string; readonly launchTemplateVersion: number };
  readonly skipMatching: boolean;
  readonly minHealthyPercentage: number;
  readonly maxHealthyPercentage: number;
  readonly warmupSeconds: number;
  /** The first moment at or after the given one at which EC2 has capacity for the type. */
  readonly launchableFrom: (atMs: number) => number;
  readonly newInstanceId: (index: number) => string;
}

export interface RefreshPlan {
  /** The group's instances from each moment on, ascending. */
  readonly fleet: readonly { readonly atMs: number; readonly instances: readonly FleetInstance[] }[];
  readonly states: readonly { readonly atMs: number; readonly state: RefreshState }[];
  readonly batchEndsMs: readonly number[];
}

/** Order of magnitude; AWS promises no figures. */
export const pendingMs = 10_000;
export const launchMs = changeSeconds.instanceLaunch * 1000;
export const drainMs = changeSeconds.instanceDrain * 1000;
const betweenBatchesMs = 5_000;
/** AWS fails a refresh that makes no progress for an hour (Auto Scaling user guide, "How an instance refresh works"). */
const stalledAfterMs = 3_600_000;

interface Progress {
  fleet: readonly FleetInstance[];
  atMs: number;
  replaced: number;
}

/**
 * When which instance is replaced. With room above 100 % new instances start first and old ones leave after the warm-up;
 * otherwise old ones leave first, as many at once as `minHealthyPercentage` allows (at least one).
 */
export function planRefresh(request: RefreshRequest): RefreshPlan {
  const matches = (instance: FleetInstance): boolean =>
    instance.launchTemplateVersion === request.target.launchTemplateVersion && instance.instanceType === request.target.instanceType;
  const toReplace = request.instances.filter((instance) => instance.lifecycleState === "InService" && !(request.skipMatching && matches(instance)));
  const fleet: { atMs: number; instances: readonly FleetInstance[] }[] = [];
  const progress: Progress = {
    fleet: request.instances.filter((instance) => instance.lifecycleState !== "Terminating"),
    atMs: request.startMs + pendingMs,
    replaced: 0,
  };
  const states = [
    { atMs: request.startMs, state: stateOf("Pending", 0, toReplace.length) },
    { atMs: progress.atMs, state: stateOf("InProgress", 0, toReplace.length) },
  ];
  const batchEndsMs: number[] = [];
  const size = batchSize(request);
  while (progress.replaced < toReplace.length) {
    const batch = toReplace.slice(progress.replaced, progress.replaced + size);
    const launchAtMs = request.launchableFrom(progress.atMs);
    if (launchAtMs - progress.atMs > stalledAfterMs) {
      const endMs = progress.atMs + stalledAfterMs;
      const reason = "Instances failed to launch: InsufficientInstanceCapacity";
      states.push({ atMs: endMs, state: { ...stateOf("Failed", progress.replaced, toReplace.length), reason, endMs } });
      return { fleet, states, batchEndsMs };
    }
    replaceBatch(request, progress, batch, launchAtMs, fleet);
    batchEndsMs.push(progress.atMs);
    states.push({ atMs: progress.atMs, state: stateOf("InProgress", progress.replaced, toReplace.length) });
    progress.atMs += betweenBatchesMs;
  }
  states.push({ atMs: progress.atMs, state: { ...stateOf("Successful", toReplace.length, toReplace.length), endMs: progress.atMs } });
  return { fleet, states, batchEndsMs };
}

function stateOf(status: RefreshState["status"], replaced: number, all: number): RefreshState {
  return { status, percentageComplete: all === 0 ? 100 : Math.floor((100 * replaced) / all), instancesToUpdate: all - replaced };
}

function launchesFirst(request: RefreshRequest): boolean {
  return request.maxHealthyPercentage > 100;
}

function batchSize(request: RefreshRequest): number {
  const count = request.instances.filter((instance) => instance.lifecycleState === "InService").length;
  const below = Math.floor((count * (100 - request.minHealthyPercentage)) / 100);
  const above = launchesFirst(request) ? Math.floor((count * (request.maxHealthyPercentage - 100)) / 100) : 0;
  return Math.max(1, launchesFirst(request) ? above : below);
}

function replaceBatch(
  request: RefreshRequest,
  progress: Progress,
  batch: readonly FleetInstance[],
  launchAtMs: number,
  fleet: { atMs: number; instances: readonly FleetInstance[] }[],
): void {
  const leaving = new Set(batch.map((instance) => instance.id));
  const fresh = batch.map((old, index): FleetInstance => ({
    id: request.newInstanceId(progress.replaced + index),
    instanceType: request.target.instanceType,
    launchTemplateVersion: request.target.launchTemplateVersion,
    zone: old.zone,
    lifecycleState: "Pending",
  }));
  const freshIds = new Set(fresh.map((instance) => instance.id));
  const record = (atMs: number, instances: readonly FleetInstance[]): void => {
    progress.fleet = instances;
    fleet.push({ atMs, instances });
  };
  const terminate = (instance: FleetInstance): FleetInstance => (leaving.has(instance.id) ? { ...instance, lifecycleState: "Terminating" } : instance);
  const serve = (instance: FleetInstance): FleetInstance => (freshIds.has(instance.id) ? { ...instance, lifecycleState: "InService" } : instance);
  const inServiceMs = launchAtMs + launchMs;
  const warmMs = inServiceMs + request.warmupSeconds * 1000;
  if (launchesFirst(request)) {
    record(launchAtMs, [...progress.fleet, ...fresh]);
    record(inServiceMs, progress.fleet.map(serve));
    record(warmMs, progress.fleet.map(terminate));
    record(
      warmMs + drainMs,
      progress.fleet.filter((instance) => !leaving.has(instance.id)),
    );
    progress.atMs = warmMs + drainMs;
  } else {
    record(progress.atMs, progress.fleet.map(terminate));
    record(launchAtMs, [...progress.fleet, ...fresh]);
    record(inServiceMs, progress.fleet.map(serve));
    record(
      Math.max(warmMs, progress.atMs + drainMs),
      progress.fleet.filter((instance) => !leaving.has(instance.id)),
    );
    progress.atMs = Math.max(warmMs, progress.atMs + drainMs);
  }
  progress.replaced += batch.length;
}
