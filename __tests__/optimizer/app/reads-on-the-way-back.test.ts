/** What a way back reads, one call after the other: each missing for good, and each denied for two hours. */
import { describe, expect, it } from "vitest";
import { records } from "../../support/run-records.ts";
import { type ActionName, actionNames, changing, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";

const slotMs = 15 * 60_000;
const hourMs = 3_600_000;

interface Failing {
  readonly command: string;
  readonly error: Error;
  readonly hours: number;
}

interface WentBack {
  readonly run: SimulatedRun;
  /** What was read, in the order in which it was first asked for. */
  readonly reads: readonly string[];
}

/** A run that is asked back two slots into its window, from when on one read fails. */
async function wentBack(name: ActionName, failing?: Failing): Promise<WentBack> {
  let askedAtMs: number | undefined;
  const reads = new Set<string>();
  const run: SimulatedRun = await openSimulatedRun(name, {
    answer(command, output) {
      if (askedAtMs === undefined || changing.has(command)) return output;
      reads.add(command);
      if (command === failing?.command && run.account.nowMs() < askedAtMs + failing.hours * hourMs) throw failing.error;
      return output;
    },
    async whenTimePassed(self) {
      const [stage] = self.test.state().phases[0]?.stages ?? [];
      if (askedAtMs !== undefined || stage?.window === undefined || stage.status !== "observing") return;
      if (self.account.nowMs() < stage.window.startMs + 2 * slotMs) return;
      askedAtMs = self.account.nowMs();
      await self.ports.runs.request(self.test.runId, { phase: null, by: "tester" });
    },
  });
  await run.drive();
  return { run, reads: [...reads] };
}

/** What is asked about by these is no part of the resource: where it is gone, the way back goes on without. */
const beside: readonly string[] = ["DescribeTargetGroups"];

function answered(name: string, message: string, httpStatusCode: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode }, $fault: "client" });
}

describe.each(actionNames)("on the way back of %s", (name) => {
  it("what is not there any more ends it at once: incomplete, and a person is told what is missing", async () => {
    const { reads, run: undisturbed } = await wentBack(name);
    expect(undisturbed.test.state().outcome).toBe("rolled-back");
    expect(reads.length).toBeGreaterThan(0);
    for (const command of reads) {
      const missing = `what ${command} asks about is not there`;
      const { run } = await wentBack(name, { command, error: answered("ResourceNotFoundException", missing, 404), hours: Number.POSITIVE_INFINITY });
      const { outcome, phases, needsHuman } = run.test.state();
      if (beside.includes(command)) {
        expect(outcome, command).toBe("rolled-back");
        continue;
      }
      expect(outcome, command).toBeUndefined();
      expect(phases[0]?.stages[0]?.status, command).toBe("rollback-incomplete");
      expect(needsHuman?.reason, command).toContain(missing);
      expect(needsHuman?.commands.join("\n"), command).not.toContain("every change is undone");
    }
  });

  it("what is denied for two hours delays it, a person is told, and it ends as it would have", async () => {
    const { reads } = await wentBack(name);
    let told = 0;
    for (const command of reads) {
      const words = `${command} is denied`;
      const { run } = await wentBack(name, { command, error: answered("AccessDeniedException", words, 400), hours: 2 });
      expect(run.test.state().outcome, command).toBe("rolled-back");
      // What is asked for late in those hours is answered before a person has to know.
      const failed = records(run.test, "DECISION").filter(({ body }) => body.kind === "poll-failed");
      const isLong = failed.length >= run.plan.policy.unreadable.maxPolls;
      if (isLong) expect(JSON.stringify(records(run.test, "NEEDS_HUMAN")), command).toContain(words);
      told += isLong ? 1 : 0;
    }
    expect(told).toBeGreaterThan(0);
  });
});
