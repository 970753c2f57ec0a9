import type { CostLine } from "../core/model/money.ts";
import type { Span } from "../core/model/observation.ts";

/** Cost Explorer, in our words. Spans are whole UTC days; credits, refunds and tax are left out. */
export interface CostReader {
  /** Amortized cost by service, instance type and purchase type of one region. */
  costByInstanceType(region: string, span: Span): Promise<readonly CostLine[]>;
  /** Amortized US dollars a day by service, of one region. */
  dailyCostByService(region: string, span: Span): Promise<readonly { readonly dayStartMs: number; readonly service: string; readonly amortizedUsd: number }[]>;
  requestsMade(): number;
}
