export type PurchaseType = "On Demand Instances" | "Savings Plans" | "Standard Reserved Instances" | "";
export type RecordType = "Usage" | "SavingsPlanCoveredUsage" | "DiscountedUsage" | "SavingsPlanRecurringFee" | "RIFee" | "Credit" | "Tax";

/** One line of a day's bill: everything that Cost Explorer can filter or group by, and its amounts in US dollars. */
export interface UsageLine {
  readonly region: string;
  readonly service: string;
  readonly instanceType: string;
  readonly usageType: string;
  readonly purchaseType: PurchaseType;
  readonly recordType: RecordType;
  readonly amortizedUsd: number;
  readonly unblendedUsd: number;
  /** The usage at on-demand rates; 0 of what is no usage. */
  readonly listUsd: number;
  readonly quantity: number;
}

const prefixes: Readonly<Record<string, string>> = {
  "us-east-1": "",
  "us-east-2": "USE2-",
  "us-west-1": "USW1-",
  "us-west-2": "USW2-",
  "eu-west-1": "EU-",
  "eu-central-1": "EUC1-",
  "ap-southeast-1": "APS1-",
};

/** Usage types carry the region's billing code; us-east-1 has none. */
export function usageTypeOf(region: string, usage: string): string {
  return `${prefixes[region] ?? `${region}-`}${usage}`;
}
