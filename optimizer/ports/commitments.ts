import type { Span } from "../core/model/observation.ts";
import type { CommitmentCoverage, CommitmentScope, CommitmentUtilization, PurchaseRecommendation } from "../core/model/spending.ts";

/** The account's reservations and Savings Plans, as Cost Explorer tells of them. A UserError says what it does not tell. */
export interface CommitmentReader {
  coverage(scope: CommitmentScope, span: Span): Promise<readonly CommitmentCoverage[]>;
  utilization(scope: CommitmentScope, span: Span): Promise<readonly CommitmentUtilization[]>;
  /** By the last 30 days, for one year without anything upfront. */
  recommendations(scope: CommitmentScope): Promise<readonly PurchaseRecommendation[]>;
  requestsMade(): number;
}
