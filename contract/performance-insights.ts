/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.Engines.html */
const withoutInsights = /^db\.t[234]g?\.(?:micro|small)$/;

/** Performance Insights watches no class this small. AWS refuses such a class to an instance on which it is turned on. */
export function hasPerformanceInsights(instanceClass: string): boolean {
  return !withoutInsights.test(instanceClass);
}
