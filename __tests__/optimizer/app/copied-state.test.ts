import { expect, it } from "vitest";
import { requestRollback, resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import type { Advanced } from "../../../optimizer/app/advance.ts";
import { type AccountScript, driver, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { groupAction, west } from "../../support/plan-builder.ts";
import { groupsOnly, records, refreshOf, slowWhenSmall } from "../../support/run-records.ts";

const minuteMs = 60_000;
const tick = { ...driver, mode: "tick" } as const;

/** The same run from a copy of its state on another machine, which no lock keeps from the account. */
function copyOf(original: TestAccount): TestAccount {
  const copy = new TestAccount(original.stored.plan, original.script);
  Object.defineProperty(copy, "aws", { value: original.aws });
  copy.records.push(...original.records);
  copy.run = original.run;
  copy.open = original.open;
  copy.epoch = original.epoch;
  return copy;
}

interface Both {
  readonly original: TestAccount;
  readonly copy: TestAccount;
}

/** Both go on by ticks, the original first, from the minute in which it was copied on. */
async function bothGoOn(
  script: AccountScript,
  copiedAtMinute: number,
  whenCopied: (original: TestAccount) => Promise<unknown> = () => Promise.resolve(),
): Promise<Both> {
  const original = new TestAccount(groupsOnly(), script);
  let own: Advanced = await startRun(original.stored, tick, openProcess(original));
  let others: Advanced | undefined;
  let copy: TestAccount | undefined;
  for (let minute = 0; minute < 300; minute += 1) {
    if (minute === copiedAtMinute) {
      copy = copyOf(original);
      await whenCopied(original);
      own = { ...own, stopped: "waiting" };
    }
    original.nowMs += minuteMs;
    if (own.stopped === "waiting") own = await resumeRun(original.runId, tick, openProcess(original));
    if (copy === undefined) continue;
    copy.nowMs = original.nowMs;
    if (others === undefined || others.stopped === "waiting") others = await resumeRun(copy.runId, tick, openProcess(copy));
  }
  if (copy === undefined) throw new Error("it was never copied");
  return { original, copy };
}

it("a rollback asked for in one of two copies is somebody else's hand to the other, which writes nothing and says so", async () => {
  const { original, copy } = await bothGoOn({}, 9, (asked) => requestRollback(asked.runId, null, tick, openProcess(asked)));
  expect(original.state().outcome).toBe("rolled-back");
  expect(records(copy, "DRIFT").map(({ region }) => region)).toContain(west);
  expect(JSON.stringify(records(copy, "NEEDS_HUMAN").map(({ body }) => body.reason))).toContain("was changed by somebody else, so it is left alone");
  expect(copy.state().outcome).toBe("nothing-to-do");
  expect(await copy.aws.stateOf(refreshOf(west))).toEqual({ kind: "settled", value: { instanceType: "m5.4xlarge" } });
});

it("a breach that both copies see is rolled back by whoever comes first, and read back by the other: nothing is written twice", async () => {
  const { original, copy } = await bothGoOn({ traffic: slowWhenSmall(west) }, 0);
  expect([original.state().outcome, copy.state().outcome]).toEqual(["rolled-back", "rolled-back"]);
  const back = original.aws.mutations.filter(({ change }) => "instanceType" in (change.after as object) && JSON.stringify(change.after).includes("m5.4xlarge"));
  const steps = groupAction(west).rollback.filter(({ urgent }) => urgent !== true);
  expect(back.map(({ change }) => change.kind)).toEqual(steps.map(({ change }) => change.kind));
});
