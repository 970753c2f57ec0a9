import { percent } from "../../model/percent.ts";
import type { Candidate, Projection } from "../../model/rule.ts";
import { limitsOf } from "../../sizing/choose-size.ts";
import { outgrown } from "../../sizing/growth.ts";
import { figure, rounding } from "../../sizing/projection.ts";
import { resourcesOf } from "../resource-kinds.ts";
import type { FunctionSize } from "./changes.ts";
import type { FunctionFit } from "./fit.ts";

/**
 * AWS refuses a reservation that leaves less than this to all functions without one
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html). Of some accounts it takes less, which only its refusal tells.
 */
const leastUnreserved = 100;

export type ReservationChoice =
  /** The requirement has nothing to say: what it has is not more. */
  | { readonly kind: "as-it-is" }
  /** The size goes without it. */
  | { readonly kind: "left-out"; readonly why: string; readonly candidate?: Candidate }
  | { readonly kind: "reserved"; readonly reserved: number; readonly projections: readonly Projection[]; readonly warnings: readonly string[] };

export function reservedText(size: string, reserved: number | null): string {
  return reserved === null ? size : `${size}, ${reserved} reserved`;
}

/** Whether the requirement's reservation goes with a size that was chosen: only where nothing would come near it, and enough is left to others. */
export function chooseReservation(fit: FunctionFit, size: FunctionSize, chosen: Candidate): ReservationChoice {
  const { facts, pool } = fit;
  const reserved = facts.policy.rules.lambdaFunction.targetReservedConcurrency;
  if (pool.isOwn && pool.limit <= reserved) return { kind: "as-it-is" };
  const left = pool.isOwn ? undefined : unreservedAfter(fit, reserved);
  if (left !== undefined && left < leastUnreserved)
    return {
      kind: "left-out",
      why: `no ${reserved} executions are reserved for it: ${Math.max(0, left)} of ${pool.limit} would stay unreserved, and AWS keeps ${leastUnreserved} for functions without a reservation`,
    };
  const { policy } = facts;
  const { atOnce, sharedAtOnce } = fit.load.usual.hourly;
  const [own, others] = [ownProjection(fit, size, reserved), left === undefined ? undefined : othersProjection(fit, left)];
  const projections = [own, ...outgrown(policy, own, atOnce), ...(others === undefined ? [] : [others, ...outgrown(policy, others, sharedAtOnce)])];
  const against = projections
    .filter(({ fits }) => !fits)
    .map(({ projected, limit, method }) => `concurrency would be ${percent(projected, 1)}, at most ${percent(limit, 1)} (${method})`)
    .join("; ");
  if (facts.policy.rules.decision === "literal")
    return {
      kind: "reserved",
      reserved,
      projections,
      warnings: [free, ...(against === "" ? [] : [`the projection speaks against the reservation: ${against}`])],
    };
  if (against === "") return { kind: "reserved", reserved, projections, warnings: [free] };
  const candidate = { ...chosen, target: reservedText(chosen.target, reserved), projections: [...chosen.projections, ...projections], fits: false };
  return { kind: "left-out", why: `no ${reserved} executions are reserved for it: ${against}`, candidate };
}

const free = "a reservation saves nothing: it bounds how many of its calls run at once and turns away the rest, and keeps as many from other functions";

/** Less memory makes calls longer, so that more of them run at once. A worst case below the usual limit is below that of the worst hour, too: it is the highest sample. */
function ownProjection({ facts, lambda, load: { usual }, pool }: FunctionFit, { memoryMb }: FunctionSize, reserved: number): Projection {
  const limit = limitsOf(facts.policy).usual;
  const slowdown = lambda.memoryMb / memoryMb;
  const projected = (usual.mostAtOnce * slowdown) / reserved;
  const longer = slowdown === 1 ? "" : ` × ${lambda.memoryMb} ÷ ${memoryMb}`;
  return {
    dimension: "concurrency",
    current: usual.mostAtOnce / pool.limit,
    projected,
    limit,
    fits: projected <= limit + rounding,
    method: `${figure(usual.mostAtOnce)} calls at once${longer}, of ${reserved} reserved`,
  };
}

/** What others ran at once at their own peak has to find room in what is left. */
function othersProjection({ facts, load: { usual }, pool }: FunctionFit, left: number): Projection {
  const limit = limitsOf(facts.policy).usual;
  const others = Math.max(0, usual.sharedAtOnce - usual.mostAtOnce);
  return {
    dimension: "concurrency",
    current: others / pool.limit,
    projected: others / left,
    limit,
    fits: others / left <= limit + rounding,
    method: `${figure(others)} of other functions at once, of ${left} left unreserved`,
  };
}

/** Each function of the region that may get a reservation by this rule takes as many: all of them count on the same account. */
function unreservedAfter({ facts: { inventory, policy }, lambda, pool }: FunctionFit, reserved: number): number {
  const { targetMemoryMb, targetTimeoutSeconds } = policy.rules.lambdaFunction;
  const takers = resourcesOf(inventory, "lambda-function").filter(
    ({ ref, memoryMb, timeoutSeconds, reservedConcurrency: own }) =>
      ref.region === lambda.ref.region && (memoryMb > targetMemoryMb || timeoutSeconds > targetTimeoutSeconds) && (own.kind === "unseen" || own.value === null),
  );
  return pool.limit - reserved * takers.length;
}
