import type { LoadModel } from "../../load/load-model.ts";
import { byPattern } from "../../scenario/references.ts";
import { buckets, type Bucket, type StoredRule } from "./bucket.ts";
import { bucketsDemand, type BucketDemand } from "./demand.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const hoursPerMonth = 730;

/** What the scenario says of a bucket; nothing is known of what is in any other. */
export function demandOf({ scenario }: Pick<LoadModel, "scenario">, { region, name }: Bucket): BucketDemand | undefined {
  return byPattern(bucketsDemand.of(scenario, region) ?? {}, name);
}

/** GiB by storage class and tier. */
export interface Stored {
  readonly standard: number;
  readonly frequent: number;
  readonly infrequent: number;
  readonly archiveInstant: number;
  readonly standardIa: number;
  readonly objects: number;
}

/**
 * What is stored at a moment. What came before the start had gone where the stacks' rules send it, as the scenario says; what has come since
 * is moved at the end of the day on which a rule that is in place then finds it old enough.
 */
export function storedAt({ scenario }: Pick<LoadModel, "scenario">, bucket: Bucket, demand: BucketDemand, atMs: number): Stored {
  const startMs = Date.parse(scenario.start);
  const { standardGib = 0, frequentGib = 0, infrequentGib = 0, archiveInstantGib = 0, objects = 0, newGibPerDay = 0 } = demand;
  const days = Math.floor((atMs - startMs) / dayMs);
  const moved = { standard: 0, frequent: 0, standardIa: 0 };
  for (let day = 0; day < days; day++) moved[classAt(bucket, startMs + day * dayMs, days - day)] += newGibPerDay;
  const stored = {
    standard: standardGib + moved.standard,
    frequent: Math.max(0, frequentGib + Math.min(0, days) * newGibPerDay) + moved.frequent,
    infrequent: infrequentGib,
    archiveInstant: archiveInstantGib,
    standardIa: moved.standardIa,
  };
  const atStart = standardGib + frequentGib + infrequentGib + archiveInstantGib;
  const now = stored.standard + stored.frequent + stored.infrequent + stored.archiveInstant + stored.standardIa;
  return { ...stored, objects: atStart === 0 ? objects : Math.round((objects * now) / atStart) };
}

/** Where what came on a day is, so many days later: the first rule that moves it is the last, since none moves it back. */
function classAt(bucket: Bucket, cameMs: number, ageDays: number): "standard" | "frequent" | "standardIa" {
  for (let age = 0; age <= ageDays; age++) {
    for (const rule of bucket.lifecycle.at(cameMs + age * dayMs)?.rules ?? []) {
      if (!isAboutAll(rule)) continue;
      for (const { Days: days = Infinity, StorageClass } of rule.Transitions ?? []) {
        if (days > age) continue;
        if (StorageClass === "INTELLIGENT_TIERING") return "frequent";
        if (StorageClass === "STANDARD_IA") return "standardIa";
      }
    }
  }
  return "standard";
}

function isAboutAll({ Status, Prefix, Filter }: StoredRule): boolean {
  const { Prefix: prefix = Prefix ?? "", ...others } = Filter ?? {};
  return Status === "Enabled" && prefix === "" && Object.keys(others).length === 0;
}

/** What all buckets that the scenario names are billed for: what is stored by the hour, monitored objects, requests and retrievals. */
export function unitsUsed(model: LoadModel, region: string, fromMs: number, untilMs: number): readonly { readonly usage: string; readonly units: number }[] {
  const used = new Map<string, number>();
  const add = (usage: string, units: number): void => void used.set(usage, (used.get(usage) ?? 0) + units);
  for (const bucket of model.state.of(buckets).in(region)) {
    const demand = demandOf(model, bucket);
    if (demand === undefined) continue;
    for (let partMs = fromMs; partMs < untilMs;) {
      const nextMs = Math.min(untilMs, (Math.floor(partMs / dayMs) + 1) * dayMs);
      addPart(add, storedAt(model, bucket, demand, partMs), demand, (nextMs - partMs) / hourMs);
      partMs = nextMs;
    }
  }
  return [...used].map(([usage, units]) => ({ usage, units }));
}

function addPart(add: (usage: string, units: number) => void, stored: Stored, { getsPerDay = 0, downloadedGibPerDay = 0 }: BucketDemand, hours: number): void {
  const months = hours / hoursPerMonth;
  const all = stored.standard + stored.frequent + stored.infrequent + stored.archiveInstant + stored.standardIa;
  const tiered = all === 0 ? 0 : (stored.frequent + stored.infrequent + stored.archiveInstant) / all;
  const inIa = all === 0 ? 0 : stored.standardIa / all;
  add("TimedStorage-ByteHrs", stored.standard * months);
  add("TimedStorage-INT-FA-ByteHrs", stored.frequent * months);
  add("TimedStorage-INT-IA-ByteHrs", stored.infrequent * months);
  add("TimedStorage-INT-AIA-ByteHrs", stored.archiveInstant * months);
  add("TimedStorage-SIA-ByteHrs", stored.standardIa * months);
  add("Monitoring-Automation-INT", stored.objects * tiered * months);
  add("Requests-Tier2", (getsPerDay * (1 - inIa) * hours) / 24);
  add("Requests-SIA-Tier2", (getsPerDay * inIa * hours) / 24);
  add("Retrieval-SIA", (downloadedGibPerDay * inIa * hours) / 24);
}
