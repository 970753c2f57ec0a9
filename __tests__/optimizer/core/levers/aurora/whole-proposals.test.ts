import { expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import type { Proposal } from "../../../../../optimizer/core/model/rule.ts";
import type { RuleId } from "../../../../../optimizer/core/model/rule-id.ts";
import { aDefinition } from "../../../../support/aurora-definition.ts";
import { readersSee } from "../../../../support/aurora-readers.ts";
import { aServerlessCluster, serverlessSees } from "../../../../support/aurora-serverless.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aCluster, aMember, aWorld, memberSees, primary, type World } from "../../../../support/world.ts";

/** All that a person reads of a proposal, and what is done and undone by it. */
function readOf(rule: RuleId, world: World) {
  const { from, to, reason, evidence, warnings, monthlyCost, risk, action }: Proposal = decisionsOf(ruleOf(rule)).proposal(world);
  const { summary, steps, rollback, disruptions, undoMinutes, reversibility, writeBack } = action;
  const told = (some: typeof steps) => some.map((step) => [step.id.replace(action.id, ""), step.description, step.kind === "change" ? step.change : {}]);
  return {
    size: `${from} → ${to}`,
    reason,
    evidence: evidence.map(({ name, value, unit, statistic, limit }) => [name, Number(value.toFixed(3)), unit, statistic, limit]),
    warnings,
    monthlyUsd: (monthlyCost === undefined ? [] : [monthlyCost.before, monthlyCost.after]).map((cost) =>
      cost.kind === "unknown" ? cost.what : Number(cost.usd.toFixed(2)),
    ),
    risk: Number(risk.toFixed(3)),
    action: { summary, steps: told(steps), rollback: told(rollback), disruptions, undoMinutes, reversibility, writeBack },
  };
}

const definition = (zone: string) => aDefinition({ instanceClass: "db.r6g.xlarge", availabilityZone: `${primary}${zone}` });
const member = (n: number, zone: string) =>
  aMember(`aurora-${n}`, { role: n === 1 ? "writer" : "reader", instanceClass: "db.r6g.xlarge", promotionTier: n - 1, definition: definition(zone) });
const inCluster = { region: primary, cluster: "aurora" };
const pool = [
  ["buffer cache hit ratio in its worst hours", 99.8, "Percent", "p0.5 of hourly averages", undefined],
  ["reads from storage", 40, "Count/Second", "Average", undefined],
];

it("aurora.reader-count: the reader that is promoted last goes, and how it is made again", () => {
  const cluster = aCluster({ members: [member(1, "a"), member(2, "b"), member(3, "c")] });
  const removal = { kind: "rds.member", ...inCluster, instance: "aurora-3" };
  expect(readOf("aurora.reader-count", readersSee(aWorld().with(cluster), cluster, { cpu: 20 }))).toEqual({
    size: "2 readers → 1 reader",
    reason:
      "replica lag of the slowest reader, in ms 20 (Maximum), must be below 100; reads of all reads and writes to storage 10.7 % (Average), must be below 20 %; " +
      "of the readers that may go, aurora-3 is promoted last; the requirement's target 1 reader fits in every dimension",
    evidence: [
      ["replica lag of the slowest reader, in ms", 20, "Milliseconds", "Maximum", 100],
      // Three members read 40 a second each, and one writes 1,000.
      ["reads of all reads and writes to storage", 10.714, "Percent", "Average", 20],
      ["CPU of one member that stays, with one more lost", 60, "Percent", "p99.5 of hourly maxima", undefined],
      ["CPU of the busiest member that stays in the worst hour", 40, "Percent", "Maximum", undefined],
      ["connections of one member that stays, with one more lost", 45, "Percent", "Maximum", undefined],
      ["connections of the busiest member that stays in the worst hour", 30, "Percent", "Maximum", undefined],
      ...pool,
    ],
    warnings: [
      "whoever names the endpoint of aurora-3 itself, not the reader endpoint, cannot connect any more: no metric tells whether somebody does",
      "made again, aurora-3 has its name and endpoint, and another resource id: its history of Performance Insights does not come back",
    ],
    monthlyUsd: [378.87, 0],
    risk: 0.6,
    action: {
      summary: "aurora: remove reader aurora-3 (db.r6g.xlarge)",
      steps: [["#forward:delete", "delete reader aurora-3", { ...removal, before: { ...definition("c"), promotionTier: 1 }, after: null }]],
      rollback: [
        [
          "#rollback:create",
          "create reader aurora-3 (db.r6g.xlarge) again as it was, with another resource id, in some 8 minutes",
          { ...removal, before: null, after: { ...definition("c"), promotionTier: 1 } },
        ],
      ],
      disruptions: [{ kind: "instance-restart", seconds: 30, detail: "connections to aurora-3 end, and are made again to the readers that stay" }],
      undoMinutes: 8,
      reversibility: "slow",
      writeBack: [{ type: "aws_rds_cluster_instance", id: "aurora-3", property: "absent", operation: "set", value: true }],
    },
  });
});

it("aurora.serverless-capacity: minimum and maximum in one call, and what to know of a smaller minimum", () => {
  const cluster = aServerlessCluster();
  const change = { kind: "rds.serverless-capacity", ...inCluster };
  const [before, after] = [
    { minAcu: 4, maxAcu: 16 },
    { minAcu: 2, maxAcu: 4 },
  ];
  expect(readOf("aurora.serverless-capacity", serverlessSees(aWorld().with(cluster), cluster))).toEqual({
    size: "4–16 ACU → 2–4 ACU",
    reason:
      "CPU of aurora-1, mean of the whole baseline 3 % (Average), must be below 30 %; connections to aurora-1 8 (Maximum), must be below 20; 2–4 ACU is the size nearest " +
      "1–4 ACU that fits (1–4 ACU: memory would be 400 %, at most 200 % (a full buffer pool at the minimum, since nothing proves the working set smaller: half of today's minimum a run))",
    evidence: [
      ["CPU of aurora-1, mean of the whole baseline", 3, "Percent", "Average", 30],
      ["connections to aurora-1", 8, "Connections", "Maximum", 20],
      ["capacity units of one member with any other one lost", 0.96, "Count", "p99.5 of hourly maxima", undefined],
      ["connections to one member with any other one lost", 16, "Connections", "Maximum", undefined],
      ["capacity units of the busiest member in the worst hour", 0.48, "Count", "Maximum", undefined],
      ...pool,
    ],
    warnings: [
      "at the minimum an instance has 50 % of today's processors: statements get slower by what they compute",
      "nothing proves the working set smaller than the buffer pool: watch hit ratio and read IOPS after the change",
      "its storage bills each read, and what a smaller buffer pool misses more is not counted ($52.56 a month for each 100 reads a second more)",
      "where no parameter group sets it, max_connections falls from 3360 to 823 with each member's next restart, and rises again only with another one",
    ],
    // Two members, $0.12 a unit and hour.
    monthlyUsd: [700.8, 350.4],
    risk: 0.24,
    action: {
      summary: "aurora: 4–16 ACU → 2–4 ACU for each instance",
      steps: [["#forward:range", "let each instance of aurora have 2–4 ACU", { ...change, before, after }]],
      rollback: [["#rollback:range", "let each instance of aurora have 4–16 ACU again", { ...change, before: after, after: before }]],
      disruptions: [],
      undoMinutes: 1,
      reversibility: "immediate",
      writeBack: [
        { type: "aws_rds_cluster", id: "aurora", property: "minAcu", operation: "set", value: 2 },
        { type: "aws_rds_cluster", id: "aurora", property: "maxAcu", operation: "set", value: 4 },
      ],
    },
  });
});

it("aurora.serverless-capacity: nothing of a pool that is proven, nor of processors that stay", () => {
  const cluster = aServerlessCluster({ serverless: { minAcu: 1, maxAcu: 16 } });
  const world = serverlessSees(aWorld().with(cluster), cluster, { "aurora-1": { acu: 1, cpu: 1 }, "aurora-2": { acu: 1, cpu: 1 } });
  const decision = decisionsOf(ruleOf("aurora.serverless-capacity")).decisions(world)[0];
  // At the minimum that it has already nothing is saved by a lower maximum.
  expect(decision).toMatchObject({ kind: "skip", code: "scaled", detail: expect.stringContaining("nothing would be saved by 1–4 ACU") });
  expect(decision).toHaveProperty("evidence", expect.arrayContaining([expect.objectContaining({ name: "reads from storage" })]));
});

it("aurora.writer-class: a reader first, then it is promoted, and how both are taken back", () => {
  const world = memberSees(memberSees(aWorld().with(aCluster()), "aurora-1", { cpu: 30 }), "aurora-2", { cpu: 5 });
  const resize = { kind: "rds.instance-class", ...inCluster, instance: "aurora-2", role: "reader" };
  const failover = { kind: "rds.failover", ...inCluster };
  const [large, small] = [{ instanceClass: "db.r6g.4xlarge" }, { instanceClass: "db.r6g.2xlarge" }];
  const [first, second] = [{ writer: "aurora-1" }, { writer: "aurora-2" }];
  expect(readOf("aurora.writer-class", world)).toEqual({
    size: "db.r6g.4xlarge → db.r6g.2xlarge",
    reason:
      "CPU of aurora-1, mean of the whole baseline 30 % (Average), must be below 40 %; db.r6g.2xlarge is the size nearest db.r6g.xlarge that fits " +
      "(db.r6g.xlarge: cpu would be 140 %, at most 80 % (p99.5 of hourly maxima 35 % × (16 × 1) ÷ (4 × 1), any one of 2 members lost), " +
      "memory would be 400 %, at most 100 % (a full buffer pool, since nothing proves the working set smaller: one size a run))",
    evidence: [
      ["CPU of aurora-1, mean of the whole baseline", 30, "Percent", "Average", 40],
      ["CPU of one member with any other one lost, of db.r6g.4xlarge", 35, "Percent", "p99.5 of hourly maxima", undefined],
      ["connections to one member with any other one lost", 600, "Connections", "Maximum", undefined],
      ["CPU of the busiest member, of db.r6g.4xlarge in the worst hour", 30, "Percent", "Maximum", undefined],
      ["connections to one member in the worst hour", 300, "Connections", "Maximum", undefined],
      ...pool,
    ],
    warnings: [
      "nothing proves the working set smaller than the buffer pool: watch hit ratio and read IOPS after the change",
      "its storage bills each read, and what a smaller buffer pool misses more is not counted ($52.56 a month for each 100 reads a second more)",
    ],
    monthlyUsd: [3030.96, 1515.48],
    risk: 0.7,
    action: {
      summary: "aurora: writer db.r6g.4xlarge → db.r6g.2xlarge, by promoting aurora-2",
      steps: [
        ["#forward:reader", "resize aurora-2 from db.r6g.4xlarge to db.r6g.2xlarge", { ...resize, before: large, after: small }],
        ["#forward:failover", "fail over from aurora-1 to aurora-2", { ...failover, before: first, after: second }],
      ],
      rollback: [
        ["#rollback:failover", "fail back to aurora-1", { ...failover, before: second, after: first }],
        ["#rollback:reader", "resize aurora-2 from db.r6g.2xlarge to db.r6g.4xlarge", { ...resize, before: small, after: large }],
      ],
      disruptions: [
        { kind: "instance-restart", seconds: 600, detail: "aurora-2 restarts" },
        { kind: "failover", seconds: 35, detail: "writes to aurora fail for up to 35 s" },
      ],
      undoMinutes: 9,
      reversibility: "slow",
      writeBack: [{ type: "aws_rds_cluster_instance", id: "aurora-2", property: "instanceClass", operation: "set", value: "db.r6g.2xlarge" }],
    },
  });
});
