import { UserError } from "../../../contract/user-error.ts";
import { Fault, Interrupted } from "../../errors.ts";
import type { Inventory, UndescribedResource } from "../../core/levers/resource-kinds.ts";
import { resourceKinds } from "../../core/levers/resource-kinds.ts";
import type { Check } from "../../core/model/check.ts";
import type { Deployment } from "../../core/model/deployment.ts";
import type { Policy } from "../../core/model/policy.ts";
import type { Rule } from "../../core/model/rule.ts";
import { neededActions } from "../../core/permissions/needed-actions.ts";
import { namedBy } from "../../core/permissions/resource-arns.ts";
import { count } from "../../core/report/figures.ts";
import type { CallWatch, WatchedCall } from "../../ports/calls.ts";
import type { IdentityReader, InventoryReader } from "../../ports/inventory.ts";
import type { MetricReader } from "../../ports/metrics.ts";
import { examinedDays, metricCheck, presenceKeys } from "./metric-checks.ts";
import { permissionChecks } from "./permission-checks.ts";

export interface RegionReaders {
  readonly identity: IdentityReader;
  readonly inventory: InventoryReader;
  readonly metrics: MetricReader;
}

interface RegionExamination {
  readonly deployment: Deployment;
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  readonly nowMs: number;
  /** How long a region is waited for. */
  readonly seconds: number;
}

interface RegionFindings {
  readonly checks: readonly Check[];
  readonly metricRequests: number;
}

/** The readers of a plan, asked once, with how AWS answered each of their calls. */
export async function examineRegion(
  { deployment, policy, rules, nowMs, seconds }: RegionExamination,
  readersOf: (signal: AbortSignal, watch: CallWatch) => Promise<RegionReaders>,
  stop: AbortSignal,
): Promise<RegionFindings> {
  const { region } = deployment;
  const calls: WatchedCall[] = [];
  const limit = AbortSignal.timeout(seconds * 1000);
  const signal = AbortSignal.any([stop, limit]);
  // A call that the time limit broke off says nothing of its own.
  const readers = await readersOf(signal, (call) => (signal.aborted ? undefined : void calls.push(call)));
  const { ids } = namedBy(deployment);
  const concerned = rules.filter(({ resourceKind }) => ids[resourceKind].length > 0);
  const needed = neededActions(concerned).read.filter((action) => !action.startsWith("ce:"));
  const found: Check[] = [];
  try {
    await withinTime(signal, readers.identity.whoAmI(region));
    const { resources, undescribed } = await withinTime(signal, readers.inventory.describe(deployment));
    const inventory: Inventory = { accountId: "", resources, undescribed, failedRegions: {} };
    found.push(inventoryCheck(region, inventory), ...undescribed.map(undescribedCheck));
    const span = examinedDays(nowMs, policy);
    const asked = resources.map((resource) => ({ resource, keys: presenceKeys(resource, inventory, rules, policy) })).filter(({ keys }) => keys.length > 0);
    const read = await withinTime(
      signal,
      readers.metrics.read(
        region,
        asked.flatMap(({ keys }) => keys),
        span,
      ),
    );
    let at = 0;
    for (const { resource, keys } of asked) found.push(metricCheck(resource, read.slice(at, (at += keys.length)), policy));
  } catch (error) {
    if (stop.aborted || error instanceof Fault || error instanceof TypeError || error instanceof Interrupted) throw error;
    found.push(brokenOff(region, limit.aborted ? seconds : undefined, error));
  }
  return { checks: [...permissionChecks({ area: "permissions", region, needed, calls }), ...found], metricRequests: readers.metrics.requestsMade() };
}

/** Whatever is still asked when the time is up is left to itself: the SDK's pauses between attempts cannot be broken off. */
export async function withinTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let end = (): void => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    end = () => reject(signal.reason as Error);
    signal.addEventListener("abort", end, { once: true });
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function brokenOff(region: string, seconds: number | undefined, error: unknown): Check {
  const about = { area: "permissions", region, name: "region", verdict: "problem" } as const;
  if (seconds !== undefined)
    return {
      ...about,
      seen: `not all was answered within ${seconds} s`,
      remedy: "check the network, the proxy and the region's name; raise --timeout where there is much",
    };
  if (error instanceof UserError) return { ...about, seen: error.message, remedy: error.hint };
  return { ...about, seen: error instanceof Error ? `${error.name}: ${error.message}` : String(error), remedy: "a plan would leave this region out" };
}

function inventoryCheck(region: string, { resources, undescribed }: Inventory): Check {
  const seen = `${resources.length} of ${count(resources.length + undescribed.length, "resource")} described`;
  return { area: "permissions", region, name: "resources", verdict: "ok", seen };
}

function undescribedCheck({ ref, reason, detail }: UndescribedResource): Check {
  const about = { area: "permissions", region: ref.region, name: `${resourceKinds[ref.kind].word} ${ref.id}`, seen: detail } as const;
  switch (reason) {
    case "not-found":
      return { ...about, verdict: "warning", remedy: "the outputs name what is not there: print them anew, or leave it, and it is skipped" };
    case "unsupported":
      return { ...about, verdict: "warning", remedy: "it is left alone" };
    case "access-denied":
      return { ...about, verdict: "problem", remedy: "it would be left alone: allow what the reason names" };
    case "failed":
      return { ...about, verdict: "problem", remedy: "it would be left alone" };
  }
}
