import { seenOr } from "../../model/seen.ts";
import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import { certainly } from "../../model/certainly.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { Candidate, FargatePrices, Projection } from "../../model/rule.ts";
import { monthlyCost } from "../../money/monthly.ts";
import { slowdownOn } from "../../sizing/answering.ts";
import { limitsOf } from "../../sizing/choose-size.ts";
import { worstHours } from "../../sizing/lost-zone.ts";
import { survivors } from "../../sizing/fleet-size.ts";
import { project, rounding } from "../../sizing/projection.ts";
import { mean, quantile } from "../../sizing/quantile.ts";
import type { CountBounds } from "./changes.ts";
import { whileDeployed } from "./deployment.ts";
import { meanWithin } from "./scaling.ts";
import type { ServiceStudy } from "./study.ts";
import { taskText, vcpuOf } from "./task-size.ts";

/** How many tasks of which size, and within which bounds their number moves. */
export interface TaskSet {
  readonly tasks: number;
  readonly size: TaskSize;
  /** Null where Application Auto Scaling knows nothing of the service. */
  readonly bounds: CountBounds | null;
  /** Tasks that would run on average. */
  readonly running: number;
}

/** A service that is to have fewer or smaller tasks. */
export interface Resizing {
  readonly study: ServiceStudy;
  /** Numbers of tasks and sizes to be looked at, today's among them. */
  readonly counts: readonly number[];
  readonly sizes: readonly TaskSize[];
  /** Tasks that policies would keep of each size, in the order of `sizes`; null where nobody moves their number. */
  readonly wanted: readonly Float64Array[] | null;
  readonly price: FargatePrices | null;
}

const gibMib = 1024;
/** So much disk is in the price of a task (https://aws.amazon.com/fargate/pricing/). */
const freeStorageGib = 20;

function hourlyUsd({ study: { service }, price }: Resizing, { cpu, memoryMib }: TaskSize): number | null {
  if (price === null) return null;
  const storageGib = Math.max(0, service.task.ephemeralStorageGib - freeStorageGib);
  return vcpuOf({ cpu }) * price.vcpuHour + (memoryMib / gibMib) * price.gbHour + storageGib * price.ephemeralStorageGbHour;
}

export function costOf(resizing: Resizing, size: TaskSize, running: number): MonthlyUsd {
  return monthlyCost({ name: `Fargate in ${resizing.study.service.ref.region}`, hourlyUsd: hourlyUsd(resizing, size) }, running);
}

/** Tasks that really run today: the desired number where nothing moves it, else their mean over the baseline. */
export function runningNow({ study: { size }, wanted }: Resizing): number {
  return wanted === null || size.byHour === undefined ? size.desired : mean(size.byHour.values);
}

/** Every set of fewer or smaller tasks, the cheapest first: the requirement's, since none below it is looked at. */
function setsOf(resizing: Resizing): readonly TaskSet[] {
  const { counts, sizes, study } = resizing;
  const now = study.service.task.size;
  const most = Math.max(...counts);
  const weight = ({ size, running }: TaskSet): number => (hourlyUsd(resizing, size) ?? size.cpu) * running;
  return sizes
    .flatMap((size, at) => counts.map((tasks) => setOf(resizing, tasks, size, resizing.wanted?.[at])))
    .filter(({ tasks, size }) => tasks < most || size.cpu !== now.cpu || size.memoryMib !== now.memoryMib)
    .toSorted((a, b) => weight(a) - weight(b) || a.size.memoryMib * a.running - b.size.memoryMib * b.running || b.tasks - a.tasks);
}

/** A tenth above the most that the policies would have asked for stays allowed. */
const roomAbove = 1.1;

function setOf({ study: { service } }: Resizing, tasks: number, size: TaskSize, wanted: Float64Array | undefined): TaskSet {
  const present = seenOr(service.scaling, null);
  if (present === null) return { tasks, size, bounds: null, running: tasks };
  const most = wanted === undefined ? 0 : Math.ceil(quantile(wanted, 1) * roomAbove);
  const bounds = { minCount: Math.min(present.minCount, tasks), maxCount: Math.max(present.maxCount, most) };
  return { tasks, size, bounds, running: wanted === undefined ? tasks : meanWithin(wanted, bounds) };
}

/** What whoever asks for sets has made sure of. */
export const smallerThanToday = "there are fewer tasks, or smaller ones, than today's";

/** Sets to be told of: the requirement's, the cheapest that carries the load and the one before it; without one that does, the dearest. */
export function shortlist(resizing: Resizing): readonly TaskSet[] {
  const sets = setsOf(resizing);
  const mayFit = fitsFrom(resizing, certainly(sets[0], smallerThanToday));
  const found = sets.findIndex((set) => mayFit(set) && projectionsOf(resizing, set).every(({ fits }) => fits));
  const chosen = found === -1 ? sets.length - 1 : found;
  return [...new Set([0, chosen - 1, chosen])].flatMap((index) => sets[index] ?? []);
}

/**
 * Whether a set may carry what these projections are of another one: a share falls as what is left to carry it grows, and by less where a part of
 * it is each task's own. Some are of all tasks and some of those that a lost zone leaves: the larger growth of both counts.
 */
function fitsFrom(resizing: Resizing, from: TaskSet): (set: TaskSet) => boolean {
  const projections = projectionsOn(resizing, from);
  const { zones } = resizing.study.size;
  return ({ tasks, size }) => {
    const carriers = Math.min(from.tasks / tasks, survivors(from.tasks, zones) / survivors(tasks, zones));
    return projections.every(({ dimension, projected, limit }) => {
      const capacities = dimension === "cpu" ? from.size.cpu / size.cpu : from.size.memoryMib / size.memoryMib;
      return projected * capacities * carriers <= limit + rounding;
    });
  };
}

/** Every dimension, were the load of the whole baseline carried by so many tasks: usually with a zone lost, in the worst hour with none and with one. */
function projectionsOn({ study }: Resizing, { tasks, size }: TaskSet): readonly Projection[] {
  const { facts, service, demandOn } = study;
  const limits = limitsOf(facts.policy);
  const { demands, hourly } = demandOn(tasks);
  const [from, to] = [taskText(service.task.size), taskText(size)];
  return [
    ...demands.map((each) => project(each, from, to, limits.usual)).filter((each) => each !== undefined),
    ...worstHours(hourly, { from, to, zones: study.size.zones, limits }),
  ];
}

/** How much longer requests take: by the set itself, since waiting grows faster than what it waits for. */
function slowdown({ study: { facts, answering } }: Resizing, { tasks, size }: TaskSet): readonly Projection[] {
  const now = answering();
  return now === undefined ? [] : [slowdownOn(facts, now, vcpuOf(size), Float64Array.of(tasks))];
}

function projectionsOf(resizing: Resizing, set: TaskSet): readonly Projection[] {
  const { study, counts } = resizing;
  return [...projectionsOn(resizing, set), ...slowdown(resizing, set), ...whileDeployed(study, Math.max(...counts), set)];
}

export function candidateOf(resizing: Resizing, set: TaskSet): Candidate {
  const projections = projectionsOf(resizing, set);
  const now = costOf(resizing, resizing.study.service.task.size, runningNow(resizing));
  const then = costOf(resizing, set.size, set.running);
  return {
    target: setText(set),
    projections,
    fits: projections.every(({ fits }) => fits),
    monthlySavings: now.kind === "known" && then.kind === "known" ? { kind: "known", usd: now.usd - then.usd } : now,
  };
}

/** `3 × 512 CPU, 1024 MiB` */
export function setText({ tasks, size }: Pick<TaskSet, "tasks" | "size">): string {
  return `${tasks} × ${taskText(size)}`;
}
