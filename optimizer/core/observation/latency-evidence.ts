/** Sequential evidence that a balancer's p99 is above the limit: one Gaussian e-CUSUM per alternative increase, in logarithms. */
export interface LatencyEvidence {
  readonly logs: readonly number[];
}

/** Alternatives as multiples of the allowed increase: +20 % allowed looks for +30 %, +50 % and +100 % (research/safety.md §2). */
const multiples = [1.5, 2.5, 5] as const;

/** A perfectly even baseline would make any deviation infinite evidence; CloudWatch's own percentile is no finer than about this. */
const leastSigma = 0.01;

export const noLatencyEvidence: LatencyEvidence = { logs: multiples.map(() => 0) };

/** What the baseline says of the noise of an hour's mean log ratio. */
export interface LatencyNoise {
  readonly sigma: number;
  readonly autocorrelation: number;
}

/**
 * One step: `meanLogRatio` is the mean of log(p99 ÷ usual) over the step's slots, `hours` how many hours of slots it holds. The variance
 * is the hourly one, inflated by (1+ρ)/(1−ρ) for autocorrelation and by 1/hours where the step holds less than an hour.
 */
export function addLatency(evidence: LatencyEvidence, meanLogRatio: number, hours: number, maxIncrease: number, noise: LatencyNoise): LatencyEvidence {
  const rho = Math.min(0.95, Math.max(0, noise.autocorrelation));
  const variance = (Math.max(leastSigma, noise.sigma) ** 2 * ((1 + rho) / (1 - rho))) / Math.min(1, hours);
  const excess = meanLogRatio - Math.log(1 + maxIncrease);
  const logs = multiples.map((multiple, index) => {
    const shift = Math.log((1 + multiple * maxIncrease) / (1 + maxIncrease));
    return Math.max(0, evidence.logs[index] ?? 0) + (shift * excess - shift ** 2 / 2) / variance;
  });
  return { logs };
}
