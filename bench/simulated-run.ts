/** `tsx bench/simulated-run.ts [runs]`: planning and carrying out the story, two regions in three phases, on the virtual clock. */
import { inScratch, inTurn, median, runs, show } from "./measure.ts";
import type { Rehearsal } from "./rehearsal.ts";
import { rehearsals } from "./rehearsals.ts";

const goalSeconds = 2;

await inScratch(async (scratch) => {
  const { story } = inTurn({ story: await rehearsals(scratch) });
  const [first] = story;
  const spent = (of: (one: Rehearsal) => Rehearsal["plan"]) => ({
    seconds: median(story.map((one) => of(one).seconds)),
    cpuSeconds: median(story.map((one) => of(one).cpuSeconds)),
  });
  const plan = spent((one) => one.plan);
  const run = spent((one) => one.run);
  const floor = spent((one) => one.floor);
  const both = spent((one) => ({ seconds: one.plan.seconds + one.run.seconds, cpuSeconds: one.plan.cpuSeconds + one.run.cpuSeconds }));
  const times = ({ seconds, cpuSeconds }: Rehearsal["plan"]): [string, string] => [`${seconds.toFixed(2)} s`, `${cpuSeconds.toFixed(2)} s processor`];
  const rate = (count = 0, of: string, { seconds }: Rehearsal["plan"]): string => `${count} ${of}, ${Math.round(count / seconds)}/s`;
  const ratio = (of: number, to: number): string => (of / to).toFixed(2);
  show(`Simulated run: ${first?.virtualHours.toFixed(0)} virtual hours, ended ${first?.outcome}; medians of ${runs}`, [
    ["plan", ...times(plan), rate(first?.planCalls, "calls", plan)],
    ["run", ...times(run), rate(first?.runCalls, "calls", run), rate(first?.records, "records", run)],
    ["its floor", ...times(floor), "as many calls that ask nothing, its journal written again"],
    ["run of the goal", `goal ≤ ${goalSeconds} s`, `ratio ${ratio(run.cpuSeconds, goalSeconds)}`, `floor × ${ratio(run.cpuSeconds, floor.cpuSeconds)}`],
    ["both", ...times(both)],
    ["memory", `${median(story.map(({ memoryMib }) => memoryMib)).toFixed(0)} MiB`],
  ]);
});
