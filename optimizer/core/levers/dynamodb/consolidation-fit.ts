import type { Policy } from "../../model/policy.ts";
import { readTags } from "../../model/resource-ref.ts";
import type { Seen } from "../../model/seen.ts";
import type { Refusal } from "../lever.ts";
import { oncePer } from "../../model/once.ts";
import { type Inventory, resourcesOf } from "../resource-kinds.ts";
import type { DynamoTable, KeyAttribute, TableIndex } from "./table.ts";

/** Global secondary indexes of a table (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html). */
const mostIndexes = 20;

/** What keeps a table apart from every other, whatever that looks like. */
export function apartAlone(table: DynamoTable): Refusal | undefined {
  const unsupported = (detail: string): Refusal => ({ code: "unsupported", detail });
  if (table.status !== "ACTIVE") return unsupported(`the table is ${table.status}`);
  const moving = table.indexes.find(({ status }) => status !== "ACTIVE");
  if (moving !== undefined) return unsupported(`index ${moving.definition.name} is ${moving.status}`);
  if (table.replicaRegions.length > 1) return unsupported("a global table: another one would have to be merged in each of its regions at once");
  if (table.streamArn !== undefined) return unsupported("has a stream: what reads it would be given the other table's items, too");
  if (table.localIndexes.length > 0)
    return unsupported(`has the local index ${table.localIndexes.join(", ")}: it keeps each partition key's items together within 10 GB`);
  for (const seen of [table.expiryAttribute, table.recoveryDays])
    if (seen.kind === "unseen") return { code: "unreadable", detail: `how long it keeps its items could not be seen: ${seen.reason}` };
  if (table.itemCount === 0 || table.sizeBytes === 0)
    return { code: "insufficient-data", detail: "AWS counts no items in it (it counts every 6 hours or so), so their size is not known" };
  return undefined;
}

const byCommonSettings = oncePer((inventory: Inventory) => {
  const groups = new Map<string, DynamoTable[]>();
  for (const table of resourcesOf(inventory, "dynamodb-table")) {
    if (apartAlone(table) !== undefined) continue;
    const group = groups.get(settingsOf(table)) ?? [];
    groups.set(settingsOf(table), group);
    group.push(table);
  }
  return groups;
});

/** Tables of the same region that differ in no setting, this one among them, in the order of the inventory. */
export function alike(inventory: Inventory, table: DynamoTable): readonly DynamoTable[] {
  return byCommonSettings(inventory).get(settingsOf(table)) ?? [];
}

/** Whether there is anything to compare a table's load with: else it is not asked for. */
export function hasAlike(inventory: Inventory, table: DynamoTable): boolean {
  const group = alike(inventory, table);
  return group.length > 1 && group.includes(table);
}

const settingsOf = oncePer((table: DynamoTable): string => JSON.stringify([table.ref.region, ...settings.map(({ of }) => of(table))]));

const settings: readonly { readonly of: (table: DynamoTable) => string | number | null | undefined; readonly words: string }[] = [
  { of: ({ billingMode }) => billingMode, words: "is paid for otherwise" },
  { of: ({ tableClass }) => tableClass, words: "is of another table class" },
  { of: ({ kmsKeyArn }) => kmsKeyArn ?? "", words: "is encrypted with another key" },
  { of: ({ expiryAttribute }) => seenOrReason(expiryAttribute), words: "lets its items expire otherwise" },
  { of: ({ recoveryDays }) => seenOrReason(recoveryDays), words: "can be restored otherwise" },
  { of: ({ key }) => typeOf(key, "HASH"), words: "has a partition key of another type" },
];

function seenOrReason<T>(seen: Seen<T>): T | string {
  return seen.kind === "seen" ? seen.value : seen.reason;
}

/** Why the two would not fit one table, in words about the second, or undefined. */
export function apartFrom(table: DynamoTable, other: DynamoTable, policy: Policy["rules"]["dynamodbTableConsolidation"]): string | undefined {
  const setting = settings.find(({ of }) => of(table) !== of(other));
  if (setting !== undefined) return setting.words;
  const [own, others] = [typeOf(table.key, "RANGE"), typeOf(other.key, "RANGE")];
  if (own !== undefined && others !== undefined && own !== others) return "has a sort key of another type";
  if (!canBePrefixed(table, other)) return "has number keys like this one: nothing in the key could tell their items apart";
  const mixed = mixedAttribute(table, other);
  if (mixed !== undefined) return `has the key attribute ${mixed} of another type`;
  const indexes = table.indexes.length + other.indexes.length - sharedIndexes(table, other).length;
  if (indexes > mostIndexes) return `would make it ${indexes} indexes, a table has ${mostIndexes} at most`;
  const tag = differingTag(table, other, policy.apartTags);
  if (tag !== undefined) return `differs in the tag ${JSON.stringify(tag)}`;
  const [small = 0, large = 0] = [itemBytes(table), itemBytes(other)].toSorted((a, b) => a - b);
  if (large / small > policy.maxItemSizeRatio) return `has items of ${Math.round(itemBytes(other))} bytes, this one of ${Math.round(itemBytes(table))}`;
  return undefined;
}

export function itemBytes({ sizeBytes, itemCount }: DynamoTable): number {
  return sizeBytes / itemCount;
}

/** The one that would take in the other: one with a sort key can hold both kinds of key, else the larger one, else the first. */
export function keeperOf(a: DynamoTable, b: DynamoTable): readonly [keeper: DynamoTable, other: DynamoTable] {
  const ahead = Number(hasSortKey(b)) - Number(hasSortKey(a)) || b.sizeBytes - a.sizeBytes;
  return ahead > 0 ? [b, a] : [a, b];
}

export function hasSortKey({ key }: DynamoTable): boolean {
  return typeOf(key, "RANGE") !== undefined;
}

/** Indexes of the two that could be one: keys of the same types and the whole item, or the keys alone, in both. */
export function sharedIndexes(a: DynamoTable, b: DynamoTable): readonly (readonly [TableIndex, TableIndex])[] {
  const free = [...b.indexes];
  return a.indexes.flatMap((index): readonly (readonly [TableIndex, TableIndex])[] => {
    const at = free.findIndex((other) => shapeOf(other) === shapeOf(index) && index.definition.projection.type !== "INCLUDE");
    return at < 0 ? [] : free.splice(at, 1).map((other) => [index, other]);
  });
}

const shapeOf = oncePer(({ definition: { key, projection } }: TableIndex): string =>
  [typeOf(key, "HASH"), typeOf(key, "RANGE") ?? "", projection.type].join(" "),
);

function typeOf(key: readonly KeyAttribute[], keyType: KeyAttribute["keyType"]): KeyAttribute["attributeType"] | undefined {
  return key.find((attribute) => attribute.keyType === keyType)?.attributeType;
}

/** A string or binary key can begin with what its item is; a sort key that only one of the two has is free to say so, too. */
function canBePrefixed(a: DynamoTable, b: DynamoTable): boolean {
  const sortKeys = [typeOf(a.key, "RANGE"), typeOf(b.key, "RANGE")].filter((type) => type !== undefined);
  return typeOf(a.key, "HASH") !== "N" || sortKeys.length === 1 || (sortKeys.length === 2 && sortKeys[0] !== "N");
}

/** A key attribute has one type in a table: AWS refuses items that carry it with another. */
function mixedAttribute(a: DynamoTable, b: DynamoTable): string | undefined {
  const types = typesOf(a);
  return attributesOf(b).find(({ name, attributeType }) => (types.get(name) ?? attributeType) !== attributeType)?.name;
}

const attributesOf = oncePer(({ key, indexes }: DynamoTable): readonly KeyAttribute[] => [key, ...indexes.map(({ definition }) => definition.key)].flat());
const typesOf = oncePer((table: DynamoTable) => new Map(attributesOf(table).map(({ name, attributeType }) => [name, attributeType])));

function differingTag(a: DynamoTable, b: DynamoTable, words: readonly string[]): string | undefined {
  // Tags that could not be read make a table count as a tenant's, which is refused before.
  const [ofA, ofB] = [readTags(a.tags), readTags(b.tags)];
  const apart = lettersOfAll(words);
  return [...new Set([...Object.keys(ofA), ...Object.keys(ofB)])]
    .toSorted()
    .find((key) => ofA[key] !== ofB[key] && apart.some((word) => lettersOf(key).includes(word)));
}

const lettersOfAll = oncePer((words: readonly string[]) => words.map(lettersOf));

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}
