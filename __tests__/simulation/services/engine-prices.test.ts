import { CostExplorerClient, GetCostAndUsageCommand } from "@aws-sdk/client-cost-explorer";
import { expect, it } from "vitest";
import { attachable } from "../../../optimizer/composition/attachable.ts";
import { openAccount } from "../../../simulation/account/account.ts";
import type { ListPrices } from "../../../simulation/account/service.ts";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import type { StackDocuments } from "../../../simulation/terraform/stack-document.ts";
import { accountScenario } from "../../support/simulated-clients.ts";
import { fixtureStacks } from "../../support/terraform-fixture.ts";

const startMs = Date.UTC(2026, 5, 1);
const prices: ListPrices = { hourlyUsd: (service) => ({ elasticache: 1, "elasticache-valkey": 0.8 })[service] ?? 0.01, unitUsd: () => 0 };

const idle = { traffic: { peakRequestsPerSecond: 1, noiseSigma: 0 }, application: { vcpuSecondsPerRequest: 0.01 } };

/** The fixture's stacks with the group of that engine. */
function withEngine(engine: string): StackDocuments {
  const { primary, ...others } = fixtureStacks() as Readonly<Record<string, { readonly resource: Readonly<Record<string, Readonly<Record<string, object>>>> }>>;
  const redis = { ...primary?.resource["aws_elasticache_replication_group"]?.["redis"], engine };
  return { ...others, primary: { ...primary, resource: { ...primary?.resource, aws_elasticache_replication_group: { redis } } } };
}

async function nodesOfADay(engine: string): Promise<number> {
  const store = createMemoryAccountStore([{ kind: "deploy", atMs: startMs, stacks: withEngine(engine) }]);
  const account = openAccount(accountScenario({ regions: { "us-east-1": idle } }), store, { prices });
  account.advanceTo(startMs + 3 * 86_400_000);
  const client = new CostExplorerClient({ region: "us-east-1", credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" } });
  account.attach(attachable(client), "us-east-1");
  const { ResultsByTime: [day] = [] } = await client.send(
    new GetCostAndUsageCommand({
      TimePeriod: { Start: "2026-06-01", End: "2026-06-02" },
      Granularity: "DAILY",
      Metrics: ["AmortizedCost"],
      GroupBy: [{ Type: "DIMENSION", Key: "SERVICE" }],
    }),
  );
  return Number(day?.Groups?.find(({ Keys = [] }) => Keys[0] === "Amazon ElastiCache")?.Metrics?.["AmortizedCost"]?.Amount);
}

it("nodes of Valkey are on the bill at their own price", async () => {
  const redis = await nodesOfADay("redis");
  expect(redis % 24).toBe(0);
  expect(redis).toBeGreaterThan(0);
  expect(await nodesOfADay("valkey")).toBeCloseTo(redis * 0.8, 6);
});
