const gib = 1024;

/** What a task has: CPU units, 1024 a vCPU, and memory. */
export interface TaskSize {
  readonly cpu: number;
  readonly memoryMib: number;
}

/**
 * CPU units → memory in MiB that Fargate has with them: from, to, in steps.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
const memoryByCpu: ReadonlyMap<number, readonly [from: number, to: number, step: number]> = new Map([
  [512, [gib, 4 * gib, gib]],
  [1024, [2 * gib, 8 * gib, gib]],
  [2048, [4 * gib, 16 * gib, gib]],
  [4096, [8 * gib, 30 * gib, gib]],
  [8192, [16 * gib, 60 * gib, 4 * gib]],
  [16_384, [32 * gib, 120 * gib, 8 * gib]],
]);

/** The smallest CPU has three sizes of no common step. */
const smallest = { cpu: 256, memoryMib: [512, gib, 2 * gib] } as const;

export const fargateCpus: readonly number[] = [smallest.cpu, ...memoryByCpu.keys()];

/** Memory that goes with `cpu`, in MiB, ascending; none when Fargate has no such CPU. */
export function fargateMemories(cpu: number): readonly number[] {
  if (cpu === smallest.cpu) return smallest.memoryMib;
  const range = memoryByCpu.get(cpu);
  if (range === undefined) return [];
  const [from, to, step] = range;
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}
