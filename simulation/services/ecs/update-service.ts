import { ClientException, InvalidParameterException, type UpdateServiceCommandInput, type UpdateServiceCommandOutput } from "@aws-sdk/client-ecs";
import { changeSeconds } from "../../../contract/change-seconds.ts";
import { launchableFrom } from "../../account/fault-schedule.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { Timeline } from "../../account/timeline.ts";
import { application } from "../../shared/application.ts";
import { stateAt, type EcsService, type PastDeployment, type Rollout, type ServiceState } from "./container-service.ts";
import { describe, knownCluster, knownService } from "./describe.ts";
import { revisionOf, type FoundRevision } from "./task-definition.ts";

const minuteMs = 60_000;
const startMs = changeSeconds.taskLaunch * 1000;
/** How long a task that is to be stopped finishes its requests and takes no new ones. */
const drainMs = changeSeconds.taskDrain * 1000;
/** Until as many tasks have failed to start as the circuit breaker waits for. */
const givenUpMs = 10 * minuteMs;
const mibPerGib = 1024;

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
export function updateService(input: UpdateServiceCommandInput, context: MutationContext): () => Answer<UpdateServiceCommandOutput> {
  const { state, region, nowMs, idSeed, scenario } = context;
  refuseUnmodelled("UpdateService", input, ["cluster", "service", "taskDefinition", "desiredCount"]);
  const service = knownService(state, region, input.cluster, input.service);
  const now = stateAt(service, nowMs);
  const desiredCount = input.desiredCount ?? now.desiredCount;
  if (!Number.isInteger(desiredCount) || desiredCount < 0) throw new InvalidParameterException(refusal("desiredCount must be an integer of at least 0."));
  const wanted = revisionOf(context, input.taskDefinition ?? now.primary.definition);
  if (wanted === undefined) throw new ClientException(refusal("TaskDefinition not found."));
  if (input.taskDefinition !== undefined && !wanted.isActive) throw new ClientException(refusal("TaskDefinition is inactive"));
  const isNew = wanted.arn !== now.primary.definition;
  if (now.failed !== null) throw new NotSimulated("UpdateService while a deployment is being undone");
  const comesUp = isEnough(wanted, context);
  if (!comesUp && !undoes(service)) throw new NotSimulated("a deployment that fails, without a circuit breaker that undoes it");
  const placedMs = launchableFrom(scenario, region, "UpdateService", nowMs);
  if (isNew && placedMs > nowMs && !undoes(service)) throw new NotSimulated("a deployment without capacity, without a circuit breaker that undoes it");
  return () => {
    endShortage(service, nowMs);
    if (isNew) deploy(service, { now, desiredCount, wanted: wanted.arn, comesUp, nowMs, placedMs, idSeed });
    else if (now.primary.state === "IN_PROGRESS") replace(service, { ...now, desiredCount }, { nowMs, placedMs });
    else scale(service, { ...now, desiredCount }, { nowMs, placedMs });
    return { service: describe(service, knownCluster(state, region, service.cluster).arn, nowMs, false) };
  };
}

function undoes({ breaker }: EcsService): boolean {
  return breaker.enable && breaker.rollback;
}

/** Another call wants other tasks, or none. */
function endShortage({ shortages }: EcsService, nowMs: number): void {
  const last = shortages.at(-1);
  if (last !== undefined && last.untilMs > nowMs) last.untilMs = nowMs;
}

/** A task that has less memory than its application takes before the first request is stopped as soon as it starts. */
function isEnough({ size }: FoundRevision, { scenario, region }: MutationContext): boolean {
  const demand = application.of(scenario, region);
  return demand === undefined || demand.memoryBaseGib * mibPerGib <= size.memoryMib;
}

interface NewDeployment {
  readonly now: ServiceState;
  readonly desiredCount: number;
  readonly wanted: string;
  readonly comesUp: boolean;
  readonly nowMs: number;
  /** From when on Fargate has capacity. */
  readonly placedMs: number;
  readonly idSeed: string;
}

interface Placing {
  readonly nowMs: number;
  readonly placedMs: number;
}

function deploy(service: EcsService, { now, desiredCount, wanted, comesUp, nowMs, placedMs, idSeed }: NewDeployment): void {
  const primary: Rollout = {
    id: `ecs-svc/${idSeed.slice(0, 19)}`,
    definition: wanted,
    startMs: nowMs,
    state: "IN_PROGRESS",
    reason: "ECS deployment in progress.",
  };
  const status: PastDeployment["status"] = new Timeline<ReturnType<PastDeployment["status"]["final"]>>(nowMs, "IN_PROGRESS");
  // A deployment that another one takes the place of never comes to its end.
  service.past.at(-1)?.status.cutAfter(nowMs);
  const before = service.past.at(-1)?.status;
  if (before?.final() === "IN_PROGRESS") before.set(nowMs, "STOPPED");
  service.past.push({ id: primary.id, definition: wanted, source: now.primary.definition, startMs: nowMs, status });
  if (comesUp && placedMs < nowMs + givenUpMs) {
    replace(service, { ...now, desiredCount, primary }, { nowMs, placedMs });
    status.set(placedMs + startMs + drainMs, "SUCCESSFUL");
    return;
  }
  const untilMs = Math.min(placedMs, nowMs + givenUpMs);
  if (untilMs > nowMs) service.shortages.push({ fromMs: nowMs, untilMs });
  const again: Rollout = { ...now.primary, startMs: nowMs + givenUpMs, state: "IN_PROGRESS", reason: "ECS deployment circuit breaker: rolling back." };
  const failed: Rollout = { ...primary, state: "FAILED", reason: "ECS deployment circuit breaker: tasks failed to start." };
  service.state.set(nowMs, { ...now, desiredCount, primary, pending: placedMs > nowMs ? 0 : desiredCount });
  service.state.set(nowMs + givenUpMs, { ...now, desiredCount, primary: again, failed });
  service.state.set(nowMs + givenUpMs + drainMs, { ...now, desiredCount, primary: { ...again, state: "COMPLETED", reason: "ECS deployment completed." } });
  status.set(nowMs + givenUpMs, "ROLLBACK_IN_PROGRESS");
  status.set(nowMs + givenUpMs + drainMs, "ROLLBACK_SUCCESSFUL");
}

/** All new tasks come beside the old ones (200 percent of a hundred that must be healthy); then the old ones go. */
function replace(service: EcsService, to: ServiceState, { nowMs, placedMs }: Placing): void {
  const { desiredCount, primary } = to;
  const complete = { ...primary, state: "COMPLETED", reason: "ECS deployment completed." } as const;
  awaitCapacity(service, to, { nowMs, placedMs });
  service.state.set(placedMs, { ...to, pending: desiredCount });
  service.state.set(placedMs + startMs, { ...to, running: { ...to.running, [primary.definition]: desiredCount }, pending: 0 });
  service.state.set(placedMs + startMs + drainMs, { ...to, primary: complete, running: { [primary.definition]: desiredCount }, pending: 0 });
}

/** More or fewer tasks of the same definition are no deployment. */
function scale(service: EcsService, to: ServiceState, placing: Placing): void {
  const present = to.running[to.primary.definition] ?? 0;
  const settled: ServiceState = { ...to, running: { [to.primary.definition]: to.desiredCount }, pending: 0 };
  const { nowMs, placedMs } = to.desiredCount > present ? placing : { nowMs: placing.nowMs, placedMs: placing.nowMs };
  awaitCapacity(service, to, { nowMs, placedMs });
  service.state.set(placedMs, { ...to, pending: Math.max(0, to.desiredCount - present) });
  service.state.set(placedMs + (to.desiredCount > present ? startMs : drainMs), settled);
}

/** Nothing is pending that could not be placed. */
function awaitCapacity(service: EcsService, to: ServiceState, { nowMs, placedMs }: Placing): void {
  if (placedMs <= nowMs) return;
  service.shortages.push({ fromMs: nowMs, untilMs: placedMs });
  service.state.set(nowMs, { ...to, pending: 0 });
}
