import type { Spending } from "../../optimizer/core/model/spending.ts";

/** Of an account that Cost Explorer says nothing about. */
export const noSpending: Spending = { trend: null, span: { startMs: 0, endMs: 0 }, coverage: [], utilization: [], recommendations: [], unread: [] };
