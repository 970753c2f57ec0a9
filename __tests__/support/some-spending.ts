import type { Spending } from "../../optimizer/core/model/spending.ts";

const ec2 = "Amazon Elastic Compute Cloud - Compute";
const cache = "Amazon ElastiCache";

/** Three months of two services, one of them rising, with a Savings Plan that is not quite used; what AWS did not tell, for both reasons. */
export const someSpending: Spending = {
  trend: {
    months: ["2026-03", "2026-04", "2026-05"],
    running: { month: "2026-06", days: 9 },
    services: [
      { region: "us-west-2", service: ec2, monthlyUsd: [24_000, 25_000, 26_000], runningMonthlyUsd: 26_500, risingUsd: 1000 },
      { region: "us-east-1", service: cache, monthlyUsd: [15_800, 15_810, 15_795], runningMonthlyUsd: 15_795, risingUsd: -2.5 },
    ],
  },
  span: { startMs: Date.UTC(2026, 4, 10), endMs: Date.UTC(2026, 5, 9) },
  coverage: [
    { kind: "reservation", service: cache, region: "us-east-1", coveredShare: 0 },
    { kind: "reservation", service: cache, region: "us-west-2", coveredShare: 0 },
    { kind: "savings-plan", service: ec2, coveredShare: 0.29 },
  ],
  utilization: [{ kind: "savings-plan", usedShare: 0.94, unusedUsd: 310.5 }],
  recommendations: [{ kind: "reservation", service: cache, what: "12 × cache.r6g.4xlarge in us-east-1", monthlySavingsUsd: 3884 }],
  unread: [
    { kind: "none", what: `utilization of reservations of ${cache}`, reason: "no data, as of an account that has none" },
    { kind: "failed", what: "recommended Savings Plans", reason: "AccessDeniedException: not allowed" },
  ],
};
