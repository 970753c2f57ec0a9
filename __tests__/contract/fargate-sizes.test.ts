import { expect, it } from "vitest";
import { fargateCpus, fargateMemories } from "../../contract/fargate-sizes.ts";

it.each([
  [256, [512, 1024, 2048]],
  [512, [1024, 2048, 3072, 4096]],
  [1024, [2048, 3072, 4096, 5120, 6144, 7168, 8192]],
])("a task of %d CPU units has %j MiB", (cpu, memories) => {
  expect(fargateMemories(cpu)).toEqual(memories);
});

it.each([
  [2048, 4096, 16_384, 13],
  [4096, 8192, 30_720, 23],
  [8192, 16_384, 61_440, 12],
  [16_384, 32_768, 122_880, 12],
])("a task of %d CPU units has %d to %d MiB", (cpu, from, to, count) => {
  const memories = fargateMemories(cpu);
  expect([memories[0], memories.at(-1), memories.length]).toEqual([from, to, count]);
});

it("there is no other CPU", () => {
  expect(fargateCpus).toEqual([256, 512, 1024, 2048, 4096, 8192, 16_384]);
  expect(fargateMemories(1000)).toEqual([]);
});
