import { seededRandom } from "../support/seeded-random.ts";
import { regions } from "./small-stacks.ts";
import type { Deed, Request, Schedule, Trouble } from "./schedule.ts";

/** Virtual hours that a run takes which nobody disturbs, and awaits in them: troubles fall into these. */
const runHours = 13;
const runAwaits = 1_100;

const writes = [
  "UpdateTable",
  "CreateLaunchTemplateVersion",
  "UpdateAutoScalingGroup",
  "StartInstanceRefresh",
  "CancelInstanceRefresh",
  "ModifyDBInstance",
  "FailoverDBCluster",
  "ModifyDBCluster",
];
const reads = [
  "DescribeTable",
  "ListTagsOfResource",
  "DescribeAutoScalingGroups",
  "DescribeInstanceRefreshes",
  "DescribeLaunchTemplateVersions",
  "DescribeDBInstances",
  "DescribeDBClusters",
  "DescribeTags",
  "GetMetricData",
];
const deeds: readonly Deed[] = [
  "size-put-back",
  "resized",
  "failover",
  "template-version",
  "group-repointed",
  "index-cap",
  "queued",
  "tenant-tag",
  "deleted",
  "made-anew",
];
const requests: readonly Request[] = ["resume", "rollback", "tick", "continue"];

interface Draw {
  unit(): number;
  below(limit: number): number;
  of<T>(values: readonly T[]): T;
  chance(share: number): boolean;
}

/** A schedule of one to five troubles: few enough that what fails can be understood, many enough that they meet. */
export function makeSchedule(seed: number): Schedule {
  const unit = seededRandom(seed).uniform;
  const draw: Draw = {
    unit,
    below: (limit) => Math.floor(unit() * limit),
    of: (values) => values[Math.floor(unit() * values.length)]!,
    chance: (share) => unit() < share,
  };
  // The first draws of neighbouring seeds are alike.
  for (let turn = 0; turn < 5; turn += 1) unit();
  const troubles = Array.from({ length: 1 + draw.below(5) }, () => trouble(draw));
  return { seed, mode: draw.chance(0.15) ? "tick" : "foreground", troubles };
}

function trouble(draw: Draw): Trouble {
  const kinds = ["aws", "aws", "aws", "outage", "metrics", "rush", "crash", "crash", "sleeper", "second", "hand", "hand"] as const;
  const kind = draw.of(kinds);
  const region = draw.of(regions);
  const from = Math.round(draw.unit() * runHours * 10) / 10;
  switch (kind) {
    case "aws":
      return awsFault(draw, region, from);
    case "outage":
      // The whole region, for hours or for days.
      return { kind: "aws", fault: { kind: draw.of(["access-denied", "throttling"] as const), region, from, until: from + draw.of([1, 6, 30, 70]) } };
    case "metrics": {
      const until = from + draw.of([1, 4, 12]);
      const late = { kind: "late-points" as const, region, from, until, lagSeconds: draw.of([600, 1800, 5400]) };
      return { kind: "metrics", fault: draw.chance(0.6) ? late : { kind: "partial-data", region, from, until, share: 0.5 } };
    }
    case "rush":
      return { kind: "rush", promotion: { region, start: from, hours: draw.of([1, 3, 8]), factor: draw.of([1.6, 4, 5, 6]), rampMinutes: 10 } };
    case "crash":
      return { kind, at: 1 + draw.below(runAwaits), when: draw.of(["before", "after"] as const), hours: draw.of([0, 0, 0.1, 3, 30]) };
    case "sleeper":
    case "second":
      return { kind, at: 1 + draw.below(runAwaits), other: draw.of(requests) };
    case "hand":
      return { kind, atHour: from, region, deed: draw.of(deeds) };
    default:
      throw new Error(`no such trouble: ${JSON.stringify(kind satisfies never)}`);
  }
}

function awsFault(draw: Draw, region: string, from: number): Trouble {
  const kind = draw.of(["throttling", "access-denied", "expired-token", "reply-lost", "reply-lost", "stale-reads", "insufficient-capacity"] as const);
  const span = { region, from, until: from + draw.of([0.2, 1, 5, 20]) };
  switch (kind) {
    case "reply-lost":
      return { kind: "aws", fault: { kind, ...span, commands: [draw.of(writes)] } };
    case "stale-reads":
      return { kind: "aws", fault: { kind, ...span, lagSeconds: draw.of([30, 110, 295]) } };
    case "insufficient-capacity":
      return { kind: "aws", fault: { kind, ...span } };
    case "expired-token":
      return { kind: "aws", fault: { kind, ...span, times: 1 + draw.below(4) } };
    case "throttling":
    case "access-denied":
      return { kind: "aws", fault: { kind, ...span, commands: [draw.of([...writes, ...reads])], ...(draw.chance(0.5) ? { times: 1 + draw.below(12) } : {}) } };
    default:
      throw new Error(`no such fault: ${JSON.stringify(kind satisfies never)}`);
  }
}
