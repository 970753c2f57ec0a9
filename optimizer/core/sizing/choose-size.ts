import { percent } from "../model/percent.ts";
import type { MonthlyUsd } from "../model/money.ts";
import type { Policy } from "../model/policy.ts";
import type { Candidate, Projection, SkipCode } from "../model/rule.ts";
import { type Demand, project } from "./projection.ts";
import { type HourLimits, type HourlyDemand, rarePeakWarning, refusedByWorstHour, worstHour } from "./worst-hour.ts";

/** What a size is chosen by. */
export interface Choice {
  readonly from: string;
  /** The requirement's target first, then each smaller step toward it. */
  readonly sizes: readonly string[];
  readonly demands: readonly Demand[];
  /** The same dimensions hour by hour, for the highest sample. */
  readonly hourly: readonly HourlyDemand[];
  /** Why dimensions that must be known are not. */
  readonly unknown: readonly string[];
  readonly savings: (target: string) => MonthlyUsd;
  /** Projections that are no capacity arithmetic, e.g. whether a database's working set is proven to fit. */
  readonly besides: (target: string) => readonly Projection[];
  readonly notOffered?: NotOffered;
}

/** What AWS itself would refuse: the requirement's target, with each size's reason. Such sizes are no candidates. */
export interface NotOffered {
  readonly target: string;
  readonly reasons: readonly string[];
}

export type Chosen<To = string> =
  | { readonly kind: "none"; readonly code: SkipCode; readonly detail: string; readonly refused: readonly Candidate[] }
  | {
      readonly kind: "size";
      readonly to: To;
      readonly candidate: Candidate;
      readonly refused: readonly Candidate[];
      readonly reason: string;
      readonly warnings: readonly string[];
    };

/** The size to take of one resource's ladder, where each dimension is a capacity of one instance. */
export function chooseSize(policy: Policy, choice: Choice): Chosen {
  const limits = limitsOf(policy);
  return chooseCandidate(policy, {
    from: choice.from,
    options: choice.sizes.map((target) => ({ to: target, candidate: candidateOf(choice, target, limits) })),
    unknown: choice.unknown,
    blind: choice.sizes.flatMap((target) => unknownCapacities(choice.from, choice.demands, target)),
    ...(choice.notOffered === undefined ? {} : { notOffered: choice.notOffered }),
  });
}

/** How much of a candidate may be used, usually and in the worst hour of the baseline. */
export function limitsOf({ rules: { headroom, maxWorstHourShare } }: Policy): HourLimits {
  return { usual: 1 - headroom, worst: maxWorstHourShare };
}

/** What a resource may become, with what was projected of it. */
export interface Option<To> {
  readonly to: To;
  readonly candidate: Candidate;
}

/** What was projected already, in the order in which it would be taken. */
interface Projected<To> {
  readonly from: string;
  /** The requirement's target first. */
  readonly options: readonly Option<To>[];
  /** Why dimensions that must be known are not. */
  readonly unknown: readonly string[];
  /** What no data could tell, e.g. a capacity that nobody names. */
  readonly blind: readonly string[];
  readonly notOffered?: NotOffered;
}

/**
 * `guarded`: the first candidate that fits in every dimension. `literal`: the requirement's target itself, with what the projection says
 * against it as warnings.
 */
export function chooseCandidate<To>(policy: Policy, { from, options, unknown, blind: notKnown, notOffered }: Projected<To>): Chosen<To> {
  const [aim] = options;
  if (aim === undefined) return { kind: "none", code: "already-there", detail: `${from} has no smaller size to go to`, refused: [] };
  const blind = [...(policy.regionFailover === "peer" ? [peerLoad] : []), ...notKnown];
  if (policy.rules.decision === "literal")
    return notOffered === undefined
      ? literally(aim, [...unknown, ...blind])
      : { kind: "none", code: "unsupported", detail: notOffered.reasons.join("; "), refused: [] };
  if (unknown.length > 0) return { kind: "none", code: "insufficient-data", detail: unknown.join("; "), refused: [] };
  if (blind.length > 0) return { kind: "none", code: "unsupported", detail: blind.join("; "), refused: [] };
  return nearestThatFits(options, notOffered ?? { target: aim.candidate.target, reasons: [] }, limitsOf(policy));
}

/** Said rather than ignored: a projection without the failed peer's load would promise too much. */
const peerLoad = "the load of a failed peer region (regionFailover: peer) is not projected";

function literally<To>({ to, candidate }: Option<To>, notProjected: readonly string[]): Chosen<To> {
  const against = candidate.fits ? [] : [`the projection speaks against it: ${refusal(candidate)}`];
  const reason = `the requirement's target ${candidate.target}, by its condition alone`;
  return { kind: "size", to, candidate, refused: [], reason, warnings: [...against, ...notProjected.map((gap) => `not projected: ${gap}`)] };
}

function nearestThatFits<To>(options: readonly Option<To>[], { target, reasons }: NotOffered, limits: HourLimits): Chosen<To> {
  const first = options.findIndex(({ candidate }) => candidate.fits);
  const refused = (first === -1 ? options : options.slice(0, first)).map(({ candidate }) => candidate);
  const why = [...reasons, ...refused.map(refusal)].join("; ");
  const nearest = options[first];
  if (nearest === undefined) {
    const alone = refusedByWorstHour(refused) !== undefined;
    return { kind: "none", code: "does-not-fit", detail: alone ? `refused by its worst hour: ${why}` : why, refused };
  }
  const { to, candidate } = nearest;
  const reason =
    why === "" ? `the requirement's target ${target} fits in every dimension` : `${candidate.target} is the size nearest ${target} that fits (${why})`;
  return {
    kind: "size",
    to,
    candidate,
    refused,
    reason,
    warnings: [...reasons, ...candidate.projections.flatMap((each) => rarePeakWarning(each, limits.usual))],
  };
}

function candidateOf({ from, demands, hourly, savings, besides }: Choice, target: string, limits: HourLimits): Candidate {
  const arithmetic = demands.flatMap((demand) => project(demand, from, target, limits.usual) ?? []);
  const worst = hourly.flatMap((demand) => worstHour(demand, from, target, limits));
  const projections = [...arithmetic, ...besides(target), ...worst];
  return { target, projections, fits: projections.every(({ fits }) => fits), monthlySavings: savings(target) };
}

/** Why a size cannot be judged in a dimension that is known. */
export function unknownCapacities(from: string, demands: readonly Demand[], target: string): readonly string[] {
  return demands
    .filter((demand) => project(demand, from, target, 1) === undefined)
    .map(({ dimension }) => `the ${dimension} capacity of ${from} or ${target} is not known`);
}

/** Why a candidate was refused: `m5.2xlarge: cpu would be 104 %, at most 80 %`. */
function refusal({ target, projections }: Candidate): string {
  const misfits = projections.filter(({ fits }) => !fits);
  // A dimension that is too tight by its usual load already needs no worst hour.
  const usual = new Set(misfits.filter(({ worstHour }) => worstHour === undefined).map(({ dimension }) => dimension));
  const tight = misfits
    .filter(({ dimension, worstHour }) => worstHour === undefined || !usual.has(dimension))
    .map(
      ({ dimension, projected, limit, method, worstHour }) =>
        `${dimension} would be ${percent(projected, 1)}${worstHour === undefined ? "" : " in its worst hour"}, at most ${percent(limit, 1)} (${method})`,
    );
  return `${target}: ${tight.join(", ")}`;
}
