import type { PhaseNumber } from "../../model/rule-id.ts";
import type { RunState } from "../../model/run-state.ts";
import { errorTally } from "../../observation/score-slot.ts";

/** Whose requests a breach met: all of the region, since a load balancer does not tell its tenants apart. */
export interface BreachImpact {
  readonly phase: PhaseNumber;
  readonly region: string;
  /** Requests of the slots that were over a limit, counted as the window counts them: those that no target could take are among them. */
  readonly requests: number;
  /** How many of them were answered with 5xx. */
  readonly failed: number;
  readonly slots: number;
  readonly minutes: number;
}

/** The slots over a limit of every stage that breached, before and after its rollback began. */
export function breachImpacts(state: RunState): readonly BreachImpact[] {
  const breaches = state.records.filter((record) => record.type === "DECISION" && record.body.kind === "breach");
  return breaches.flatMap((breach): readonly BreachImpact[] => {
    if (breach.phase === null || breach.region === null) return [];
    const slots = state.records.flatMap((record) =>
      record.type === "SLOT" &&
      record.phase === breach.phase &&
      record.region === breach.region &&
      record.round === breach.round &&
      record.body.score.verdict === "breach"
        ? [record.body.score]
        : [],
    );
    const tallies = slots.flatMap((slot) => slot.counts.flatMap((counts) => errorTally(counts) ?? []));
    return [
      {
        phase: breach.phase,
        region: breach.region,
        requests: tallies.reduce((sum, { requests }) => sum + requests, 0),
        failed: tallies.reduce((sum, { errors }) => sum + errors, 0),
        slots: slots.length,
        minutes: slots.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs) / 60_000, 0),
      },
    ];
  });
}
