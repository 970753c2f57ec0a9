import type { CostLine } from "../core/model/money.ts";
import type { Span } from "../core/model/observation.ts";
import type { MonthlyCost } from "../core/money/trend.ts";
import type { DailyCost } from "../core/money/realized.ts";

/** What a day's costs are of: a region's services, or what the account pays for commitments that nothing uses, under whatever service and region. */
export type DailyScope = { readonly region: string } | "unused-commitments";

/** Cost Explorer, in our words. Spans are whole UTC days; credits, refunds and tax are left out. */
export interface CostReader {
  /** By service, instance type and purchase type of one region. */
  costByInstanceType(region: string, span: Span): Promise<readonly CostLine[]>;
  /** By calendar month, region and service. */
  monthlyCostByService(regions: readonly string[], span: Span): Promise<readonly MonthlyCost[]>;
  /** By day and service, after the account's discounts where they are told. Of a region without what commitments cost that nothing uses. */
  dailyCostByService(scope: DailyScope, span: Span): Promise<readonly DailyCost[]>;
  requestsMade(): number;
}
