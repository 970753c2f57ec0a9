import { createInventoryReader } from "../../optimizer/adapters/aws/inventory-reader.ts";
import { createClientFactory, type ClientFactory, type SendPermit } from "../../optimizer/adapters/aws/client-factory.ts";
import { createCommitmentReader } from "../../optimizer/adapters/aws/commitment-reader.ts";
import { createCostReader } from "../../optimizer/adapters/aws/cost-reader.ts";
import { createIdentityReader } from "../../optimizer/adapters/aws/identity-reader.ts";
import { createMetricReader } from "../../optimizer/adapters/aws/metric-reader.ts";
import { createPriceBook } from "../../optimizer/adapters/prices/list-prices.ts";
import { makePlan } from "../../optimizer/app/make-plan.ts";
import { unitOf } from "../../optimizer/core/metrics/catalogue.ts";
import { notBorneOut } from "../../optimizer/core/planning/not-borne-out.ts";
import { hashOf } from "../../optimizer/core/model/hash.ts";
import type { Deployment } from "../../optimizer/core/model/deployment.ts";
import type { FrozenBaseline } from "../../optimizer/core/model/observation.ts";
import { type Policy, policySchema } from "../../optimizer/core/model/policy.ts";
import type { StoredPlan } from "../../optimizer/ports/run-store.ts";
import { openAccount, type SimulatedAccount } from "../../simulation/account/account.ts";
import type { AccountStore, LogEntry } from "../../simulation/account/store.ts";
import type { Scenario, ScenarioInput } from "../../simulation/scenario/scenario.ts";
import { parseScenario } from "../../simulation/scenario/schema.ts";
import { loadBalancers } from "../../simulation/shared/load-balancer.ts";
import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";
import { emptyDeployment } from "../support/empty-deployment.ts";
import { wholePlan } from "../support/frozen.ts";
import { attachSimply, type AroundCall } from "./attach-simply.ts";
import { names, regions, smallStacks } from "./small-stacks.ts";

const start = "2026-06-01T00:00:00Z";
export const startMs = Date.parse(start);

const regionLoad = (peakRequestsPerSecond: number): object => ({
  traffic: { peakRequestsPerSecond, peakHourUtc: 17, nightShare: 0.9, weekendShare: 0.95, noiseSigma: 0.01 },
  application: {
    vcpuSecondsPerRequest: 0.03,
    backgroundVcpu: 0.15,
    memoryBaseGib: 6,
    memoryMibPerRequestPerSecond: 40,
    networkInBytesPerRequest: 12000,
    networkOutBytesPerRequest: 180000,
    medianSeconds: 0.11,
    p99Seconds: 0.48,
    errorShare: 0.0003,
  },
  database: {
    writesPerRequest: 0.35,
    readsPerRequest: 0.9,
    writeVcpuSeconds: 0.01273,
    readVcpuSeconds: 0.0075,
    backgroundVcpu: 0.3,
    connectionsPerInstance: 30,
    workingSetGib: 16,
    volumeGib: 20,
  },
  tables: { [names.table]: { readsPerRequest: 1, writesPerRequest: 0.02, indexes: { "by-domain": { readsPerRequest: 0.05 } } } },
});

/** What a schedule adds to the account that nobody disturbs. */
export type Troubles = Pick<ScenarioInput, "faults" | "metricFaults" | "promotions">;

export function smallScenario(troubles: Troubles = {}): Scenario {
  return parseScenario(
    {
      name: "small",
      seed: 5,
      start,
      historyDays: 15,
      regions: { [regions[0]]: regionLoad(300), [regions[1]]: regionLoad(250) },
      ...troubles,
    },
    "the fault schedules' own scenario",
  );
}

/** Days of production in hours here: what is tried is what the engine does, not patience. */
const policy = policySchema.parse({
  baselineDays: 14,
  approvals: ["aurora.backup-retention"],
  rules: { dynamodbUnusedGsi: { brownOutMinutes: 60 } },
  window: { minutes: 120, soakMinutes: 60, maxExtensionMinutes: 60, peakMaxFactor: 1 },
  settle: { maxMinutes: 240, backfillMaxMinutes: 480, pollSeconds: 60 },
});

/** A log in memory; nobody changes what is in it. */
export function memoryStore(entries: readonly LogEntry[]): AccountStore & { readonly log: LogEntry[] } {
  const log = [...entries];
  return { log, entries: () => log, append: (entry) => void log.push(entry), exclusively: (work) => work() };
}

export function clientsOf(account: SimulatedAccount, permit?: SendPermit, around?: AroundCall): ClientFactory {
  return createClientFactory({
    credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
    attach: (client, region, asked) => account.attach(attachSimply(client, asked, around), region),
    ...(permit === undefined ? {} : { permit }),
  });
}

/** The account as it was deployed, and the plan that every schedule carries out; made by the real rules from the real readers. */
export interface SmallWorld {
  readonly deployed: readonly LogEntry[];
  readonly stored: StoredPlan;
  /** What the plan was made from. */
  readonly baseline: FrozenBaseline;
  /** The account's scenario with what a schedule adds. */
  readonly scenario: (troubles: Troubles) => Scenario;
}

export function smallWorld(): Promise<SmallWorld> {
  return deployedWorld({ scenario: smallScenario, stacks: smallStacks(), policy, deployments: smallDeployments });
}

function smallDeployments({ state }: SimulatedAccount): readonly Deployment[] {
  return regions.map((region, at) =>
    emptyDeployment(region, {
      stacks: [at === 0 ? "primary" : "secondary"],
      loadBalancers: state
        .of(loadBalancers)
        .in(region)
        .map(({ fullName }) => fullName),
      autoScalingGroups: [names.group],
      tables: [{ name: names.table }],
      auroraClusters: [names.cluster],
    }),
  );
}

interface Undeployed {
  readonly scenario: (troubles: Troubles) => Scenario;
  readonly stacks: StackDocuments;
  readonly policy: Policy;
  readonly deployments: (account: SimulatedAccount) => readonly Deployment[];
}

/** Deploys an account and plans it by the real rules from the real readers. */
export async function deployedWorld({ scenario, stacks, policy: decidedBy, deployments: deployedIn }: Undeployed): Promise<SmallWorld> {
  const store = memoryStore([]);
  const book = createPriceBook();
  const account = openAccount(scenario({}), store, {
    prices: { hourlyUsd: (_service, region, type) => book.ec2Hourly(region, type) ?? 1, unitUsd: () => 0 },
  });
  account.deploy(stacks);
  const clients = clientsOf(account);
  const deployments = deployedIn(account);
  const made = await makePlan(
    {
      deployments: { deployments, missing: [], warnings: [] },
      outputsHash: "0".repeat(64),
      policy: decidedBy,
      skipPhases: [],
      approvals: [],
      maxCostUsd: Number.POSITIVE_INFINITY,
    },
    {
      identity: createIdentityReader(clients),
      inventory: createInventoryReader(clients, account),
      metrics: createMetricReader(clients, { unitOf }),
      costs: createCostReader(clients),
      commitments: createCommitmentReader(clients),
      prices: book,
      clock: { jumps: true, nowMs: () => account.nowMs(), monotonicMs: () => 0, sleepUntil: async () => undefined },
      reporter: { tell: () => undefined },
    },
  );
  const { plan, baseline } = wholePlan(made);
  // Schedules carry it out without its baseline: whether that bears it out is looked at once.
  const unborne = notBorneOut(plan, baseline, book);
  if (unborne.length > 0) throw new Error(unborne.join("\n"));
  return { deployed: [...store.log], stored: { hash: hashOf(plan), plan }, baseline, scenario };
}
