import { seenOr } from "../../model/seen.ts";
import { changeSeconds } from "../../../../contract/change-seconds.ts";
import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import type { Action, ChangeStep, SizingChange } from "../../model/action.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import { minutesOf } from "../minutes-of.ts";
import type { ContainerServiceChange, CountBounds } from "./changes.ts";
import type { ContainerService } from "./container-service.ts";
import { setText, type TaskSet } from "./fit.ts";
import { taskText } from "./task-size.ts";

interface Circumstances {
  /** Tasks that there are now, or that policies keep at least. */
  readonly tasks: number;
  /** Whether policies move their number. */
  readonly isScaled: boolean;
}

/**
 * A revision of the new size → the tasks are replaced by it, as many as before → the bounds → fewer tasks. Back in the opposite order: all
 * tasks first, in minutes, then the old size as one more revision, so that the family's newest one is what the stacks say again.
 */
export function serviceAction(subject: Subject, service: ContainerService, to: TaskSet, { tasks, isScaled }: Circumstances): Action {
  const id = actionId(subject);
  const size = sizeChanges(service, to.size);
  const bounds = boundsChange(service, to.bounds);
  const count = countChange(service, tasks, to.tasks, isScaled);
  const forward = (name: string, change: ContainerServiceChange, words: string): ChangeStep => ({
    kind: "change",
    id: `${id}#forward:${name}`,
    change,
    description: `${service.name}: ${words}`,
  });
  const back = (name: string, change: ContainerServiceChange, words: string): ChangeStep => ({
    kind: "change",
    id: `${id}#rollback:${name}`,
    change: inverse(change),
    description: `${service.name}: ${words}`,
  });
  const now = taskText(service.task.size);
  return {
    id,
    rule: subject.rule,
    phase: 2,
    region: service.ref.region,
    resource: service.ref,
    summary: `${service.name}: ${setText({ tasks, size: service.task.size })} → ${setText(to)}`,
    steps: [
      ...size.flatMap(({ definition, deployment }) => [
        forward("task-definition", definition, `register a revision of ${service.task.family} with ${taskText(to.size)}`),
        forward("deployment", deployment, `replace its tasks by ones with ${taskText(to.size)}`),
      ]),
      ...bounds.map((change) => forward("bounds", change, `let its number of tasks be ${boundsText(change.after)}`)),
      ...count.map((change) => forward("count", change, `run ${change.after.desiredCount} tasks`)),
    ],
    rollback: [
      // Tasks are back in minutes, where other actions of the region take an hour to be undone: they come before all of that.
      ...count.map((change) => ({ ...back("at-once", change, `run ${change.before.desiredCount} tasks again`), urgent: true as const })),
      ...bounds.map((change) => alone(back("bounds", change, `let its number of tasks be ${boundsText(change.before)} again`))),
      // Within its bounds of before, whatever policies made of it meanwhile.
      ...count.map((change) => alone(back("count", change, `see that it runs ${change.before.desiredCount} tasks`))),
      ...size.flatMap(({ definition, deployment }) => [
        alone(back("task-definition", definition, `register a revision of ${service.task.family} with ${now} again`)),
        back("deployment", deployment, `replace its tasks by ones with ${now} again`),
      ]),
    ],
    reversibility: "immediate",
    undoMinutes: minutesOf((count.length > 0 ? changeSeconds.taskLaunch : 0) + (size.length > 0 ? changeSeconds.taskLaunch + changeSeconds.taskDrain : 0)),
    disruptions: [],
    writeBack: writeBackOf(service, to, { size: size.length > 0, count: count.length > 0, bounds: bounds.length > 0 }),
  };
}

/** Bounds, number and size are calls of their own: one that is refused is no reason to leave the others as they are. */
function alone(step: ChangeStep): ChangeStep {
  return { ...step, alone: true };
}

type Of<K extends ContainerServiceChange["kind"]> = ChangeOf<K>;

function placeOf({ ref, cluster, name }: ContainerService) {
  return { region: ref.region, cluster, service: name };
}

function sizeChanges(
  service: ContainerService,
  after: TaskSize,
): readonly { readonly definition: Of<"ecs.task-definition">; readonly deployment: Of<"ecs.deployment"> }[] {
  const { family, size: before } = service.task;
  if (before.cpu === after.cpu && before.memoryMib === after.memoryMib) return [];
  const change = { ...placeOf(service), family, before, after };
  return [{ definition: { kind: "ecs.task-definition", ...change }, deployment: { kind: "ecs.deployment", ...change } }];
}

function boundsChange(service: ContainerService, after: CountBounds | null): readonly Of<"ecs.scaling-bounds">[] {
  const present = seenOr(service.scaling, null);
  if (present === null || after === null) return [];
  const { minCount, maxCount } = present;
  if (minCount === after.minCount && maxCount === after.maxCount) return [];
  return [{ kind: "ecs.scaling-bounds", ...placeOf(service), before: { minCount, maxCount }, after }];
}

function countChange(service: ContainerService, before: number, after: number, isScaled: boolean): readonly Of<"ecs.desired-count">[] {
  if (before === after) return [];
  const full = isScaled ? { full: before } : {};
  return [{ kind: "ecs.desired-count", ...placeOf(service), before: { desiredCount: before, ...full }, after: { desiredCount: after, ...full } }];
}

function boundsText({ minCount, maxCount }: CountBounds): string {
  return `${minCount} to ${maxCount}`;
}

/** Under its own name: the stacks know the cluster. */
function writeBackOf(
  { name }: ContainerService,
  to: TaskSet,
  changed: { readonly size: boolean; readonly count: boolean; readonly bounds: boolean },
): readonly SizingChange[] {
  const set = (property: string, value: number): SizingChange => ({ type: "aws_ecs_service", id: name, property, operation: "set", value });
  return [
    ...(changed.size ? [set("cpu", to.size.cpu), set("memoryMib", to.size.memoryMib)] : []),
    ...(changed.bounds && to.bounds !== null ? [set("minCount", to.bounds.minCount), set("maxCount", to.bounds.maxCount)] : []),
    ...(changed.count ? [set("desiredCount", to.tasks)] : []),
  ];
}
