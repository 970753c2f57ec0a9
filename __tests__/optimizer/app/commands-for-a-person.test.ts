import { describe, expect, it } from "vitest";
import { createChangeReader } from "../../../optimizer/adapters/aws/change-reader.ts";
import { standingOf } from "../../../optimizer/core/execution/classify-state.ts";
import { awsCommands } from "../../../optimizer/core/execution/manual-commands.ts";
import { type ChangeKind, type ChangeOf, inverse } from "../../../optimizer/core/levers/change-kinds.ts";
import { ChangeRejected } from "../../../optimizer/errors.ts";
import { runLines } from "../../support/shell-lines.ts";
import { type ActionName, actionNames, clientFactoryOf, openSimulatedRun, type SimulatedRun, tried } from "../../support/simulated-run.ts";

/** Where a way back begins: while forward change `after` is on its way, or once all of them hold. It is refused from step `refusedFrom` on. */
interface FailurePoint {
  readonly name: ActionName;
  readonly after: number;
  readonly refusedFrom: number;
}

async function failurePoints(name: ActionName): Promise<readonly FailurePoint[]> {
  const { action } = await openSimulatedRun(name);
  const forward = action.steps.filter(({ kind }) => kind === "change").length;
  return Array.from({ length: forward }, (_, after) => action.rollback.map((_step, refusedFrom) => ({ name, after, refusedFrom }))).flat();
}

/** A run whose way back is asked for in the middle and refused by AWS, so that a person has to go on. */
async function failed({ name, after, refusedFrom }: FailurePoint): Promise<SimulatedRun> {
  const run = await openSimulatedRun(name);
  const { changeWriter } = run.ports;
  let made = 0;
  const refusing: SimulatedRun["ports"] = {
    ...run.ports,
    changeWriter: {
      async apply(change, token, marks) {
        const back = run.action.rollback.findIndex((step) => JSON.stringify(step.change) === JSON.stringify(change));
        if (back >= refusedFrom) throw new ChangeRejected("denied", "AccessDenied", "no");
        await changeWriter.apply(change, token, marks);
        if (back === -1 && made++ === after) await run.ports.runs.request(run.test.runId, { phase: null, by: "tester" });
      },
    },
  };
  await run.driveWith(refusing);
  return run;
}

async function standings(run: SimulatedRun): Promise<readonly string[]> {
  const back = run.action.rollback.filter(({ urgent }) => urgent !== true).map(({ change }) => change);
  const states = await createChangeReader(run.clients).statesOf(back);
  return back.flatMap((change, index) => (states[index] === undefined ? [] : standingOf(change, states[index])));
}

describe.each(actionNames)("the commands printed when a way back fails: %s", (name) => {
  it("put everything back as they are printed, whatever had been done until then", async () => {
    let printed = 0;
    for (const point of await failurePoints(name)) {
      const run = await failed(point);
      const { account, test } = run;
      const commands = (test.state().needsHuman?.commands ?? []).filter((command) => !command.startsWith("optimizer "));
      printed += commands.length;
      await runLines(commands, { clients: clientFactoryOf(account), sleep: (seconds) => account.advanceTo(account.nowMs() + seconds * 1000) });
      expect({ point, commands, standings: await standings(run) }).toEqual({ point, commands, standings: (await standings(run)).map(() => "after") });
    }
    expect(printed).toBeGreaterThan(0);
  });
});

const kinds = Object.entries(tried) as readonly (readonly [ChangeKind, readonly ActionName[]])[];

it.each(kinds)(
  "a person can make a %s there and back by what is printed, line by line, in the time that the plan tells of the way back",
  async (kind, [name]) => {
    const run = await openSimulatedRun(name!);
    const { account, clients, action } = run;
    const shell = { clients, sleep: (seconds: number) => account.advanceTo(account.nowMs() + seconds * 1000) };
    const forward = action.steps.flatMap((step) => (step.kind === "change" ? step.change : []));
    const back = action.rollback.map(({ change }) => change);
    expect([...forward, ...back].some((change) => change.kind === kind)).toBe(true);
    await runLines(awsCommands(forward), shell);
    const begunMs = account.nowMs();
    await runLines(awsCommands(back), shell);
    const minutes = (account.nowMs() - begunMs) / 60_000;
    // AWS promises no times: what a plan tells is what the account takes, but for the "few minutes" that a lifecycle needs to be in effect everywhere.
    expect(Number(action.undoMinutes)).toBeGreaterThanOrEqual(minutes - 1);
    expect(Number(action.undoMinutes)).toBeLessThanOrEqual(minutes + (kind === "s3.lifecycle" ? 5 : 1));
    // What stops the harm first is either made again in its place, or has no state to come back to.
    expect(await standings(run)).toEqual(action.rollback.filter(({ urgent }) => urgent !== true).map(() => "after"));
  },
);

it("a line that AWS's command line would not take fails", async () => {
  const { clients } = await openSimulatedRun("fewer backups");
  const shell = { clients, sleep: () => undefined };
  const change: ChangeOf<"rds.failover"> = { kind: "rds.failover", region: "us-east-1", cluster: "c", before: { writer: "a" }, after: { writer: "b" } };
  const [line = ""] = awsCommands([inverse(change)]).filter((each) => each.startsWith("aws "));
  for (const broken of [
    line.replace("--target-", "--aim-"),
    line.replace("failover-db-cluster", "fail-over"),
    line.replace("--region us-east-1", ""),
    `${line}; true`,
  ]) {
    expect(broken).not.toBe(line);
    await expect(runLines([broken], shell)).rejects.toMatchObject({ name: "NotTheCli" });
  }
});
