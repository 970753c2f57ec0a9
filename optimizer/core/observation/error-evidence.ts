/** Sequential evidence that a balancer's error rate is above the limit: one e-CUSUM per alternative rate, in logarithms. */
export interface ErrorEvidence {
  readonly logs: readonly number[];
}

/** Rates the evidence looks for, as multiples of the limit (research/safety.md §2). */
const multiples = [1.2, 1.5, 2, 4, 10] as const;

const logMultiples = multiples.map((multiple) => Math.log(multiple));

export const noErrorEvidence: ErrorEvidence = { logs: multiples.map(() => 0) };

/**
 * M ← max(1, M) · L^(1/φ) with L = (p₁/p₀)^x ((1−p₁)/(1−p₀))^(n−x) for x errors in n requests, p₀ the limit and φ the baseline's
 * dispersion. Lindon, Sanden, Shirikian: Rapid Regression Detection in Software Deployments through Sequential Testing, KDD 2022.
 */
export function addErrors(evidence: ErrorEvidence, errors: number, requests: number, limit: number, dispersion: number): ErrorEvidence {
  const logs = multiples.map((multiple, index) => {
    const previous = Math.max(0, evidence.logs[index] ?? 0);
    const alternative = multiple * limit;
    if (!(limit > 0) || alternative >= 1) return 0;
    const gain = errors * (logMultiples[index] ?? 0) + (requests - errors) * (Math.log1p(-alternative) - Math.log1p(-limit));
    return previous + gain / Math.max(1, dispersion);
  });
  return { logs };
}

/** Whether the e-value, the mean of exp(log), reaches exp(`logThreshold`). A mean is no larger than the largest, which is mostly too small. */
export function reaches(logs: readonly number[], logThreshold: number): boolean {
  const top = logs.reduce((most, log) => (log > most ? log : most), Number.NEGATIVE_INFINITY);
  if (top < logThreshold) return false;
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length) >= logThreshold;
}
