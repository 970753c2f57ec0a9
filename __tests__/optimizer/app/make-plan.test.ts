import { describe, expect, it } from "vitest";
import { UserError } from "../../../contract/user-error.ts";
import { baselineSpan } from "../../../optimizer/app/collect-baseline.ts";
import { makePlan, type PlanPorts } from "../../../optimizer/app/make-plan.ts";
import { metrics } from "../../../optimizer/core/metrics/catalogue.ts";
import type { Deployments } from "../../../optimizer/core/model/deployment.ts";
import type { CostLine } from "../../../optimizer/core/model/money.ts";
import { type SeriesKey, seriesId, type Span } from "../../../optimizer/core/model/observation.ts";
import { CredentialsLost } from "../../../optimizer/errors.ts";
import type { RunEvent } from "../../../optimizer/ports/reporter.ts";
import { aBalancer, aGroup, aTable, aWorld, groupSees, primary, secondary, tableSees, type World } from "../../support/world.ts";
import { somePrices } from "../../support/some-prices.ts";
import { emptyDeployment } from "../../support/empty-deployment.ts";
import { wholePlan } from "../../support/frozen.ts";

const nowMs = Date.UTC(2026, 5, 5, 0, 20);

const deployments: Deployments = {
  deployments: [emptyDeployment(primary, { stacks: ["primary"] }), emptyDeployment(secondary, { stacks: ["secondary"] })],
  missing: [{ region: primary, component: "redis", reason: "no output" }],
  warnings: ["a warning"],
};

function withBalancer(world: World, region: string, requests: number): World {
  const { fullName, targetGroups } = aBalancer(region);
  return world
    .with(aBalancer(region))
    .sees(metrics.balancerRequests, fullName, requests, region)
    .sees(metrics.balancerResponseTime, fullName, 0.2, region)
    .sees(metrics.balancerHealthyHosts, `${fullName}/${targetGroups[0] ?? ""}`, 15, region);
}

const regions = [primary, secondary];
const world = regions.reduce(
  (seen, region) => withBalancer(groupSees(seen, "web", { cpu: 20 }, region), region, region === primary ? 90_000 : 30_000),
  tableSees(
    aWorld()
      .policed({ baselineDays: 21 })
      .with(aGroup(), aGroup({ region: secondary }), aTable()),
    "tenants",
    "by-email",
    0,
  ),
);

interface Desk {
  readonly ports: PlanPorts;
  readonly events: RunEvent[];
  readonly asked: { readonly region: string; readonly keys: readonly SeriesKey[]; readonly span: Span }[];
}

function desk(seen: World, overrides: Partial<PlanPorts> = {}): Desk {
  const events: RunEvent[] = [];
  const asked: { readonly region: string; readonly keys: readonly SeriesKey[]; readonly span: Span }[] = [];
  const costs: readonly CostLine[] = [];
  return {
    events,
    asked,
    ports: {
      identity: { whoAmI: async () => ({ accountId: "123456789012", arn: "arn:aws:iam::123456789012:role/operator" }) },
      inventory: { describe: async ({ region }) => ({ resources: seen.inventory.resources.filter(({ ref }) => ref.region === region), undescribed: [] }) },
      metrics: {
        read: async (region, keys, span) => {
          asked.push({ region, keys, span });
          return seen.observe(keys);
        },
        requestsMade: () => asked.reduce((sum, { keys }) => sum + keys.length, 0),
      },
      costs: { costByInstanceType: async () => costs, monthlyCostByService: async () => [], dailyCostByService: async () => [], requestsMade: () => 2 },
      commitments: { coverage: async () => [], utilization: async () => [], recommendations: async () => [], requestsMade: () => 3 },
      prices: somePrices,
      clock: { jumps: true, nowMs: () => nowMs, monotonicMs: () => 0, sleepUntil: async () => undefined },
      reporter: { tell: (event) => events.push(event) },
      ...overrides,
    },
  };
}

const input = { deployments, outputsHash: "o", policy: world.policy, skipPhases: [], approvals: [], maxCostUsd: Number.POSITIVE_INFINITY };

function fails(error: Error): () => Promise<never> {
  return async () => {
    throw error;
  };
}

async function wholePlanOf(...asked: Parameters<typeof makePlan>): Promise<ReturnType<typeof wholePlan>> {
  return wholePlan(await makePlan(...asked));
}

describe("making a plan", () => {
  it("tells what reading will cost before anything is read", async () => {
    const { ports, events, asked } = desk(world);
    let readBefore = Number.NaN;
    const tell = (event: RunEvent): void => {
      if (event.kind === "study" && event.part === "price" && Number.isNaN(readBefore)) readBefore = asked.length;
      events.push(event);
    };
    await makePlan(input, { ...ports, reporter: { tell } });
    expect(readBefore).toBe(0);
    expect(events.flatMap((event) => (event.kind === "study" && event.part === "price" ? [event.detail] : []))[0]).toMatch(
      /^\d+ metrics and 15 requests of Cost Explorer: \$\d+\.\d\d in all$/,
    );
  });

  it("asks of commitments for each service whose instances it found, and counts each request under what it may cost", async () => {
    const scopes: unknown[] = [];
    const { ports } = desk(world);
    const coverage: PlanPorts["commitments"]["coverage"] = async (scope, { startMs, endMs }) => {
      scopes.push(scope);
      return [{ ...scope, service: "EC2", coveredShare: (endMs - startMs) / 86_400_000 / 100 }];
    };
    const { plan } = await wholePlanOf(input, { ...ports, commitments: { ...ports.commitments, coverage } });
    expect(scopes).toEqual([{ kind: "reservation", service: "Amazon Elastic Compute Cloud - Compute" }, { kind: "savings-plan" }]);
    expect(plan.spending?.coverage.map(({ coveredShare }) => coveredShare)).toEqual([0.3, 0.3]);
    // 391 metrics or so are less than a cent; 15 requests of Cost Explorer are 15 cents.
    await expect(makePlan({ ...input, maxCostUsd: 0.14 }, ports)).rejects.toMatchObject({
      code: "too-dear",
      message: expect.stringContaining("15 requests of Cost Explorer"),
    });
  });

  it("tells the months before, of every region in one question", async () => {
    const { ports } = desk(world);
    const monthlyCostByService: PlanPorts["costs"]["monthlyCostByService"] = async (asked, span) => [
      { monthStartMs: span.startMs, region: asked[1] ?? "", service: "EC2", amortizedUsd: 744 },
    ];
    const { plan } = await wholePlanOf(input, { ...ports, costs: { ...ports.costs, monthlyCostByService } });
    // It is 5 June: twelve months from June of last year, and three complete days of June.
    expect(plan.spending?.trend).toMatchObject({ running: { month: "2026-06", days: 3 }, services: [{ region: secondary, service: "EC2" }] });
    expect(plan.spending?.trend?.months).toHaveLength(12);
  });

  it("reads nothing when that is more than it may cost", async () => {
    const { ports, asked } = desk(world);
    await expect(makePlan({ ...input, maxCostUsd: 0.001 }, ports)).rejects.toMatchObject({ code: "too-dear" });
    expect(asked).toEqual([]);
  });

  it("goes from outputs to stages and tells every stage", async () => {
    const { ports, events } = desk(world);
    const { plan, baseline } = await wholePlanOf(input, ports);
    expect(plan).toMatchObject({
      version: 2,
      accountId: "123456789012",
      ownerRegion: primary,
      createdAtMs: nowMs,
      outputsHash: "o",
      baselineHash: baseline.hash,
    });
    expect(plan.phases.map(({ stages }) => stages.map(({ region }) => region))).toEqual([[primary], [secondary, primary], []]);
    expect(plan.balancers.map(({ region }) => region)).toEqual(regions);
    const stages = events.flatMap((event) => (event.kind === "study" ? [event.part] : []));
    expect([...new Set(stages)]).toEqual(["outputs", "inventory", "price", "metrics", "costs", "decide", "plan"]);
    expect(events.flatMap((event) => (event.kind === "warning" ? [event.message] : []))).toEqual(["a warning", "us-east-1: redis is skipped: no output"]);
  });

  it("asks each series once, per region, over whole hours that ended some minutes ago", async () => {
    const { ports, asked } = desk(world);
    const { plan, baseline } = await wholePlanOf(input, ports);
    const ids = asked.flatMap(({ keys }) => keys.map(seriesId));
    expect(new Set(ids).size).toBe(ids.length);
    expect(asked.every(({ region, keys }) => keys.every((key) => key.region === region))).toBe(true);
    expect(plan.baselineSpan).toEqual({ startMs: Date.UTC(2026, 4, 15), endMs: Date.UTC(2026, 5, 5) });
    expect(baseline.metricRequests).toBe(ids.length);
    expect(plan.bill.collected).toMatchObject({ metricRequests: ids.length, costExplorerRequests: 5 });
    expect(new Set(asked.flatMap(({ keys }) => keys.map(({ periodSeconds }) => periodSeconds)))).toEqual(new Set([900, 3600]));
  });

  it("asks 5-minute series in a second round, only for what is in doubt", async () => {
    const spiky = world.sees(metrics.ec2Cpu, "web", (hour, statistic) => (statistic === "Maximum" && hour % 24 === 9 ? 42 : 20));
    const { ports, asked } = desk(spiky);
    const { plan } = await wholePlanOf(input, ports);
    const fine = asked.flatMap(({ keys }) => keys).filter(({ periodSeconds }) => periodSeconds === 300);
    expect(new Set(fine.map(({ region, namespace }) => `${region} ${namespace}`))).toEqual(new Set([`${primary} AWS/EC2`]));
    expect(plan.phases[1]?.stages.map(({ region }) => region)).toEqual([secondary, primary]);
  });

  it("leaves the newest hour out until AWS had time to complete it", () => {
    const span = (minutes: number) => baselineSpan(Date.UTC(2026, 5, 5, 12, minutes), world.policy).endMs;
    expect(span(4)).toBe(Date.UTC(2026, 5, 5, 11));
    expect(span(5)).toBe(Date.UTC(2026, 5, 5, 12));
  });
});

describe("when something cannot be read", () => {
  const denied = Object.assign(new Error("not allowed"), { name: "AccessDenied" });

  it("leaves a failing region out and goes on with the others", async () => {
    const { ports, events } = desk(world);
    const inventory: PlanPorts["inventory"] = { describe: (one) => (one.region === secondary ? Promise.reject(denied) : ports.inventory.describe(one)) };
    const { plan } = await wholePlanOf(input, { ...ports, inventory });
    expect(plan.inventory.failedRegions).toEqual({ [secondary]: "AccessDenied: not allowed" });
    expect(plan.phases[1]?.stages.map(({ region }) => region)).toEqual([primary]);
    expect(events).toContainEqual({ kind: "warning", message: "us-west-2 is left out: AccessDenied: not allowed" });
  });

  it("refuses to plan when no region could be read, or none is named", async () => {
    const { ports } = desk(world, { inventory: { describe: fails(denied) } });
    await expect(makePlan(input, ports)).rejects.toMatchObject({
      code: "no-region-readable",
      message: expect.stringContaining("us-west-2 (AccessDenied: not allowed)"),
    });
    await expect(makePlan({ ...input, deployments: { ...deployments, deployments: [] } }, ports)).rejects.toMatchObject({ code: "no-deployment" });
  });

  it("takes a region's failed metrics for insufficient data", async () => {
    const { ports } = desk(world);
    const read: PlanPorts["metrics"]["read"] = (region, keys, span) => (region === secondary ? Promise.reject(denied) : ports.metrics.read(region, keys, span));
    const { plan } = await wholePlanOf(input, { ...ports, metrics: { ...ports.metrics, read } });
    const there = plan.decisions.filter(({ resource }) => resource.region === secondary);
    // One by each rule that looks at a group.
    expect(there.map(({ rule }) => rule).toSorted()).toEqual(["asg.capacity", "asg.instance-type"]);
    for (const decision of there) expect(decision).toMatchObject({ kind: "skip", code: "insufficient-data" });
    expect(plan.balancers.map(({ region }) => region)).toEqual([primary]);
  });

  it("plans without costs, and keeps the commitment-capped saving unknown", async () => {
    const { ports, events } = desk(world, {
      costs: { costByInstanceType: fails(denied), monthlyCostByService: fails(denied), dailyCostByService: fails(denied), requestsMade: () => 1 },
    });
    const { plan } = await wholePlanOf(input, ports);
    expect(plan.savings.estimated.kind).toBe("known");
    expect(plan.savings.commitmentCapped).toMatchObject({
      kind: "unknown",
      reason: "Cost Explorer could not be read",
    });
    expect(events).toContainEqual({
      kind: "warning",
      message: "Cost Explorer could not be read, commitment-capped savings stay unknown: AccessDenied: not allowed",
    });
  });

  it("tells what Cost Explorer does not say of commitments and of the months before, each with its reason, and plans all the same", async () => {
    const none = new UserError({ code: "no-cost-data", message: "no data", hint: "none" });
    const { ports } = desk(world);
    const { plan } = await wholePlanOf(input, {
      ...ports,
      costs: { ...ports.costs, monthlyCostByService: fails(denied) },
      commitments: { ...ports.commitments, coverage: fails(denied), utilization: fails(none) },
    });
    expect(plan.spending).toMatchObject({ trend: null, coverage: [], utilization: [], recommendations: [] });
    const ec2 = "Amazon Elastic Compute Cloud - Compute";
    expect(plan.spending?.unread).toEqual([
      { kind: "failed", what: "the bill by month", reason: "AccessDenied: not allowed" },
      { kind: "failed", what: `coverage by reservations of ${ec2}`, reason: "AccessDenied: not allowed" },
      { kind: "none", what: `utilization of reservations of ${ec2}`, reason: "no data" },
      { kind: "failed", what: "coverage by Savings Plans", reason: "AccessDenied: not allowed" },
      { kind: "none", what: "utilization of Savings Plans", reason: "no data" },
    ]);
    expect(plan.phases.flatMap(({ stages }) => stages).length).toBeGreaterThan(0);
  });

  it("records what is no error object as it is", async () => {
    const { ports } = desk(world);
    const describe: PlanPorts["inventory"]["describe"] = async (one) => {
      // A library may throw anything.
      if (one.region === secondary) throw "socket hang up";
      return await ports.inventory.describe(one);
    };
    expect((await wholePlanOf(input, { ...ports, inventory: { describe } })).plan.inventory.failedRegions).toEqual({ [secondary]: "socket hang up" });
  });

  it("stops when the credentials are lost, whichever reader finds out", async () => {
    const lost = new CredentialsLost({ message: "expired", hint: "log in" });
    await expect(makePlan(input, desk(world, { inventory: { describe: fails(lost) } }).ports)).rejects.toBe(lost);
    await expect(makePlan(input, desk(world, { metrics: { read: fails(lost), requestsMade: () => 0 } }).ports)).rejects.toBe(lost);
    await expect(
      makePlan(
        input,
        desk(world, { costs: { costByInstanceType: fails(lost), monthlyCostByService: fails(lost), dailyCostByService: fails(lost), requestsMade: () => 0 } })
          .ports,
      ),
    ).rejects.toBe(lost);
  });

  it("does not hide a bug of ours as a region's failure", async () => {
    const bug = new TypeError("undefined is not a function");
    await expect(makePlan(input, desk(world, { inventory: { describe: fails(bug) } }).ports)).rejects.toBe(bug);
  });
});

describe("whose the outputs are", () => {
  const refused = async (claimed: Partial<Deployments>) => {
    const { ports, events, asked } = desk(world, { inventory: { describe: fails(new TypeError("nothing may be read")) } });
    const error: unknown = await makePlan({ ...input, deployments: { ...deployments, ...claimed } }, ports).catch((thrown: unknown) => thrown);
    expect(asked).toEqual([]);
    expect(events.filter((event) => event.kind === "study").map(({ part }) => part)).toEqual(["outputs"]);
    return error;
  };

  it("must be the credentials' account, before anything is read", async () => {
    const message = "the credentials belong to account 123456789012, the outputs to 210987654321 (outputs.json, asg_arn)";
    expect(await refused({ owner: { accountId: "210987654321", place: "outputs.json, asg_arn" } })).toMatchObject({ code: "other-account", message });
  });

  it("must be in the credentials' partition", async () => {
    expect(await refused({ partition: "aws-cn" })).toMatchObject({ code: "other-partition" });
  });

  it("is checked and then forgotten: where the outputs lay is no part of a plan", async () => {
    const planned = { ...deployments, partition: "aws" };
    const owned = { ...planned, owner: { accountId: "123456789012", place: "outputs.json, asg_arn" } };
    expect((await wholePlanOf({ ...input, deployments: owned }, desk(world).ports)).plan.deployments).toEqual(planned);
  });
});
