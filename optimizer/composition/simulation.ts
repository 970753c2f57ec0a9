import { readdir } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { UserError } from "../../contract/user-error.ts";
import { Interrupted } from "../errors.ts";
import { readNamedFile } from "../named-file.ts";
import { openAccount, type AccountObserver, type SimulatedAccount } from "../../simulation/account/account.ts";
import type { AccountStore } from "../../simulation/account/store.ts";
import type { Difference } from "../../simulation/deployment/differences.ts";
import { notFollowed } from "../../simulation/deployment/deploy.ts";
import type { ListPrices } from "../../simulation/account/service.ts";
import { extendedScenario, type ScenarioDocument } from "../../simulation/scenario/extend.ts";
import type { Scenario } from "../../simulation/scenario/scenario.ts";
import { parseScenario } from "../../simulation/scenario/schema.ts";
import { services } from "../../simulation/services.ts";
import { createPriceBook } from "../adapters/prices/list-prices.ts";
import { monotonicMs } from "../adapters/clock/monotonic.ts";
import { openFileAccountStore } from "../adapters/simulated/file-account-store.ts";
import { hashOf } from "../core/model/hash.ts";
import { bundledScenario, bundledScenarioNames } from "./bundled-scenarios.ts";
import type { SimulationDesk, WorldSettings } from "./world.ts";

/**
 * The simulated account of a state folder, and the desk at which the stacks are deployed and compared. `beforeChange` is called while nobody
 * else can use the account, right before a call changes it: what it throws keeps the change from being made.
 */
export async function openSimulation(
  settings: WorldSettings,
  observer?: AccountObserver,
  beforeChange?: () => void,
): Promise<{ readonly account: SimulatedAccount; readonly desk: SimulationDesk }> {
  const scenario = await scenarioOf(settings.scenario);
  const store = guarded(openStore(settings.state, hashOf(scenario)), beforeChange);
  const account = openAccount(scenario, store, { prices: listPrices(), ...(observer === undefined ? {} : { observer }) });
  return {
    account,
    desk: {
      stackSettings: scenario.stackSettings,
      sizes: scenario.sizes ?? {},
      async deploy(cdktfOut) {
        account.deploy(await readStacks(cdktfOut));
        return Object.fromEntries(Object.entries(account.outputs()).map(([stack, outputs]) => [stack, `${JSON.stringify(outputs, null, 2)}\n`]));
      },
      notFollowed: async (cdktfOut) => notFollowed(services, await readStacks(cdktfOut), scenario),
      async driftAgainst(cdktfOut) {
        const { add, change, destroy } = account.driftAgainst(await readStacks(cdktfOut));
        return { add, destroy, change: change.map(({ address, differences }) => ({ address, differences: differences.map((each) => differenceWords(each)) })) };
      },
    },
  };
}

function guarded(store: AccountStore, beforeChange: (() => void) | undefined): AccountStore {
  return {
    entries: () => store.entries(),
    exclusively: (work) => store.exclusively(work),
    append(entry, durability) {
      if (entry.kind === "call") beforeChange?.();
      store.append(entry, durability);
    },
  };
}

type InstancePrice = (region: string, type: string) => number | null;

/** The price book as the account's services ask for it; what it does not know has no price. */
function listPrices(): ListPrices {
  const book = createPriceBook();
  const hourly = new Map<string, InstancePrice>([
    ["ec2", (region, type) => book.ec2Hourly(region, type)],
    ["aurora", (region, type) => book.auroraHourly(region, "aurora-mysql", type)],
    ["rds", (region, type) => book.rdsHourly(region, "mysql", type, false)],
    ["rds-multi-az", (region, type) => book.rdsHourly(region, "mysql", type, true)],
    ["elasticache", (region, type) => book.redisHourly(region, type)],
    ["elasticache-valkey", (region, type) => book.redisHourly(region, type, "valkey")],
  ]);
  const units = new Map<string, InstancePrice>([
    ["dynamodb/ReadRequestUnits", (region) => book.dynamoDb(region)?.readRequestUnit ?? null],
    ["dynamodb/ReadCapacityUnit-Hrs", (region) => book.dynamoDb(region)?.readCapacityHour ?? null],
    ["dynamodb/WriteCapacityUnit-Hrs", (region) => book.dynamoDb(region)?.writeCapacityHour ?? null],
    ["dynamodb/WriteRequestUnits", (region) => book.dynamoDb(region)?.writeRequestUnit ?? null],
    ["s3/TimedStorage-ByteHrs", (region) => book.s3(region)?.frequentGbMonth ?? null],
    ["s3/TimedStorage-INT-FA-ByteHrs", (region) => book.s3(region)?.frequentGbMonth ?? null],
    ["s3/TimedStorage-INT-IA-ByteHrs", (region) => book.s3(region)?.infrequentGbMonth ?? null],
    ["s3/TimedStorage-INT-AIA-ByteHrs", (region) => book.s3(region)?.archiveInstantGbMonth ?? null],
    ["s3/TimedStorage-SIA-ByteHrs", (region) => book.s3(region)?.standardIaGbMonth ?? null],
    ["s3/Monitoring-Automation-INT", (region) => book.s3(region)?.monitoringObjectMonth ?? null],
    ["s3/Requests-Tier2", (region) => book.s3(region)?.get ?? null],
    ["s3/Requests-SIA-Tier2", (region) => book.s3(region)?.standardIaGet ?? null],
    ["s3/Retrieval-SIA", (region) => book.s3(region)?.standardIaRetrievalGb ?? null],
    ["rds/Aurora:ServerlessV2Usage", (region) => book.auroraAcuHourly(region, "standard")],
    ["rds/Aurora:ServerlessV2IOOptimizedUsage", (region) => book.auroraAcuHourly(region, "io-optimized")],
    ["lambda/Lambda-GB-Second", (region) => book.lambda(region, "x86_64")?.gbSecond ?? null],
    ["lambda/Lambda-GB-Second-ARM", (region) => book.lambda(region, "arm64")?.gbSecond ?? null],
    ["ecs/Fargate-vCPU-Hours:perCPU", (region) => book.fargate(region, "x86_64")?.vcpuHour ?? null],
    ["ecs/Fargate-GB-Hours", (region) => book.fargate(region, "x86_64")?.gbHour ?? null],
    ["ecs/Fargate-ARM-vCPU-Hours:perCPU", (region) => book.fargate(region, "arm64")?.vcpuHour ?? null],
    ["ecs/Fargate-ARM-GB-Hours", (region) => book.fargate(region, "arm64")?.gbHour ?? null],
  ]);
  return {
    hourlyUsd: (service, region, type) => hourly.get(service)?.(region, type) ?? null,
    unitUsd: (service, region, usage) => units.get(`${service}/${usage}`)?.(region, usage) ?? null,
  };
}

function openStore(stateFolder: string, scenarioHash: string): AccountStore {
  const path = join(stateFolder, "simulation", "account.jsonl");
  try {
    return openFileAccountStore(path, scenarioHash, monotonicMs);
  } catch (cause) {
    if (!(cause instanceof Error) || !("syscall" in cause)) throw cause;
    throw new UserError({ code: "state-unusable", message: `--state ${stateFolder}: ${cause.message}`, hint: "name a folder that you may write to", cause });
  }
}

function differenceWords({ path, live, configured }: Difference): string {
  return `${path}: ${JSON.stringify(live)} → ${JSON.stringify(configured)}`;
}

/** The scenario that is named, with all that it extends. */
async function scenarioOf(nameOrFile: string): Promise<Scenario> {
  const first = await readScenario(nameOrFile, "", "--scenario ");
  return parseScenario(await extendedScenario(first, (name, from) => readScenario(name, from, `${from} extends `)), nameOrFile);
}

/** A scenario that comes with the package, else a file; one that another extends is looked for beside it. */
async function readScenario(nameOrFile: string, from: string, asked: string): Promise<ScenarioDocument> {
  const bundled = await bundledScenario(nameOrFile);
  if (bundled !== undefined) return { document: bundled, place: nameOrFile };
  const path = isAbsolute(nameOrFile) ? nameOrFile : join(dirname(from), nameOrFile);
  const hint = `pass a scenario file, or one that comes with the optimizer: ${bundledScenarioNames().join(", ")}`;
  return { document: await readJson(path, hint, asked), place: path };
}

/** `<cdktf.out>/stacks/<stack>/cdk.tf.json` by stack name. */
async function readStacks(cdktfOut: string): Promise<Readonly<Record<string, unknown>>> {
  const folder = join(cdktfOut, "stacks");
  const hint = "synthesize the stacks first: npm run synth";
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new UserError({ code: "no-stacks", message: `${folder} cannot be read`, hint, cause });
  });
  const stacks = await Promise.all(names.toSorted().map(async (name) => [name, await readJson(join(folder, name, "cdk.tf.json"), hint)] as const));
  return Object.fromEntries(stacks);
}

async function readJson(path: string, hint: string, flag = ""): Promise<unknown> {
  try {
    return JSON.parse((await readNamedFile(path)).toString("utf8"));
  } catch (cause) {
    if (cause instanceof Interrupted || cause instanceof UserError) throw cause;
    const problem = cause instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new UserError({ code: "unreadable-file", message: `${flag}${path} ${problem}`, hint, cause });
  }
}
