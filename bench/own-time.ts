/** `tsx bench/own-time.ts [runs]`: the own time of one tick in the story's last window, apart from the start of the process and from what AWS takes to answer. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import story from "../simulation/scenarios/story.json" with { type: "json" };
import { bundleAsOptimizer, inScratch, inTurn, measureNode, median, runs, show } from "./measure.ts";
import { type OwnTime, ticksSchema } from "./own-time-schema.ts";

const goalMs = 30;
const ticksEach = 10;

await inScratch(async (scratch) => {
  const cdktfOut = join(scratch, "cdktf.out");
  measureNode(scratch, ["scripts/app.mjs"], { ...story.stackSettings, CDKTF_OUTDIR: cdktfOut, TAP_SIZING_DIR: join(scratch, "no-sizing") });
  const script = await bundleAsOptimizer("tick-of-story", scratch);
  const kept = join(scratch, "kept");
  const answers = join(scratch, "answers");
  measureNode(scratch, [...script, "record", cdktfOut, join(scratch, "state"), kept, answers]);
  let count = 0;
  const { ticks } = inTurn({
    ticks() {
      const copies = Array.from({ length: ticksEach }, () => join(scratch, `play-${(count += 1)}`));
      for (const copy of copies) cpSync(kept, copy, { recursive: true });
      const each = ticksSchema.parse(JSON.parse(measureNode(scratch, [...script, "play", answers, ...copies]).output));
      return { each, floorMs: Number(measureNode(scratch, ["bench/tick-floor.mjs", copies[0] ?? ""]).output) };
    },
  });
  const first = ticks.map(({ each: [one] }) => one);
  const later = ticks.map(({ each }) => each.at(-1));
  const floorMs = median(ticks.map((one) => one.floorMs));
  const row = (name: string, of: readonly (OwnTime | undefined)[]): [string, ...string[]] => {
    const tickMs = median(of.map((one) => one?.tickMs ?? Number.NaN));
    const reportMs = median(of.map((one) => one?.reportMs ?? Number.NaN));
    return [
      name,
      `${tickMs.toFixed(1)} ms processor`,
      `goal ≤ ${goalMs} ms`,
      `ratio ${(tickMs / goalMs).toFixed(2)}`,
      `floor × ${(tickMs / floorMs).toFixed(1)}`,
      `its report ${reportMs.toFixed(1)} ms`,
    ];
  };
  show(`Own time of a tick: ${first[0]?.records} records in the journal; medians of ${runs} processes`, [
    ["floor", `${floorMs.toFixed(1)} ms processor`],
    row("first tick of a process", first),
    row(`tick ${ticksEach} of a process`, later),
  ]);
});
