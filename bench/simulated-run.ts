/**
 * `tsx bench/simulated-run.ts [runs]`: planning and carrying out on the virtual clock, two regions of `saas` in three phases: the story, and an account in which every
 * lever of the blueprint has something to change.
 */
import { inScratch, inTurn, type Measurement, median, runs, show } from "./measure.ts";
import type { Rehearsal } from "./rehearsal.ts";
import { accounts, rehearsals } from "./rehearsals.ts";

type Rehearsed = Rehearsal & Pick<Measurement, "memoryMib">;

await inScratch(async (scratch) => {
  const rehearse = await rehearsals(scratch);
  const { story, allLevers } = inTurn({ story: () => rehearse(accounts.story), allLevers: () => rehearse(accounts.allLevers) });
  tell("the story", story, 2);
  tell("all levers", allLevers, 3);
});

function tell(what: string, rehearsed: readonly Rehearsed[], goalSeconds: number): void {
  const [first] = rehearsed;
  const spent = (of: (one: Rehearsal) => Rehearsal["plan"]) => ({
    seconds: median(rehearsed.map((one) => of(one).seconds)),
    cpuSeconds: median(rehearsed.map((one) => of(one).cpuSeconds)),
  });
  const plan = spent((one) => one.plan);
  const run = spent((one) => one.run);
  const floor = spent((one) => one.floor);
  const both = spent((one) => ({ seconds: one.plan.seconds + one.run.seconds, cpuSeconds: one.plan.cpuSeconds + one.run.cpuSeconds }));
  const times = ({ seconds, cpuSeconds }: Rehearsal["plan"]): [string, string] => [`${seconds.toFixed(2)} s`, `${cpuSeconds.toFixed(2)} s processor`];
  const rate = (count = 0, of: string, { seconds }: Rehearsal["plan"]): string => `${count} ${of}, ${Math.round(count / seconds)}/s`;
  const ratio = (of: number, to: number): string => (of / to).toFixed(2);
  const carriedOut = `${first?.levers} levers, ${first?.virtualHours.toFixed(0)} virtual hours, ended ${first?.outcome}`;
  show(`Simulated run, ${what}: ${carriedOut}; medians of ${runs}`, [
    ["plan", ...times(plan), rate(first?.planCalls, "calls", plan)],
    ["run", ...times(run), rate(first?.runCalls, "calls", run), rate(first?.records, "records", run)],
    ["its floor", ...times(floor), "as many calls that ask nothing, its journal written again"],
    ["run of the goal", `goal ≤ ${goalSeconds} s`, `ratio ${ratio(run.cpuSeconds, goalSeconds)}`, `floor × ${ratio(run.cpuSeconds, floor.cpuSeconds)}`],
    ["both", ...times(both)],
    ["memory", `${median(rehearsed.map(({ memoryMib }) => memoryMib)).toFixed(0)} MiB`],
  ]);
}
