import type { Check } from "../../core/model/check.ts";
import type { Deployments } from "../../core/model/deployment.ts";
import type { CommitmentScope } from "../../core/model/spending.ts";
import { defaultPolicy, type Policy } from "../../core/model/policy.ts";
import type { PriceBook, Rule } from "../../core/model/rule.ts";
import { ownBill } from "../../core/money/own-bill.ts";
import { neededActions } from "../../core/permissions/needed-actions.ts";
import { count } from "../../core/report/figures.ts";
import type { CallWatch, WatchedCall } from "../../ports/calls.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CommitmentReader } from "../../ports/commitments.ts";
import type { CostReader } from "../../ports/costs.ts";
import type { CredentialsReader } from "../../ports/inventory.ts";
import type { Reporter } from "../../ports/reporter.ts";
import { collectSpending } from "../collect-costs.ts";
import { credentialChecks } from "./credential-checks.ts";
import { machineChecks, type MachinePorts, problemOf } from "./machine-checks.ts";
import { permissionChecks } from "./permission-checks.ts";
import { examineRegion, type RegionReaders, withinTime } from "./region-checks.ts";

export interface ExaminationReaders extends RegionReaders {
  readonly credentials: CredentialsReader;
  readonly costs: CostReader;
  readonly commitments: CommitmentReader;
  readonly prices: PriceBook;
}

export interface ExaminationPorts extends MachinePorts {
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** As commands read them: what they throw becomes a check. */
  readPolicy(): Promise<Policy>;
  readDeployments(): Promise<Deployments>;
  readers(signal: AbortSignal, watch: CallWatch): Promise<ExaminationReaders>;
  readonly signal: AbortSignal;
}

export interface ExaminationInput {
  readonly rules: readonly Rule[];
  /** The region of the credentials, used where the outputs name none. */
  readonly home: string;
  /** How long each region is waited for. */
  readonly seconds: number;
}

/** Any region's clients reach Cost Explorer. */
const costRegion = "us-east-1";
/** One service is enough: every API is asked once, and each request costs money. */
const scopes: readonly CommitmentScope[] = [{ kind: "reservation", service: "Amazon Elastic Compute Cloud - Compute" }, { kind: "savings-plan" }];
const dayMs = 86_400_000;
const oldPricesDays = 120;

/** Everything that planning and acting rest on, looked at and never changed: machine, inputs, credentials, then all regions and the bill side by side. */
export async function examine(input: ExaminationInput, ports: ExaminationPorts): Promise<readonly Check[]> {
  const { clock, signal } = ports;
  const machine = await machineChecks(ports);
  const policy = await readInput("policy", () => ports.readPolicy(), policyWords);
  const deployments = await readInput("outputs", () => ports.readDeployments(), outputsWords);
  const inputs = [policy.check, deployments.check, ...(deployments.value === undefined ? [] : missingChecks(deployments.value))];
  const regions = deployments.value?.deployments ?? [];
  const home = regions[0]?.region ?? input.home;

  const limit = AbortSignal.any([signal, AbortSignal.timeout(input.seconds * 1000)]);
  const own = await ports.readers(limit, () => undefined);
  const who = await credentialChecks(home, deployments.value, { ...own, clock, machine: ports.machine });
  signal.throwIfAborted();
  if (!who.isOwn)
    return [
      ...machine,
      ...inputs,
      ...who.checks,
      ...unlookedAt(
        regions.map(({ region }) => region),
        deployments.value === undefined,
      ),
    ];

  const examined = { policy: policy.value ?? defaultPolicy, rules: input.rules, nowMs: clock.nowMs(), seconds: input.seconds };
  const [costs, ...found] = await Promise.all([
    costChecks(deployments.value, input, ports),
    ...regions.map((deployment) => {
      ports.reporter.tell({ kind: "study", part: "inventory", region: deployment.region, detail: "asking every API that a plan asks" });
      return examineRegion({ ...examined, deployment }, (stop, watch) => ports.readers(stop, watch), signal);
    }),
  ]);
  const metricRequests = found.reduce((sum, each) => sum + each.metricRequests, 0);
  const { usd } = ownBill(
    own.prices,
    regions.map(({ region }) => region),
    { metricRequests, costExplorerRequests: costs.requests },
  );
  const bill: Check = {
    area: "costs",
    name: "this look",
    verdict: "ok",
    seen: `${count(metricRequests, "metric")} and ${count(costs.requests, "request")} of Cost Explorer: $${usd.toFixed(2)}`,
  };
  return [
    ...machine,
    ...inputs,
    ...who.checks,
    ...found.flatMap(({ checks }) => checks),
    ...costs.checks,
    priceCheck(own.prices, clock.nowMs()),
    bill,
    actingCheck(input.rules, examined.policy),
  ];
}

async function readInput<T>(name: string, read: () => Promise<T>, words: (value: T) => string): Promise<{ readonly check: Check; readonly value?: T }> {
  const about = { area: "inputs", name } as const;
  try {
    const value = await read();
    return { check: { ...about, verdict: "ok", seen: words(value) }, value };
  } catch (error) {
    return { check: { ...about, ...problemOf(error) } };
  }
}

function policyWords({ baselineDays, rules }: Policy): string {
  return `valid: ${rules.decision}, ${baselineDays} days`;
}

/** What was understood, by region: as many of each kind. */
function outputsWords({ deployments }: Deployments): string {
  return deployments
    .map(({ region, ...named }) => {
      const kinds = Object.entries(named).flatMap(([kind, ids]) =>
        Array.isArray(ids) && ids.length > 0 && kind !== "stacks" ? [count(ids.length, spaced(kind).replace(/s$/, ""))] : [],
      );
      return `${region}: ${kinds.join(", ")}`;
    })
    .join("; ");
}

/** `autoScalingGroups` → `auto scaling groups`. */
function spaced(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function missingChecks({ missing, warnings }: Deployments): readonly Check[] {
  return [
    ...missing.map(({ region, component, reason }): Check => ({
      area: "inputs",
      region,
      name: component,
      verdict: "warning",
      seen: reason,
      remedy: "it is left alone; `--map OUTPUT=KEY` where the outputs call it otherwise",
    })),
    ...warnings.map((seen): Check => ({ area: "inputs", name: "outputs", verdict: "warning", seen })),
  ];
}

function unlookedAt(regions: readonly string[], withoutOutputs: boolean): readonly Check[] {
  const seen = withoutOutputs ? "the outputs name no region" : "nothing is read with credentials that are not the outputs'";
  const about = { name: "region", verdict: "not-looked-at", seen } as const;
  return regions.length === 0 ? [{ ...about, area: "permissions" }] : regions.map((region): Check => ({ ...about, area: "permissions", region }));
}

async function costChecks(
  deployments: Deployments | undefined,
  { seconds }: ExaminationInput,
  ports: ExaminationPorts,
): Promise<{ readonly checks: readonly Check[]; readonly requests: number }> {
  if (deployments === undefined) return { checks: [], requests: 0 };
  const calls: WatchedCall[] = [];
  const limit = AbortSignal.timeout(seconds * 1000);
  const signal = AbortSignal.any([ports.signal, limit]);
  const { costs, commitments } = await ports.readers(signal, (call) => (signal.aborted ? undefined : void calls.push(call)));
  const needed = neededActions([]).read.filter((action) => action.startsWith("ce:"));
  try {
    await withinTime(signal, collectSpending(deployments, scopes, ports.clock.nowMs(), { costs, commitments, reporter: ports.reporter, signal }));
  } catch (error) {
    if (!limit.aborted) throw error;
    calls.push({ action: "ce", region: costRegion, outcome: "unanswered", detail: `Cost Explorer did not answer within ${seconds} s` });
  }
  return {
    checks: permissionChecks({ area: "costs", region: costRegion, needed, calls }),
    requests: costs.requestsMade() + commitments.requestsMade(),
  };
}

function priceCheck({ asOf }: PriceBook, nowMs: number): Check {
  // Some prices are older than others: the newest day tells when they were last looked up.
  const newest = /\d{4}-\d{2}-\d{2}$/.exec(asOf)?.[0] ?? asOf;
  const days = Math.floor((nowMs - Date.parse(newest)) / dayMs);
  const about = { area: "costs", name: "list prices" } as const;
  if (days <= oldPricesDays) return { ...about, verdict: "ok", seen: `of ${asOf}` };
  return { ...about, verdict: "warning", seen: `of ${asOf}, ${days} days ago`, remedy: "savings are told by them: update the optimizer" };
}

/** IAM's own simulator would be one more permission; a try would be a change. */
function actingCheck(rules: readonly Rule[], { paging }: Policy): Check {
  const { act, page } = neededActions(rules);
  const besides = paging.snsTopicArn === undefined || page.length === 0 ? "" : `, and ${page.join(", ")}, which pages the policy's topic`;
  return {
    area: "acting",
    name: "permissions",
    verdict: "not-looked-at",
    seen: `${count(act.length, "action")} that change AWS${besides}: whether they are allowed shows only when one is sent, and nothing is changed here`,
    remedy: "compare the role's policy with `optimizer iam-policy --act`",
  };
}
