import { fargateCpus, fargateMemories, type TaskSize } from "../../../../contract/fargate-sizes.ts";
import type { TaskDefinition } from "./container-service.ts";

/** `1024 CPU, 2048 MiB` */
export function taskText({ cpu, memoryMib }: TaskSize): string {
  return `${cpu} CPU, ${memoryMib} MiB`;
}

const vcpuUnits = 1024;

/** vCPUs of a task; less than one is one that is as much slower. */
export function vcpuOf({ cpu }: Pick<TaskSize, "cpu">): number {
  return cpu / vcpuUnits;
}

/** The size in a text of `taskText`, also behind a number of tasks: capacities are asked for by name. */
export function taskSizeOf(text: string): TaskSize | undefined {
  const [, cpu, memoryMib] = /(\d+) CPU, (\d+) MiB/.exec(text) ?? [];
  return cpu === undefined || memoryMib === undefined ? undefined : { cpu: Number(cpu), memoryMib: Number(memoryMib) };
}

/** Today's size and each that Fargate offers which is smaller in one dimension at least and larger in none, down to `least`. */
export function smallerSizes(now: TaskSize, least: TaskSize): readonly TaskSize[] {
  return fargateCpus
    .filter((cpu) => cpu <= now.cpu && cpu >= Math.min(now.cpu, least.cpu))
    .flatMap((cpu) => fargateMemories(cpu).map((memoryMib) => ({ cpu, memoryMib })))
    .filter(({ memoryMib }) => memoryMib <= now.memoryMib && memoryMib >= Math.min(now.memoryMib, least.memoryMib));
}

/** Why a task of that size would not hold its containers as they are defined; undefined where it does. */
export function tooSmallFor({ containers, size: now }: TaskDefinition, { cpu, memoryMib }: TaskSize): string | undefined {
  const asked = { cpu: sum(containers.map((each) => each.cpu)), memoryMib: sum(containers.map((each) => each.memoryMib)) };
  if (asked.cpu > cpu) return `its containers ask for ${asked.cpu} CPU units by themselves`;
  if (asked.memoryMib > memoryMib) return `its containers ask for ${asked.memoryMib} MiB by themselves`;
  const heap = memoryMib < now.memoryMib ? containers.find(({ heapSetting }) => heapSetting !== null) : undefined;
  return heap === undefined
    ? undefined
    : `${heap.heapSetting} of its container ${heap.name} gives its runtime a heap of a size of its own, which less memory may not hold`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Of a service, as its own number is told. */
export function countText(tasks: number): string {
  return tasks === 1 ? "1 task" : `${tasks} tasks`;
}
