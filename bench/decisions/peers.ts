import { quantileOf } from "./hours.ts";
import type { Processors } from "./lever.ts";

/** A rule of thumb that others go by: from the hourly CPU of the baseline to a smaller size, or none. */
interface Peer {
  readonly name: string;
  decide<Size>(cpu: readonly number[], processors: Processors<Size>, from: Size): Size | undefined;
}

export const peers: readonly Peer[] = [
  {
    name: "p95 < 40 %, next size",
    decide: (cpu, { sizes }) => (quantileOf(cpu, 0.95) < 0.4 ? sizes[0] : undefined),
  },
  {
    name: "q99 ≤ 80 % of CPU",
    decide: (cpu, { sizes, vcpu }, from) => sizes.findLast((size) => (quantileOf(cpu, 0.99) * vcpu(from)) / vcpu(size) <= 0.8),
  },
];
