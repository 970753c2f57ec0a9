import { stackOutputsSchema, type OutputName } from "../../../contract/outputs.ts";

/** Which known output a key means, whatever its spelling; tables may also come one by one (`TenantsTableName`, `tap-prod-users-table-arn`). */
export type KeyMeaning =
  | { readonly kind: "output"; readonly name: OutputName; readonly suffix?: string }
  | { readonly kind: "table"; readonly table: string; readonly attribute: "name" | "arn" | "stream-arn" }
  | { readonly kind: "table-names" }
  | { readonly kind: "unknown" };

const outputNames = Object.keys(stackOutputsSchema.shape) as OutputName[];
const bySqueezedName: ReadonlyMap<string, OutputName> = new Map([
  ...outputNames.map((name): [string, OutputName] => [squeeze(name), name]),
  ["region", "stack_region"],
]);
/** Longest first: the longest known ending of an export key leaves the shortest suffix. */
const byKebabName = outputNames.map((name) => [name.replaceAll("_", "-"), name] as const).sort(([a], [b]) => b.length - a.length);

/**
 * Reads snake_case (Terraform), PascalCase (CloudFormation, CDK) and `tap-{suffix}-…` kebab keys of any suffix.
 */
export function meaningOf(key: string): KeyMeaning {
  const direct = bySqueezedName.get(squeeze(key));
  if (direct !== undefined) return { kind: "output", name: direct };
  const kebab = toKebab(key);
  return exportMeaning(kebab) ?? tableMeaning(kebab) ?? { kind: "unknown" };
}

function exportMeaning(kebab: string): KeyMeaning | undefined {
  if (!kebab.startsWith("tap-")) return undefined;
  for (const [ending, name] of byKebabName) {
    if (!kebab.endsWith(`-${ending}`)) continue;
    const suffix = kebab.slice("tap-".length, -ending.length - 1);
    if (suffix !== "") return { kind: "output", name, suffix };
  }
  return undefined;
}

function tableMeaning(kebab: string): KeyMeaning | undefined {
  if (/(?:^|-)tables?-names$/.test(kebab)) return { kind: "table-names" };
  const match = /^(?<table>(?:.+-)?table(?:-.+)?)-(?<attribute>stream-arn|name|arn)$/.exec(kebab);
  const table = match?.groups?.["table"];
  const attribute = match?.groups?.["attribute"];
  if (table === undefined || table.includes("route-table")) return undefined;
  if (attribute !== "name" && attribute !== "arn" && attribute !== "stream-arn") return undefined;
  return { kind: "table", table, attribute };
}

function squeeze(key: string): string {
  return key.replaceAll(/[-_]/g, "").toLowerCase();
}

function toKebab(key: string): string {
  return key
    .replaceAll(/([a-z\d])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}
