import { changeSeconds } from "../../../../contract/change-seconds.ts";
import type { Action } from "../../model/action.ts";
import { percent } from "../../model/percent.ts";
import type { Decision, Evidence } from "../../model/rule.ts";
import { chooseCandidate } from "../../sizing/choose-size.ts";
import { firstIncompleteness } from "../../sizing/completeness.ts";
import { conditionText, evidence, isBelowLimit } from "../../sizing/evidence.ts";
import { riskOf } from "../../sizing/projection.ts";
import { mean, quantile } from "../../sizing/quantile.ts";
import { actionId, skip, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import type { Refusal, StudyRule } from "../lever.ts";
import { minutesOf } from "../minutes-of.ts";
import { type AcuRange, type AuroraCluster, type AuroraMember, serverlessClass } from "./cluster.ts";
import { membersOf } from "./load.ts";
import { rangeChecks } from "./member-checks.ts";
import { rangeObstacleOf, rangeRemarksOn } from "./obstacles.ts";
import { costOf, fitOf, hasInsights, rangeText } from "./serverless-fit.ts";
import { type ServerlessLoad, serverlessLoad } from "./serverless-load.ts";
import type { ClusterStudy } from "./study.ts";
import { poolToday, unproven } from "./working-set.ts";

/** Serverless clusters whose range of capacity units is larger, or starts higher, than their load needs. */
export const serverlessCapacity: StudyRule<AuroraCluster, ClusterStudy> = {
  id: "aurora.serverless-capacity",
  phase: 3,
  title: "Smaller range of Aurora Serverless capacity",
  cost: { service: "Amazon Relational Database Service", commitment: "usage" },
  judgedBy: "load-balancers",
  changes: ["rds.serverless-capacity"],
  concerns: ({ members }) => members.some(isServerless),
  restsOn: (cluster) => ({
    serverless: cluster.serverless,
    engine: cluster.engine,
    storage: cluster.storage,
    globalRole: cluster.globalRole,
    capacityMembers: cluster.members.map(({ instanceClass, sizesBefore = null, promotionTier, definition }) => ({
      instanceClass,
      sizesBefore,
      promotionTier,
      insights: hasInsights(definition),
    })),
    capacityObstacle: rangeObstacleOf(cluster)?.detail ?? "none",
  }),
  checks: (study) => rangeChecks(study, study.cluster.members.filter(isServerless)),
  decide: (study, subject) => [decide(study, subject)],
};

function decide(study: ClusterStudy, subject: Subject): Decision {
  const { facts, cluster } = study;
  const { policy } = facts;
  const today = cluster.serverless;
  const mixed = mixedRefusal(cluster);
  if (mixed !== undefined) return skip(subject, mixed.code, mixed.detail);
  if (today === undefined) return skip(subject, "unsupported", "the range of its capacity was not read");
  const refusal = refusalOf(study, today);
  if (refusal !== undefined) return skip(subject, refusal.code, refusal.detail);
  const load = serverlessLoad(study, today);
  const incomplete = firstIncompleteness(load.series, policy);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", incomplete);
  const condition = conditionOf(study, load);
  if (!condition.every(isBelowLimit)) return skip(subject, "threshold-not-met", conditionText(condition), { evidence: condition });

  const pool = poolToday(facts, membersOf(cluster, cluster.members));
  const fit = fitOf(study, load, today);
  const seen = [...condition, ...fit.evidence, ...pool.evidence];
  if (pool.obstacle !== undefined && policy.rules.decision === "guarded") return skip(subject, pool.obstacle.code, pool.obstacle.detail, { evidence: seen });
  const from = rangeText(today);
  const chosen = chooseCandidate(policy, { from, options: fit.options, unknown: [], blind: [] });
  if (chosen.kind === "none") return skip(subject, chosen.code, chosen.detail, { evidence: seen, refused: chosen.refused });
  const { to, candidate } = chosen;
  if (candidate.monthlySavings.kind === "known" && candidate.monthlySavings.usd <= 0)
    return skip(subject, "scaled", `its capacity follows the load, so that nothing would be saved by ${candidate.target}: ${chosen.reason}`, {
      evidence: seen,
      refused: chosen.refused,
    });
  return {
    kind: "proposal",
    ...subject,
    from,
    to: candidate.target,
    reason: `${conditionText(condition)}; ${chosen.reason}`,
    evidence: seen,
    chosen: candidate,
    refused: chosen.refused,
    risk: riskOf(candidate.projections),
    savings: candidate.monthlySavings,
    monthlyCost: { before: costOf(study, load.paidAcus()), after: costOf(study, load.paidAcusIn(to)) },
    warnings: [
      ...chosen.warnings,
      ...(pool.obstacle === undefined ? [] : [pool.obstacle.detail]),
      ...(to.minAcu < today.minAcu
        ? [`at the minimum an instance has ${percent(to.minAcu / today.minAcu)} of today's processors: statements get slower by what they compute`]
        : []),
      ...(fit.isPoolProven(to) ? [] : unproven(study)),
      ...connectionsWarning(study, today, to),
      ...rangeRemarksOn(cluster),
    ],
    action: rangeAction(subject, cluster, today, to),
  };
}

function mixedRefusal({ members }: AuroraCluster): Refusal | undefined {
  const provisioned = members.find((member) => !isServerless(member));
  if (provisioned === undefined) return undefined;
  return {
    code: "unsupported",
    detail: `${provisioned.identifier} is ${provisioned.instanceClass} beside serverless members: what one of them would have to take over from it is measured in other units`,
  };
}

/** Everything else that can be said before looking at any load. */
function refusalOf({ facts: { policy }, cluster, unsettled }: ClusterStudy, today: AcuRange): Refusal | undefined {
  const { targetMinAcu, targetMaxAcu } = policy.rules.auroraServerlessCapacity;
  if (cluster.globalRole === "secondary") {
    const detail = "a secondary cluster of a global database stands by to take over for its primary: its own load does not tell what that needs";
    return { code: "unsupported", detail };
  }
  if (today.minAcu <= targetMinAcu && today.maxAcu <= targetMaxAcu)
    return { code: "already-there", detail: `${rangeText(today)}, not more than ${rangeText({ minAcu: targetMinAcu, maxAcu: targetMaxAcu })}` };
  if (today.minAcu === 0) return { code: "unsupported", detail: "its members pause while nobody is connected: what they need right after that is not known" };
  if (unsettled !== undefined) return { code: "unsupported", detail: unsettled };
  return rangeObstacleOf(cluster);
}

function isServerless({ instanceClass }: AuroraMember): boolean {
  return instanceClass === serverlessClass;
}

/** The requirement's condition, by the member that comes nearest to it. */
function conditionOf({ facts: { policy }, cluster }: ClusterStudy, load: ServerlessLoad): readonly Evidence[] {
  const { maxCpuShare, maxConnections } = policy.rules.auroraServerlessCapacity;
  const most = (figure: (member: AuroraMember) => number): AuroraMember => cluster.members.reduce((one, other) => (figure(other) > figure(one) ? other : one));
  const busiest = most((member) => mean(load.cpu(member).values));
  const fullest = most((member) => quantile(load.connections(member).values, 1));
  const [cpu, held] = [load.cpu(busiest), load.connections(fullest)];
  return [
    evidence(`CPU of ${busiest.identifier}, mean of the whole baseline`, mean(cpu.values), {
      series: cpu,
      statistic: "Average",
      unit: "Percent",
      limit: maxCpuShare * 100,
    }),
    evidence(`connections to ${fullest.identifier}`, quantile(held.values, 1), {
      series: held,
      statistic: "Maximum",
      unit: "Connections",
      limit: maxConnections,
    }),
  ];
}

/** It is read at a start (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html, "Maximum connections"). */
function connectionsWarning({ facts: { capacities }, cluster: { engine } }: ClusterStudy, today: AcuRange, to: AcuRange): readonly string[] {
  const [before, after] = [capacities.auroraServerlessMaxConnections(engine, today), capacities.auroraServerlessMaxConnections(engine, to)];
  return before === after
    ? []
    : [
        `where no parameter group sets it, max_connections falls from ${before} to ${after} with each member's next restart, and rises again only with another one`,
      ];
}

/** One call, in effect within seconds and without a restart. */
export function rangeAction(subject: Subject, { ref }: AuroraCluster, before: AcuRange, after: AcuRange): Action {
  const id = actionId(subject);
  const change: ChangeOf<"rds.serverless-capacity"> = { kind: "rds.serverless-capacity", region: ref.region, cluster: ref.id, before, after };
  return {
    id,
    rule: subject.rule,
    phase: 3,
    region: ref.region,
    resource: ref,
    summary: `${ref.id}: ${rangeText(before)} → ${rangeText(after)} for each instance`,
    steps: [{ kind: "change", id: `${id}#forward:range`, change, description: `let each instance of ${ref.id} have ${rangeText(after)}` }],
    rollback: [
      { kind: "change", id: `${id}#rollback:range`, change: inverse(change), description: `let each instance of ${ref.id} have ${rangeText(before)} again` },
    ],
    reversibility: "immediate",
    undoMinutes: minutesOf(changeSeconds.serverlessCapacity),
    disruptions: [],
    writeBack: [
      { type: "aws_rds_cluster", id: ref.id, property: "minAcu", operation: "set", value: after.minAcu },
      { type: "aws_rds_cluster", id: ref.id, property: "maxAcu", operation: "set", value: after.maxAcu },
    ],
  };
}
