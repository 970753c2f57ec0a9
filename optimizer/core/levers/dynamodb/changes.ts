import type { IndexDefinition } from "./table.ts";

/** UpdateTable: cap (or free, −1) the on-demand reads of an index. */
export interface IndexReadCapChange {
  readonly kind: "dynamodb.index-read-cap";
  readonly region: string;
  readonly table: string;
  readonly index: string;
  readonly before: { readonly maxReadRequestUnits: number };
  readonly after: { readonly maxReadRequestUnits: number };
}

/** UpdateTable: delete (`after` null) or create (`before` null) an index. */
export interface IndexPresenceChange {
  readonly kind: "dynamodb.index";
  readonly region: string;
  readonly table: string;
  readonly index: string;
  readonly before: IndexDefinition | null;
  readonly after: IndexDefinition | null;
}
