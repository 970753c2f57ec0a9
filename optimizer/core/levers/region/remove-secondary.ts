import type { Advice, Evidence, Skip } from "../../model/rule.ts";
import { incompleteness, unknownPeriods } from "../../sizing/completeness.ts";
import { evidence } from "../../sizing/evidence.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { StudyRule } from "../lever.ts";
import type { Region } from "./region.ts";
import { removalAdvice } from "./removal-advice.ts";
import { type RegionStudy, type SeenUse, seenUses } from "./study.ts";

/** Secondary regions that nobody uses and nobody needs for a failover: told with all that removing them takes, never done. */
export const removeSecondary: StudyRule<Region, RegionStudy> = {
  id: "region.remove-secondary",
  phase: 3,
  title: "Secondary regions that nothing uses",
  // Its money shows under each service that it has.
  cost: { service: "all services of the region", commitment: "none" },
  judgedBy: "never-executed",
  changes: [],
  // Nothing of it is ever run, so that nothing need still be so.
  restsOn: () => ({}),
  decide: (study, subject) => [decide(study, subject)],
};

/** Uses that are told; more are counted. */
const mostTold = 3;

function decide(study: RegionStudy, subject: Subject): Advice | Skip {
  const uses = seenUses(study);
  // Without anything that is measured, nobody can say that it is quiet.
  if (uses.length === 0) return skip(subject, "cannot-judge", "it has nothing whose traffic could be looked at");
  const used = uses.filter(({ use, figure }) => figure > use.limit);
  if (used.length > 0) return skip(subject, "still-read", usedWords(used), { evidence: used.map(evidenceOf) });
  const { policy, baseline } = study.facts;
  const all = { since: 0, startMs: baseline.span.startMs };
  const incomplete = uses.map(({ series }) => incompleteness(series, policy) ?? unknownPeriods(series, all)).find((reason) => reason !== undefined);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", incomplete, { evidence: uses.map(evidenceOf) });
  return removalAdvice(study, uses.map(evidenceOf), subject);
}

function usedWords(used: readonly SeenUse[]): string {
  const words = used.slice(0, mostTold).map(({ use, figure }) => `${use.name}: ${Math.ceil(figure)}`);
  const more = used.length > mostTold ? [`and ${used.length - mostTold} more`] : [];
  const own =
    "what the region does for itself counts, too, such as connections of its idle instances and calls by its own schedules: nothing tells it from a client's";
  return ["something uses it", [...words, ...more].join(", "), own].join("; ");
}

function evidenceOf({ use, statistic, series, figure }: SeenUse): Evidence {
  return evidence(use.name, figure, { series, statistic, unit: use.unit, limit: use.limit });
}
