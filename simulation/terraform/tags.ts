import { fitsPattern } from "../scenario/references.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { EvaluatedResource } from "./evaluate.ts";

/** A resource's tags as the stack sets them: its own over its provider's. */
export function configuredTags(resource: EvaluatedResource): Readonly<Record<string, string>> {
  const own = resource.arguments["tags"];
  return { ...resource.block.provider.defaultTags, ...(typeof own === "object" && own !== null ? stringValues(own) : {}) };
}

/** Tags that someone else than Terraform put on a resource, by its id or ARN. */
export function foreignTags(scenario: Scenario, region: string, names: readonly string[]): Readonly<Record<string, string>> {
  const fitting = scenario.tags.filter(
    (entry) => (entry.region === undefined || entry.region === region) && names.some((name) => fitsPattern(entry.resource, name)),
  );
  return Object.assign({}, ...fitting.map((entry) => entry.tags));
}

function stringValues(record: object): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, String(value)]));
}
