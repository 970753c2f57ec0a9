/** A key attribute; strings unless it says otherwise. */
export interface KeyField {
  readonly name: string;
  readonly type?: "S" | "N" | "B";
}

export interface TableKey {
  readonly hash: KeyField;
  readonly range?: KeyField;
}

export interface IndexDefinition {
  readonly name: string;
  readonly key: TableKey;
}

/** How far its rows may travel: `internal` to everyone here, `confidential` to those who work with them, `restricted` holds personal data. */
export type DataClassification = "internal" | "confidential" | "restricted";

/** A DynamoDB table as data. A `global` table belongs to the primary stack, the others hold replicas; a `regional` one is made in each. */
export interface TableDefinition {
  readonly key: string;
  readonly scope: "global" | "regional";
  /** What its rows are, as its tag `TableType` says. */
  readonly tableType: "tenants" | "users" | "audit-log" | "sessions" | "events";
  readonly dataClassification: DataClassification;
  readonly primaryKey: TableKey;
  readonly indexes: readonly IndexDefinition[];
  readonly stream: boolean;
  readonly billing: TableBilling;
}

export type TableBilling =
  | { readonly mode: "PAY_PER_REQUEST" }
  | { readonly mode: "PROVISIONED"; readonly readCapacity: number; readonly writeCapacity: number };

/** For whoever keeps an inventory of data; the copies in other regions have them, too. */
export function tableTags({ tableType, dataClassification }: Pick<TableDefinition, "tableType" | "dataClassification">): Record<string, string> {
  return { TableType: tableType, DataClassification: dataClassification };
}

/**
 * Exactly the attributes that keys use, each once: DynamoDB refuses one too many or too few, and only when a plan is made.
 * Two keys that disagree on a type keep the first; the settings' rules report that.
 */
export function keyFields({ primaryKey, indexes }: Pick<TableDefinition, "primaryKey" | "indexes">): readonly Required<KeyField>[] {
  const fields = new Map<string, Required<KeyField>>();
  for (const key of [primaryKey, ...indexes.map((index) => index.key)])
    for (const { name, type = "S" } of key.range === undefined ? [key.hash] : [key.hash, key.range]) if (!fields.has(name)) fields.set(name, { name, type });
  return [...fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
