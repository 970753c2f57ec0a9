import type { DynamoTable } from "../../optimizer/core/levers/dynamodb/table.ts";

/** What most tables have in common: a plain key, items that stay, and nothing besides. */
export const plainTable = {
  key: [{ name: "pk", keyType: "HASH", attributeType: "S" }],
  localIndexes: [],
  itemCount: 1e6,
  expiryAttribute: { kind: "seen", value: null },
  recoveryDays: { kind: "seen", value: 35 },
  tableClass: "STANDARD",
  globalTable: { kind: "seen", value: "none" },
  foreignReplicas: [],
  contributorInsights: { kind: "seen", value: {} },
  scaling: { kind: "seen", value: [] },
  streamConsumers: { kind: "seen", value: [] },
} as const satisfies Partial<DynamoTable>;
