/** What CloudWatch Database Insights keeps of a cluster. `advanced` costs by vCPU and hour, and analyses a whole fleet of databases. */
export const databaseInsightsModes = ["standard", "advanced"] as const;

export type DatabaseInsightsMode = (typeof databaseInsightsModes)[number];

/**
 * Days of Performance Insights that go with a mode: two years bought by themselves, or the fifteen months that `advanced` includes.
 * `standard` keeps what was Performance Insights' own choice of days, beyond the end of its console in 2026.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DatabaseInsights.Considerations.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_PerfInsights.Enabling.html
 */
export const performanceInsightsDays: Readonly<Record<DatabaseInsightsMode, number>> = { standard: 731, advanced: 465 };

/** What the cluster itself must say of Performance Insights: `advanced` is refused unless it is on there, too. */
export function clusterInsights(mode: DatabaseInsightsMode, keyArn: string) {
  return {
    databaseInsightsMode: mode,
    ...(mode === "standard"
      ? {}
      : { performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: performanceInsightsDays[mode], performanceInsightsKmsKeyId: keyArn }),
  };
}
