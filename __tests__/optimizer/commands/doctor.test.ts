import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../../contract/user-error.ts";
import { createChangeReader } from "../../../optimizer/adapters/aws/change-reader.ts";
import { createClientFactory } from "../../../optimizer/adapters/aws/client-factory.ts";
import { createCommitmentReader } from "../../../optimizer/adapters/aws/commitment-reader.ts";
import { createCostReader } from "../../../optimizer/adapters/aws/cost-reader.ts";
import { createIdentityReader } from "../../../optimizer/adapters/aws/identity-reader.ts";
import { createBirthReader } from "../../../optimizer/adapters/aws/birth-reader.ts";
import { createInventoryReader } from "../../../optimizer/adapters/aws/inventory-reader.ts";
import { createMetricReader } from "../../../optimizer/adapters/aws/metric-reader.ts";
import { createResourceReader } from "../../../optimizer/adapters/aws/resource-reader.ts";
import { createTagReader } from "../../../optimizer/adapters/aws/tag-reader.ts";
import { createVirtualClock } from "../../../optimizer/adapters/clock/virtual-clock.ts";
import { createMachine } from "../../../optimizer/adapters/files/machine.ts";
import { createPriceBook } from "../../../optimizer/adapters/prices/list-prices.ts";
import { parseOutputs } from "../../../optimizer/adapters/terraform-outputs/parse-outputs.ts";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import { attachable } from "../../../optimizer/composition/attachable.ts";
import type { Readers, World } from "../../../optimizer/composition/world.ts";
import type { Check, CheckVerdict } from "../../../optimizer/core/model/check.ts";
import { rules } from "../../../optimizer/core/levers/rules.ts";
import { neededActions } from "../../../optimizer/core/permissions/needed-actions.ts";
import { unitOf } from "../../../optimizer/core/metrics/catalogue.ts";
import { policySchema } from "../../../optimizer/core/model/policy.ts";
import { openAccount, type SimulatedAccount } from "../../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import type { ScenarioInput } from "../../../simulation/scenario/scenario.ts";
import { memoryShell } from "../../support/memory-shell.ts";
import { accountScenario } from "../../support/simulated-clients.ts";
import { fixtureStacks, names } from "../../support/terraform-fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doctor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const outputs = {
  primary: {
    stack_region: "us-east-1",
    account_id: "123456789012",
    asg_name: names.group,
    dynamodb_table_name: names.table,
    aurora_cluster_id: names.cluster,
    lambda_function_name: names.lambda,
  },
};

type Fault = NonNullable<ScenarioInput["faults"]>[number];

/** From the account's first moment on. */
function fault(kind: "access-denied" | "throttling" | "expired-token", ...commands: readonly string[]): Fault {
  return { kind, from: 0, until: 30 * 24, ...(commands.length === 0 ? {} : { commands: [...commands] }) };
}

function accountWith(faults: readonly Fault[]): SimulatedAccount {
  const account = openAccount(accountScenario({ faults: [...faults], historyDays: 60 }), createMemoryAccountStore(), {
    prices: { hourlyUsd: () => 0.5, unitUsd: () => 0 },
  });
  account.deploy(fixtureStacks());
  return account;
}

interface Situation {
  readonly account?: SimulatedAccount;
  readonly faults?: readonly Fault[];
  readonly world?: Partial<World>;
  readonly machine?: Partial<World["machine"]>;
  readonly readers?: (readers: Readers) => Readers;
  readonly outputs?: unknown;
}

function worldOf({
  faults = [],
  account = accountWith(faults),
  world = {},
  machine = {},
  readers: replaced = (readers) => readers,
  outputs: told = outputs,
}: Situation): World {
  const known: Partial<World> = {
    stateFolder: folder,
    clock: createVirtualClock(account),
    machine: { ...createMachine(folder), nodeVersion: "24.1.0", ...machine },
    runs: { list: async () => [] } as unknown as World["runs"],
    reporter: { tell: () => undefined },
    readPolicy: async () => policySchema.parse({ baselineDays: 14 }),
    readOutputs: async () => [{ source: "outputs.json", text: JSON.stringify(told) }],
    parseOutputs: (documents, regions, map = []) => parseOutputs(documents, { regions, map }),
    async readers(signal, watch) {
      const clients = createClientFactory({
        credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" },
        unsent: true,
        attach: (client, region, permit) => account.attach(attachable(client, permit), region),
        ...(signal === undefined ? {} : { signal }),
        ...(watch === undefined ? {} : { watch }),
      });
      return replaced({
        inventory: createInventoryReader(clients, account),
        metrics: createMetricReader(clients, { unitOf }),
        tags: createTagReader(clients),
        births: createBirthReader(clients),
        resources: createResourceReader(clients, account),
        identity: createIdentityReader(clients),
        credentials: { expireAtMs: async () => null },
        changes: createChangeReader(clients),
        costs: createCostReader(clients),
        commitments: createCommitmentReader(clients),
        prices: createPriceBook(),
      });
    },
    ...world,
  };
  return known as World;
}

interface Examined {
  readonly exit: number;
  readonly checks: readonly Check[];
  /** `verdict seen → remedy` of each check of this name, or region and name. */
  readonly of: (name: string) => readonly string[];
}

async function examined(situation: Situation = {}, ...argv: readonly string[]): Promise<Examined> {
  const shell = memoryShell({ world: worldOf(situation) });
  const exit = await runCommandLine(["doctor", "--aws", "simulated", "--json", ...argv], shell);
  const { checks } = JSON.parse(shell.results.join("")) as { readonly checks: readonly Check[] };
  return {
    exit,
    checks,
    of: (name) => checks.filter((check) => check.name === name).map(({ verdict, seen, remedy = "" }) => `${verdict}: ${seen} → ${remedy}`),
  };
}

function verdictsIn(checks: readonly Check[], area: Check["area"]): ReadonlySet<CheckVerdict> {
  return new Set(checks.filter((check) => check.area === area).map(({ verdict }) => verdict));
}

describe("doctor on an account where all is well", () => {
  it("ends with 0, and says of each area what it saw", async () => {
    const { exit, checks, of } = await examined();
    expect(checks.filter(({ verdict }) => verdict === "problem")).toEqual([]);
    expect(exit).toBe(0);
    for (const area of ["machine", "inputs", "credentials"] as const) expect(verdictsIn(checks, area), area).toContain("ok");
    expect(of("outputs")).toEqual([expect.stringMatching(/^ok: us-east-1: 1 auto scaling group, 1 table, 1 aurora cluster, 1 function/)]);
    expect(of("account")).toEqual([expect.stringContaining("ok: 123456789012, as the outputs say")]);
    expect(of("resources")).toEqual([expect.stringContaining("ok: 4 of 4 resources described")]);
    expect(of("this look")).toEqual([expect.stringMatching(/ok: \d+ metrics and \d+ requests of Cost Explorer: \$0\.\d\d/)]);
  });

  it("says what it did not look at, and why", async () => {
    const { of, checks } = await examined();
    expect(of("clock")).toEqual([expect.stringContaining("not-looked-at: the simulated account has a time of its own")]);
    expect(verdictsIn(checks, "acting")).toEqual(new Set(["not-looked-at"]));
    expect(of("permissions")).toEqual([expect.stringMatching(/actions that change AWS.*→ .*iam-policy --act/)]);
  });

  it("tells publishing to a topic apart from what changes AWS, and only where the policy names one", async () => {
    const told = async (paging: object) => {
      const { of } = await examined({ world: { readPolicy: async () => policySchema.parse({ baselineDays: 14, paging }) } });
      const [line = ""] = of("permissions");
      return { changing: /(\d+) actions that change AWS/.exec(line)?.[1], publishes: line.includes("sns:Publish, which pages the policy's topic") };
    };
    const changing = String(neededActions(rules).act.length);
    expect(await told({})).toEqual({ changing, publishes: false });
    expect(await told({ snsTopicArn: "arn:aws:sns:us-east-1:123456789012:on-call" })).toEqual({ changing, publishes: true });
    expect(neededActions(rules).act).not.toContain("sns:Publish");
  });

  it("changes nothing", async () => {
    const account = accountWith([]);
    const before = { calls: account.state.calls.length, nowMs: account.nowMs(), revision: account.state.revision };
    await examined({ account });
    expect({ calls: account.state.calls.length, nowMs: account.nowMs(), revision: account.state.revision }).toEqual(before);
  });

  it("prints the same for people, with one closing line", async () => {
    const shell = memoryShell({ world: worldOf({}) });
    expect(await runCommandLine(["doctor", "--aws", "simulated"], shell)).toBe(0);
    expect(shell.results).toEqual([]);
    const text = shell.shown.join("\n");
    expect(text).toContain("What may be read");
    expect(text).toMatch(/\d+ ok, \d+ warning, \d+ not looked at$/);
  });
});

describe("doctor where something is wrong", () => {
  it("names each read that is denied, with what to do, and goes on", async () => {
    const { exit, of } = await examined({ faults: [fault("access-denied", "DescribePolicies", "LookupEvents", "GetReservationCoverage")] });
    expect(exit).toBe(6);
    expect(of("autoscaling:DescribePolicies")).toEqual([
      expect.stringMatching(/^problem: AccessDenied.* → allow autoscaling:DescribePolicies: `optimizer iam-policy --read`/),
    ]);
    expect(of("cloudtrail:LookupEvents")).toEqual([expect.stringMatching(/^problem/)]);
    expect(of("ce:GetReservationCoverage")).toEqual([expect.stringMatching(/^problem/)]);
    expect(of("resources")).toEqual([expect.stringContaining("4 of 4 resources described")]);
  });

  it("tells a denied resource as one that would be left alone", async () => {
    const { exit, of } = await examined({ faults: [fault("access-denied", "DescribeTable")] });
    expect(exit).toBe(6);
    expect(of(`table ${names.table}`)).toEqual([expect.stringMatching(/^problem: AccessDenied.*it would be left alone/)]);
    expect(of("dynamodb:DescribeTable")).toEqual([expect.stringMatching(/^problem/)]);
  });

  it("tells metrics that may not be read", async () => {
    const { exit, of, checks } = await examined({ faults: [fault("access-denied", "GetMetricData")] });
    expect(exit).toBe(6);
    expect(of("cloudwatch:GetMetricData")).toEqual([expect.stringMatching(/^problem/)]);
    expect(verdictsIn(checks, "metrics")).toEqual(new Set());
  });

  it("tells credentials that were refused, and looks at nothing behind them", async () => {
    const { exit, of, checks } = await examined({ faults: [fault("expired-token")] });
    expect(exit).toBe(2);
    expect(of("credentials")).toEqual([expect.stringMatching(/^problem: .*ExpiredToken.* → Sign in again/)]);
    expect(verdictsIn(checks, "permissions")).toEqual(new Set(["not-looked-at"]));
  });

  it("reads nothing with credentials of another AWS partition than the outputs'", async () => {
    const chinese: Situation["readers"] = (readers) => ({
      ...readers,
      identity: { whoAmI: async () => ({ accountId: "123456789012", arn: "arn:aws-cn:iam::123456789012:user/optimizer" }) },
      inventory: { describe: () => Promise.reject(new Error("it was read")) },
    });
    const { exit, of, checks } = await examined({ readers: chinese });
    expect(exit).toBe(2);
    expect(of("account")).toEqual([
      expect.stringMatching(/^problem: the credentials belong to the AWS partition aws-cn, the outputs to aws .* → Use credentials of that partition/),
    ]);
    expect(verdictsIn(checks, "permissions")).toEqual(new Set(["not-looked-at"]));
    expect(verdictsIn(checks, "metrics")).toEqual(new Set());
  });

  it("tells a region that is not enabled for credentials that are good elsewhere, and goes on with the others", async () => {
    const west = { secondary: { stack_region: "us-west-2", dynamodb_table_name: names.table } };
    const { exit, checks } = await examined({ outputs: { ...outputs, ...west }, faults: [{ ...fault("expired-token"), region: "us-west-2" }] });
    expect(exit).toBe(6);
    const inWest = checks.filter(({ region, verdict }) => region === "us-west-2" && verdict === "problem");
    expect(inWest).toContainEqual(expect.objectContaining({ name: "sts:GetCallerIdentity", remedy: expect.stringContaining("this one is not enabled") }));
    expect(checks).toContainEqual(expect.objectContaining({ region: "us-east-1", name: "resources", verdict: "ok" }));
  });

  it("tells outputs and a policy that cannot be read, in the words of plan", async () => {
    const unreadable = new UserError({ code: "policy-invalid", message: "policy.json: no such setting", hint: "correct it" });
    const { exit, of } = await examined({ outputs: { nothing: "of ours" }, world: { readPolicy: () => Promise.reject(unreadable) } });
    expect(exit).toBe(2);
    expect(of("policy")).toEqual(["problem: policy.json: no such setting → correct it"]);
    expect(of("outputs")).toEqual([expect.stringMatching(/^problem: /)]);
    expect(of("credentials")).toEqual([expect.stringMatching(/^ok: arn:aws:iam/)]);
    expect(of("account")).toEqual([expect.stringMatching(/^not-looked-at/)]);
  });

  it("tells what the outputs name and AWS does not have", async () => {
    const { exit, of } = await examined({ outputs: { primary: { ...outputs.primary, asg_name: "gone" } } });
    expect(exit).toBe(0);
    expect(of("group gone")).toEqual([expect.stringMatching(/^warning: .*→ the outputs name what is not there/)]);
  });

  it("waits no longer for a region than it was told", async () => {
    const never: Situation["readers"] = (readers) => ({ ...readers, inventory: { describe: () => new Promise(() => undefined) } });
    const { exit, of } = await examined({ readers: never }, "--timeout", "0.2");
    expect(exit).toBe(6);
    expect(of("region")).toEqual([expect.stringMatching(/^problem: not all was answered within 0\.2 s → check the network/)]);
  });

  it("tells a machine that is not fit: Node, state folder, locks, open runs", async () => {
    const { exit, of } = await examined({
      machine: {
        nodeVersion: "18.20.0",
        tryState: () => Promise.reject(new UserError({ code: "state-unwritable", message: "no space left", hint: "free some" })),
        heldLocks: async () => [{ accountId: "123456789012", region: "us-east-1", runId: "run-1", who: "someone@somewhere", isAbandoned: true }],
      },
      world: {
        runs: {
          list: async () => [
            { runId: "run-1", planHash: "f", accountId: "123456789012", regions: ["us-east-1"], open: true },
            { runId: "run-2", open: true, undescribed: "run.json does not describe it" },
          ],
        } as unknown as World["runs"],
      },
    });
    expect(exit).toBe(2);
    expect(of("Node")).toEqual(["problem: version 18.20.0 → install Node 20.19 or newer"]);
    expect(of("state folder")).toEqual(["problem: no space left → free some"]);
    expect(of("lock")).toEqual([expect.stringMatching(/^warning: someone@somewhere holds .* gone → .*resume run-1/)]);
    expect(of("open runs")).toEqual([
      expect.stringMatching(/^warning: run-1 is open/),
      expect.stringMatching(/^warning: run-2 was not closed, and run.json does not describe it/),
    ]);
  });

  it.each([
    [30 * 60_000, "warning: they end in 30 min"],
    [-1, "problem: they have ended"],
    [6 * 60 * 60_000, "ok: they end in 6 h"],
  ])("tells credentials that end in %i ms", async (leftMs, words) => {
    const account = accountWith([]);
    const { of } = await examined({ readers: (readers) => ({ ...readers, credentials: { expireAtMs: async () => account.nowMs() + leftMs } }) });
    expect(of("expiry").join()).toContain(words);
  });

  it.each([
    [90_000, "warning: 90 s ahead of AWS"],
    [-2_000, "ok: 2 s behind AWS"],
  ])("tells a clock that is off by %i ms", async (offMs, words) => {
    const clock: World["clock"] = { ...createVirtualClock(accountWith([])), jumps: false };
    const { of } = await examined({ world: { clock }, machine: { wallMs: () => clock.nowMs() + offMs } });
    expect(of("clock").join()).toContain(words);
  });

  it("tells a resource whose metrics are too short for a rule, and what nobody turned on", async () => {
    const { of } = await examined({
      readers: (readers) => ({
        ...readers,
        metrics: {
          ...readers.metrics,
          read: async (_region, keys, { startMs }) =>
            keys.map((key) => ({ key, unit: "None", startMs, status: "complete", values: pointsOn(key.namespace === "AWS/EC2" ? 5 : 0) })),
        },
      }),
    });
    expect(of(`group ${names.group}`)).toEqual([
      expect.stringMatching(/^warning: \d+ series, 5 of 14 days of .*without the CloudWatch agent's memory → rules need 14 whole days/),
    ]);
    expect(of(`function ${names.lambda}`)).toEqual([expect.stringMatching(/^warning: .*without Lambda Insights → memory is then left as it is/)]);
    expect(of(`Aurora ${names.cluster}`)).toEqual([expect.stringMatching(/^warning: not one point in 14 days/)]);
  });

  it("refuses a time-out that is none", async () => {
    await expect(examined({}, "--timeout", "0")).rejects.toMatchObject({ code: "bad-flag" });
  });
});

function pointsOn(days: number): Float64Array {
  return Float64Array.from({ length: 14 }, (_, day) => (day < days ? 1 : Number.NaN));
}
