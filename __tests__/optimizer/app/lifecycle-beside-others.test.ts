import { GetBucketLifecycleConfigurationCommand, type LifecycleRule, PutBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { east } from "../../support/plan-builder.ts";
import { records } from "../../support/run-records.ts";
import { runLines } from "../../support/shell-lines.ts";
import { clientFactoryOf, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

type Moment = "before the call there" | "before the call back" | "in the window" | "before it is asked back";

const theirs: LifecycleRule = { ID: "theirs", Status: "Enabled", Filter: { Prefix: "exports/" }, Expiration: { Days: 90 } };

async function rulesOf({ account }: SimulatedRun): Promise<readonly LifecycleRule[]> {
  const { s3 } = clientFactoryOf(account)(east);
  return (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: names.bucket }))).Rules ?? [];
}

async function put({ account }: SimulatedRun, rules: readonly LifecycleRule[]): Promise<void> {
  const { s3 } = clientFactoryOf(account)(east);
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: names.bucket, LifecycleConfiguration: { Rules: [...rules] } }));
}

async function addsTheirs(run: SimulatedRun): Promise<void> {
  const rules = (await rulesOf(run)).map(({ Prefix: legacy, Filter = { Prefix: legacy ?? "" }, ...rest }) => ({ ...rest, Filter }));
  await put(run, [...rules, theirs]);
}

interface Met {
  readonly run: SimulatedRun;
  readonly before: readonly LifecycleRule[];
}

/** A run with somebody else at work on the bucket's rules at one moment; asked back in its window unless the hand comes there and stays alone. */
async function met(moment: Moment, hand: (run: SimulatedRun) => Promise<void> = addsTheirs): Promise<Met> {
  let hasCome = false;
  const comes = async (self: SimulatedRun): Promise<void> => {
    if (hasCome) return;
    hasCome = true;
    await hand(self);
  };
  const run = await openSimulatedRun("Standard-IA", {
    async whenTimePassed(self) {
      const { test, ports } = self;
      const state = test.state();
      const [stage] = state.phases[0]?.stages ?? [];
      if (stage?.status !== "observing" || state.rollbackRequested !== undefined || test.requests.length > 0) return;
      if (moment === "in the window" || moment === "before it is asked back") await comes(self);
      if (moment !== "in the window") await ports.runs.request(test.runId, { phase: null, by: "tester" });
    },
  });
  const before = await rulesOf(run);
  await run.driveWith({
    ...run.ports,
    changeWriter: {
      async apply(change, token, marks) {
        // Everything that is looked at before the writer is asked has been looked at.
        const isBack = run.test.state().rollbackRequested !== undefined;
        if (moment === (isBack ? "before the call back" : "before the call there")) await comes(run);
        await run.ports.changeWriter.apply(change, token, marks);
      },
    },
  });
  if (!hasCome) throw new Error("the hand never came");
  return { run, before };
}

function ids(rules: readonly LifecycleRule[]): readonly string[] {
  return rules.flatMap(({ ID }) => ID ?? []).toSorted();
}

describe("a rule that somebody adds to the bucket", () => {
  it("between our look and our call stays: nothing is sent, and it is told as somebody else's", async () => {
    const { run, before } = await met("before the call there");
    expect(run.mutations).toEqual([]);
    expect(ids(await rulesOf(run))).toEqual(ids([...before, theirs]));
    expect(records(run.test, "DRIFT")).toMatchObject([{ body: { found: expect.stringContaining("theirs") } }]);
  });

  it.each(["before the call back", "before it is asked back"] as const)("%s stays, and ours is as it was", async (moment) => {
    const { run, before } = await met(moment);
    const rules = await rulesOf(run);
    expect(ids(rules)).toEqual(ids([...before, theirs]));
    expect(rules.filter(({ ID }) => ID !== theirs.ID).map(({ Transitions }) => Transitions)).toEqual(before.map(({ Transitions }) => Transitions));
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rolled-back");
    expect(records(run.test, "DRIFT")).toEqual([]);
  });

  it("in the window is told, with a command that brings ours back and keeps theirs", async () => {
    const { run, before } = await met("in the window");
    expect(records(run.test, "DRIFT")).toHaveLength(1);
    const lines = (run.test.state().needsHuman?.commands ?? []).filter((line) => line.startsWith("aws "));
    expect(lines).toHaveLength(1);
    await runLines(lines, { clients: clientFactoryOf(run.account), sleep: (seconds) => run.account.advanceTo(run.account.nowMs() + seconds * 1000) });
    const rules = await rulesOf(run);
    expect(ids(rules)).toEqual(ids([...before, theirs]));
    expect(rules.filter(({ ID }) => ID !== theirs.ID).map(({ Transitions }) => Transitions)).toEqual(before.map(({ Transitions }) => Transitions));
  });
});

it("our own rule that somebody changed before it is asked back is left alone, and the rollback told as incomplete", async () => {
  const sooner = async (run: SimulatedRun): Promise<void> =>
    put(
      run,
      (await rulesOf(run)).map((rule) => ({ ...rule, Transitions: [{ Days: 60, StorageClass: "STANDARD_IA" }] })),
    );
  const { run, before } = await met("before it is asked back", sooner);
  expect((await rulesOf(run)).map(({ Transitions }) => Transitions)).toEqual(before.map(() => [{ Days: 60, StorageClass: "STANDARD_IA" }]));
  expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
});
