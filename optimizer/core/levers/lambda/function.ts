import type { MonthlyUsd } from "../../model/money.ts";
import { percent } from "../../model/percent.ts";
import type { Candidate, Decision, Skip } from "../../model/rule.ts";
import { chooseCandidate, limitsOf, type Option } from "../../sizing/choose-size.ts";
import { conditionText, isBelowLimit } from "../../sizing/evidence.ts";
import { figure, riskOf } from "../../sizing/projection.ts";
import { unseenSizes } from "../../sizing/sizes-before.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { StudyRule } from "../lever.ts";
import type { FunctionSize } from "./changes.ts";
import { type FunctionFit, longestAfter, monthlyBill, projectionsOf } from "./fit.ts";
import { functionChecks } from "./function-checks.ts";
import { functionAction, sizeText } from "./function-action.ts";
import type { EventSource, LambdaFunction } from "./lambda-function.ts";
import { chooseReservation, type ReservationChoice, reservedText } from "./reservation.ts";
import type { FunctionStudy } from "./study.ts";

/** Memory between today's and the target is tried in these steps; AWS takes any number of MB. */
const memoryStepMb = 64;
const wholeMinute = 60;

/** Functions with more memory than their calls need, and longer time-outs than their longest call. */
export const functionSize: StudyRule<LambdaFunction, FunctionStudy> = {
  id: "lambda.function",
  phase: 2,
  title: "Smaller Lambda functions",
  // A Savings Plan may pay for a part of it, at a discount; it is bound to no function.
  cost: { service: "AWS Lambda", commitment: "usage", billedBy: "requests" },
  judgedBy: "load-balancers",
  changes: ["lambda.concurrency", "lambda.configuration"],
  restsOn: (lambda) => ({
    memoryMb: lambda.memoryMb,
    sizesBefore: lambda.sizesBefore ?? null,
    timeoutSeconds: lambda.timeoutSeconds,
    architecture: lambda.architecture,
    runtime: lambda.runtime,
    ephemeralStorageMb: lambda.ephemeralStorageMb,
    heapSetting: lambda.heapSetting,
    published: lambda.published,
    eventSources: lambda.eventSources,
    reservedConcurrency: lambda.reservedConcurrency,
    isDurable: lambda.isDurable,
    onManagedInstances: lambda.onManagedInstances,
  }),
  checks: ({ facts: { policy }, lambda }, action) => functionChecks(policy, lambda, action),
  decide: (study, subject) => [decide(study, subject)],
};

function decide(study: FunctionStudy, subject: Subject): Decision {
  const { facts, lambda } = study;
  const { targetMemoryMb, minInvocations } = facts.policy.rules.lambdaFunction;
  const eligible = eligibility(study, subject);
  if (eligible.kind === "skip") return eligible;
  const usual = study.usual();
  if (usual.incomplete !== undefined) return skip(subject, "insufficient-data", usual.incomplete);
  if (usual.invocations < minInvocations)
    return skip(subject, "insufficient-data", `ran ${Math.round(usual.invocations)} times in the baseline, ${minInvocations} are needed`, usual);
  if (!usual.evidence.every(isBelowLimit)) return skip(subject, "threshold-not-met", conditionText(usual.evidence), usual);
  if (usual.longestSeconds >= lambda.timeoutSeconds)
    return skip(subject, "does-not-fit", `calls ran into its time-out of ${lambda.timeoutSeconds} s: how long they would take is not known`, usual);

  const isLarger = lambda.memoryMb > targetMemoryMb;
  const unknown = isLarger ? unknownOf(study.inside()) : [];
  const inside = isLarger && unknown.length === 0 ? study.inside() : undefined;
  const evidence = [...usual.evidence, ...(inside?.evidence ?? [])];
  const price = facts.prices.lambda(lambda.ref.region, lambda.architecture);
  const fit: FunctionFit = { facts, lambda, load: { usual, inside }, pool: eligible.pool, bound: boundOf(eligible.bounded, usual.mostAtOnce), price };
  const sizes = shortlist(fit);
  if (sizes.length === 0) return skip(subject, "does-not-fit", neededTimeout(fit), usual);
  const options = sizes.map((size): Option<FunctionSize> => {
    const projections = projectionsOf(fit, size);
    const fits = projections.every((each) => each.fits);
    return { to: size, candidate: { target: sizeText(size), projections, fits, monthlySavings: savings(fit, size) } };
  });
  const blind = price === null && isLarger ? [`no price is known for Lambda in ${lambda.ref.region}`] : [];
  const chosen = chooseCandidate(facts.policy, { options, unknown, blind, from: sizeText(lambda) });
  if (chosen.kind === "none") return skip(subject, chosen.code, chosen.detail, { evidence, refused: chosen.refused });
  const { to, candidate, refused, reason, warnings } = chosen;
  const reservation = chooseReservation(fit, to, candidate);
  const reserved = reservation.kind === "reserved" ? reservation.reserved : null;
  const before = { reserved: eligible.pool.isOwn ? eligible.pool.limit : null };
  const taken: Candidate =
    reservation.kind === "reserved"
      ? { ...candidate, target: reservedText(candidate.target, reserved), projections: [...candidate.projections, ...reservation.projections] }
      : candidate;
  return {
    kind: "proposal",
    ...subject,
    from: reservedText(sizeText(lambda), reserved === null ? null : before.reserved),
    to: taken.target,
    reason: `${conditionText(usual.evidence)}; ${reason}`,
    evidence,
    chosen: taken,
    refused: [...refused, ...(reservation.kind === "left-out" && reservation.candidate !== undefined ? [reservation.candidate] : [])],
    risk: riskOf(taken.projections.filter(({ dimension }) => dimension !== "cost")),
    savings: candidate.monthlySavings,
    warnings: [...warnings, ...slowerWarnings(fit, to), ...reservationWarnings(reservation)],
    action: functionAction(subject, lambda, to, reserved === null ? undefined : { before, after: { reserved } }),
  };
}

function reservationWarnings(reservation: ReservationChoice): readonly string[] {
  if (reservation.kind === "reserved") return reservation.warnings;
  return reservation.kind === "left-out" ? [reservation.why] : [];
}

/** Why what happens inside of calls is not known. */
function unknownOf({ incomplete, otherMemoryMb }: ReturnType<FunctionStudy["inside"]>): readonly string[] {
  if (incomplete !== undefined) return [`${incomplete}: ${withoutInsights}`];
  return otherMemoryMb === undefined ? [] : [`had ${otherMemoryMb} MB in a part of the baseline: what it did then says nothing of today`];
}

const withoutInsights =
  "what a call takes of memory and processors only Lambda Insights tells, of functions that have its extension; without it nothing is guessed";

interface Eligible {
  readonly kind: "eligible";
  readonly pool: FunctionFit["pool"];
  readonly bounded: readonly EventSource[];
}

/** Everything that can be said before looking at any call. */
function eligibility({ facts: { policy }, lambda }: FunctionStudy, subject: Subject): Eligible | Skip {
  const { targetMemoryMb, targetTimeoutSeconds } = policy.rules.lambdaFunction;
  const { published, eventSources, reservedConcurrency, unreservedConcurrency } = lambda;
  if (lambda.memoryMb <= targetMemoryMb && lambda.timeoutSeconds <= targetTimeoutSeconds)
    return skip(subject, "already-there", `${sizeText(lambda)}: not more than ${sizeText({ memoryMb: targetMemoryMb, timeoutSeconds: targetTimeoutSeconds })}`);
  const hindrance = hindranceOf(lambda);
  if (hindrance !== undefined) return skip(subject, "unsupported", hindrance);
  const unseen = unseenSizes(lambda.ref.id, lambda.sizesBefore);
  if (unseen !== undefined) return skip(subject, "unreadable", unseen);
  if (published.kind === "unseen") return skip(subject, "unreadable", `whether versions of it are in use could not be seen: ${published.reason}`);
  if (published.value.length > 0)
    return skip(
      subject,
      "unsupported",
      `${published.value.join(", ")}: a published version keeps its memory, and who calls it is not known; a smaller one has to be published`,
    );
  if (eventSources.kind === "unseen") return skip(subject, "unreadable", `what calls it could not be seen: ${eventSources.reason}`);
  if (reservedConcurrency.kind === "unseen")
    return skip(subject, "unreadable", `how often it may run at once could not be seen: ${reservedConcurrency.reason}`);
  if (unreservedConcurrency.kind === "unseen")
    return skip(subject, "unreadable", `how often functions may run at once could not be seen: ${unreservedConcurrency.reason}`);
  if (reservedConcurrency.value === 0) return skip(subject, "unsupported", "its reserved concurrency is 0: somebody has stopped it");
  return {
    kind: "eligible",
    pool: reservedConcurrency.value === null ? { limit: unreservedConcurrency.value, isOwn: false } : { limit: reservedConcurrency.value, isOwn: true },
    bounded: eventSources.value.filter(({ isBounded }) => isBounded),
  };
}

/**
 * How many calls its streams and limited queues let run at once. Of several nobody knows which brings how many calls: all of them have to find
 * room in the narrowest, unless more were seen at once. Where one does not tell, the most that ever ran at once shows how many there are.
 */
function boundOf(bounded: readonly EventSource[], mostSeen: number): FunctionFit["bound"] {
  if (bounded.length === 0) return undefined;
  const told = bounded.flatMap(({ mostAtOnce }) => (mostAtOnce?.kind === "seen" ? [mostAtOnce.value] : []));
  if (told.length < bounded.length) return { atOnce: mostSeen, how: "ever ran at once" };
  const narrowest = Math.min(...told);
  return bounded.length === 1 || narrowest >= mostSeen ? { atOnce: narrowest, how: "may run at once" } : { atOnce: mostSeen, how: "ever ran at once" };
}

function hindranceOf({ state, lastUpdate, onManagedInstances, isDurable, heapSetting }: LambdaFunction): string | undefined {
  if (state !== "Active") return `it is ${state}`;
  if (lastUpdate !== "Successful") return `its latest change is ${lastUpdate}`;
  if (onManagedInstances) return "it runs on managed instances, whose memory and processors follow other rules";
  if (isDurable) return "it is a durable function: one execution goes on over many calls";
  if (heapSetting !== null) return `${heapSetting} gives its runtime a heap of a size of its own, which less memory may not hold`;
  return undefined;
}

/** Sizes to be told of: the target's, the smallest that fits and the one before it; without one that does, the largest. */
function shortlist(fit: FunctionFit): readonly FunctionSize[] {
  const sizes = sizesOf(fit);
  const found = sizes.findIndex((size) => projectionsOf(fit, size).every(({ fits }) => fits));
  const chosen = found === -1 ? sizes.length - 1 : found;
  return [...new Set([0, chosen - 1, chosen])].flatMap((index) => sizes[index] ?? []);
}

/**
 * The target's memory first, then more by steps; to each the shortest time-out that holds its longest call, not below the target's. None where
 * its longest call needs the time-out that it has and its memory is there already.
 */
function sizesOf({ facts: { policy }, lambda, load }: FunctionFit): readonly FunctionSize[] {
  const { targetMemoryMb, targetTimeoutSeconds } = policy.rules.lambdaFunction;
  const least = Math.min(lambda.memoryMb, targetMemoryMb);
  const memories = Array.from({ length: Math.max(1, Math.ceil((lambda.memoryMb - least) / memoryStepMb)) }, (_, at) => least + at * memoryStepMb);
  const sizes = memories.map((memoryMb) => {
    const needed = Math.ceil(longestAfter(load, lambda, memoryMb) / limitsOf(policy).usual / wholeMinute) * wholeMinute;
    return { memoryMb, timeoutSeconds: Math.min(lambda.timeoutSeconds, Math.max(targetTimeoutSeconds, needed)) };
  });
  return sizes.filter(({ memoryMb, timeoutSeconds }) => memoryMb < lambda.memoryMb || timeoutSeconds < lambda.timeoutSeconds);
}

function neededTimeout({ facts: { policy }, lambda, load: { usual } }: FunctionFit): string {
  return `its longest call took ${figure(usual.longestSeconds)} s: more than ${percent(limitsOf(policy).usual)} of each time-out of whole minutes below its ${lambda.timeoutSeconds} s`;
}

/** What is saved where calls compute in as many threads as the runtime has, and how much more or less that may be. */
function savings({ lambda, load, price }: FunctionFit, { memoryMb }: FunctionSize): MonthlyUsd {
  if (memoryMb === lambda.memoryMb) return { kind: "known", usd: 0 };
  if (price === null) return { kind: "unknown", what: `Lambda in ${lambda.ref.region}`, reason: "price unknown" };
  const { before, worstAfter, likelyAfter, bestAfter } = monthlyBill(load, lambda, memoryMb, price);
  const more = `up to $${(likelyAfter - bestAfter).toFixed(2)} more`;
  const less = (worstAfter - likelyAfter).toFixed(2);
  const slower = "how much slower its calls get is not known";
  return {
    kind: "partly",
    usd: before - likelyAfter,
    unknown: [
      Number(less) === 0
        ? { what: `${more} of ${lambda.ref.id}`, reason: slower }
        : { what: `${more}, or $${less} less, of ${lambda.ref.id}`, reason: `${slower}; ${lambda.runtime} is taken to compute in one thread at a time` },
    ],
  };
}

function slowerWarnings({ lambda, load: { usual } }: FunctionFit, { memoryMb }: FunctionSize): readonly string[] {
  if (memoryMb === lambda.memoryMb) return ["saves nothing by itself: it bounds what a call that hangs can cost"];
  return [
    `has ${percent(memoryMb / lambda.memoryMb)} of today's processors: calls get slower by what they compute, and no load balancer shows that of a function behind none (p95 ${Math.round(usual.p95Seconds * 100) / 100} s today)`,
    "AWS's free 400,000 GB-seconds a month are not counted: where the account stays below, nothing is saved",
  ];
}
