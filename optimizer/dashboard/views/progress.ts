import type { Pictures } from "../../core/report/page/pictures.ts";
import { roundWords } from "../../core/report/words.ts";
import type { Markup } from "../markup.ts";
import { table } from "../table.ts";

/** A row an action: where it stands, how its window went, what comes next. */
export function progressView({ progress }: Pictures): Markup {
  const rows = progress.map(({ phase, region, round, resource, change, state, window, verdict, next }) => [
    resource,
    `phase ${phase}`,
    `${region}${roundWords(round)}`,
    change,
    state,
    window,
    verdict,
    next,
  ]);
  const columns = ["Resource", "Phase", "Region", "Change", "State", "Window", "Verdict", "Next"].map((title) => ({ title }));
  return table("Every action of the plan, in the order they act", columns, rows);
}
