import type { ServiceSettings } from "../../constructs/compute/service-settings.ts";
import type { FunctionDefinition } from "../../constructs/functions/function-definition.ts";
import type { DataBucketSettings } from "../../constructs/storage/data-bucket.ts";
import type { Sizing } from "../../contract/sizing.ts";
import type { Report } from "./problem.ts";

export function applyService(service: ServiceSettings | null, sizings: NonNullable<Sizing["services"]>, report: Report): ServiceSettings | null {
  for (const key of Object.keys(sizings).filter((name) => name !== service?.key))
    report(`services.${key}`, "the stack has no such service", service === null ? "remove it" : `services: ${service.key}`);
  if (service === null) return null;
  const sizing = Object.hasOwn(sizings, service.key) ? sizings[service.key] : undefined;
  return {
    ...service,
    cpu: sizing?.cpu ?? service.cpu,
    memoryMib: sizing?.memoryMib ?? service.memoryMib,
    minCount: sizing?.minCount ?? service.minCount,
    desiredCount: sizing?.desiredCount ?? service.desiredCount,
    maxCount: sizing?.maxCount ?? service.maxCount,
  };
}

export function applyFunctions(
  functions: readonly FunctionDefinition[],
  sizings: NonNullable<Sizing["functions"]>,
  report: Report,
): readonly FunctionDefinition[] {
  const known = functions.map(({ key }) => key);
  for (const key of Object.keys(sizings).filter((name) => !known.includes(name)))
    report(`functions.${key}`, "the stack has no such function", known.length === 0 ? "remove it" : `functions: ${known.join(", ")}`);
  return functions.map((definition) => {
    const sizing = Object.hasOwn(sizings, definition.key) ? sizings[definition.key] : undefined;
    if (sizing === undefined) return definition;
    const { memoryMib = definition.memoryMib, timeoutSeconds = definition.timeoutSeconds, reservedConcurrency = definition.reservedConcurrency } = sizing;
    return { ...definition, memoryMib, timeoutSeconds, ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }) };
  });
}

export function applyBucket(bucket: DataBucketSettings | null, sizing: Sizing["dataBucket"], report: Report): DataBucketSettings | null {
  if (sizing === undefined) return bucket;
  if (bucket === null) {
    report("dataBucket", "the stack has no bucket for data", "remove it");
    return bucket;
  }
  return { ...bucket, ...(sizing.transition === undefined ? {} : { transition: sizing.transition }) };
}
