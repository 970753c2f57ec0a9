import { type Baseline, pointAt, pointsOf, type SeriesKey } from "../../model/observation.ts";
import type { Policy } from "../../model/policy.ts";
import type { RuleFacts } from "../../model/rule.ts";
import { combine, mapped, readSeries, type Series } from "../../sizing/series.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import type { Refusal, Studies, Study } from "../lever.ts";
import { once } from "../../model/once.ts";
import { type Inventory, type Resource, resourceFacts, type UndescribedResource } from "../resource-kinds.ts";
import { obstacleOf } from "./contents.ts";
import type { Region } from "./region.ts";
import { nameOf, signsOf, type Use, usesOf } from "./uses.ts";

/** A secondary region with everything in it. */
export interface RegionStudy extends Study {
  readonly facts: RuleFacts;
  readonly region: Region;
  /** All that is there, the region itself aside. */
  readonly contents: readonly Resource[];
}

export const regionStudies: Studies<"region", RegionStudy> = {
  kind: "region",
  otherSizes: () => [],
  looksCloser: false,
  // Where nothing would be said of it, nothing is paid for finding out.
  series: (region, policy, inventory) => {
    if (keptFor(policy) !== undefined) return [];
    const contents = contentsOf(inventory, region);
    return [...contents.flatMap((each) => usesOf(each).flatMap(({ keys }) => keys)), ...contents.flatMap(signsOf)];
  },
  study: (facts, region) => {
    const made = once(() => {
      const contents = contentsOf(facts.inventory, region);
      return { facts, region, contents, refusal: refusalOf(facts, region, contents) };
    });
    return made;
  },
};

function contentsOf({ resources }: Pick<Inventory, "resources">, { ref }: Region): readonly Resource[] {
  return resources.filter((resource) => resource.ref.region === ref.region && resource.kind !== "region");
}

/** Why the policy keeps every secondary region. */
function keptFor({ regionFailover, rules }: Policy): string | undefined {
  if (rules.regionRemoveSecondary.failoverRequired)
    return "it stands by to take over for its primary (rules.regionRemoveSecondary.failoverRequired of the policy)";
  return regionFailover === "peer" ? "each region must be able to carry its peer's traffic (regionFailover of the policy)" : undefined;
}

function refusalOf(facts: RuleFacts, region: Region, contents: readonly Resource[]): Refusal | undefined {
  const { policy, inventory, ownerRegion } = facts;
  const kept = keptFor(policy);
  if (kept !== undefined) return { code: "failover-required", detail: kept };
  if (ownerRegion === region.ref.region || !inventory.resources.some(({ ref }) => ref.region === ownerRegion))
    return { code: "unreadable", detail: "nothing of its primary was read: whether that has what would be gone here is not known" };
  const unread = inventory.undescribed.filter(({ ref }) => ref.region === region.ref.region);
  if (unread.length > 0)
    return { code: "unreadable", detail: `not all of it was read: ${unread.map(({ ref, detail }) => `${ref.kind} ${ref.id} (${detail})`).join("; ")}` };
  const unknown = unknownComponents(region, contents, unread);
  if (unknown.length > 0) return { code: "unsupported", detail: `it also has ${unknown.join(", ")}, of which nothing is looked at` };
  for (const each of contents) {
    const tenant = tenantReason(resourceFacts(each).tags(each), policy.tenantTags);
    if (tenant !== undefined) return { code: "tenant-resource", detail: `${nameOf(each)}: ${tenant}` };
  }
  const balancers = new Set(contents.flatMap((each) => (each.kind === "load-balancer" ? [each.fullName] : [])));
  const elsewhere = inventory.resources.filter(({ ref }) => ref.region !== region.ref.region);
  return contents.map((each) => obstacleOf(each, { region, ownerRegion, balancers, elsewhere })).find((obstacle) => obstacle !== undefined);
}

/** What the stacks say they have there and nothing in the inventory is, in words. */
function unknownComponents({ components }: Region, contents: readonly Resource[], unread: readonly UndescribedResource[]): readonly string[] {
  const known = new Set([...contents.flatMap(namesOf), ...unread.map(({ ref }) => ref.id)]);
  return Object.values(components)
    .flatMap((own) => Object.values(own))
    .filter(({ id }) => !known.has(id))
    .map(({ type, id }) => `${type} ${id}`)
    .toSorted();
}

/** The names that the stacks may call it and its members by: a service of ECS without its cluster. */
function namesOf(resource: Resource): readonly string[] {
  const { id } = resource.ref;
  if (resource.kind === "aurora-cluster") return [id, ...resource.members.map(({ identifier }) => identifier)];
  return resource.kind === "ecs-service" ? [id, resource.name] : [id];
}

/** A use over the baseline's days, all of its series as one; and its figure, which is over its limit where something used it. */
export interface SeenUse {
  readonly use: Use;
  readonly statistic: SeriesKey["statistic"];
  readonly series: Series;
  readonly figure: number;
}

export function seenUses({ facts: { baseline }, contents }: RegionStudy): readonly SeenUse[] {
  const signs = contents.flatMap(signsOf);
  return contents.flatMap(usesOf).flatMap((use): readonly SeenUse[] => {
    const [key] = use.keys;
    // A cluster without members serves nobody.
    if (key === undefined) return [];
    const all = use.keys.map((each) => (use.gap === "zero" ? witnessed(baseline, each, signs) : readSeries(baseline, each)));
    const join = use.by === "sum" ? (a: number, b: number) => a + b : (a: number, b: number) => Math.max(a, b);
    const series = { ...all.reduce((sum, each) => combine(sum.name, sum, each, join)), name: use.name };
    // Point by point of each: in a day in which one of them has a gap, the others still tell of a use.
    const figure = all.flatMap(({ values }) => [...values]).reduce((most, value) => (Number.isNaN(value) ? most : join(most, value)), 0);
    return [{ use, statistic: key.statistic, series, figure }];
  });
}

/**
 * A gap is nothing where AWS reported of the region: by the same namespace, or by any where that has nothing to report without traffic, as
 * Lambda's. One that nothing witnesses stays a gap.
 */
function witnessed(baseline: Baseline, key: SeriesKey, signs: readonly SeriesKey[]): Series {
  const series = readSeries(baseline, key);
  const alike = signs.filter(({ namespace }) => namespace === key.namespace);
  const witnesses = (alike.length === 0 ? signs : alike).map((sign) => pointsOf(baseline, sign));
  const isReported = (period: number): boolean => witnesses.some((values) => !Number.isNaN(pointAt(values, period)));
  return { ...series, values: mapped(series.values, (value, period) => (Number.isNaN(value) && isReported(period) ? 0 : value)) };
}
