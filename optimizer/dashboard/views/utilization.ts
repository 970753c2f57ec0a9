import { percent } from "../../core/model/percent.ts";
import type { DayProfile } from "../../core/report/page/day-profiles.ts";
import type { Pictures } from "../../core/report/page/pictures.ts";
import { chartFigure, type Chart, plainText } from "../chart.ts";
import { html, type Markup } from "../markup.ts";
import { table } from "../table.ts";

/** Two lines: the resource and its region. */
const rowPx = 34;

/** Resources by the hours of a day, a choice for each dimension, as it is and as projected. */
export function utilizationChart({ profiles }: Pictures): Chart | undefined {
  if (profiles === null || profiles.length === 0) return undefined;
  const dimensions = [...new Set(profiles.map(({ dimension }) => dimension))];
  const variants = dimensions.flatMap((dimension) => {
    const own = fullest(profiles.filter((profile) => profile.dimension === dimension));
    const projected = own.filter(({ projectedByHour }) => projectedByHour !== null);
    const today = { label: `${dimension}, now`, traces: [heat(own, ({ byHour }) => byHour)] };
    return projected.length === 0
      ? [today]
      : [today, { label: `${dimension}, projected`, traces: [heat(projected, ({ projectedByHour }) => projectedByHour ?? [])] }];
  });
  const most = dimensions.reduce(
    (rows, dimension) => Math.max(rows, Math.min(mostDrawn, profiles.filter((profile) => profile.dimension === dimension).length)),
    0,
  );
  return {
    id: "utilization",
    description: `Mean utilization of ${profiles.length} figures by hour of the day; the table below has their lowest and highest hour`,
    variants,
    layout: { xaxis: { title: { text: "hour, UTC" }, dtick: 6 }, yaxis: { autorange: "reversed" }, margin: { l: 8, r: 16, t: 8, b: 44 } },
    heightPx: 120 + most * rowPx,
  };
}

/** More rows than this are no picture any more; the table has the others. */
const mostDrawn = 40;

/** The rows to draw: where there are too many, those whose fullest hour is the highest. */
function fullest(profiles: readonly DayProfile[]): readonly DayProfile[] {
  if (profiles.length <= mostDrawn) return profiles;
  const peak = ({ byHour }: DayProfile): number => byHour.reduce<number>((most, share) => Math.max(most, share ?? 0), 0);
  return profiles.toSorted((a, b) => peak(b) - peak(a)).slice(0, mostDrawn);
}

function heat(profiles: readonly DayProfile[], byHour: (profile: DayProfile) => readonly (number | null)[]) {
  return {
    type: "heatmap",
    x: Array.from({ length: 24 }, (_, hour) => hour),
    y: profiles.map(({ region, resource }) => `${plainText(shortened(resource))}<br>${plainText(region)}`),
    z: profiles.map((profile) => byHour(profile).map((share) => (share === null ? null : Math.round(share * 1000) / 10))),
    zmin: 0,
    zmax: 100,
    colorscale: [
      [0, "@paper"],
      [0.5, "@one"],
      [0.8, "@warn"],
      [1, "@bad"],
    ],
    colorbar: { title: { text: "%" }, thickness: 12 },
    hovertemplate: "%{y}<br>%{x}:00 UTC: %{z} %<extra></extra>",
  };
}

function shortened(name: string): string {
  return name.length <= 26 ? name : `${name.slice(0, 12)}…${name.slice(-12)}`;
}

export function utilizationView(pictures: Pictures): Markup {
  if (pictures.profiles === null) return html`<p class="none">The baseline of this plan is not in the state folder any more.</p>`;
  const chart = utilizationChart(pictures);
  const rows = pictures.profiles.map((profile) => [
    profile.resource,
    profile.region,
    profile.dimension,
    extremes(profile.byHour),
    profile.projectedByHour === null ? "not changed" : extremes(profile.projectedByHour),
  ]);
  const columns = [{ title: "Resource" }, { title: "Region" }, { title: "Dimension" }, { title: "Mean by hour of the day, now" }, { title: "Projected" }];
  return html`<p class="soft">
      The mean of each hour over all days of the baseline, of the busiest node or member where there are several. Projected: the same load on the proposed size,
      with a zone or a member lost where that can happen.
    </p>
    ${chart === undefined ? undefined : chartFigure(chart)}${table("Utilization by hour of the day (UTC): lowest and highest hour", columns, rows)}`;
}

function extremes(byHour: readonly (number | null)[]): string {
  const known = byHour.flatMap((share, hour) => (share === null ? [] : [{ share, hour }]));
  if (known.length === 0) return "nothing measured";
  const lowest = known.reduce((least, each) => (each.share < least.share ? each : least));
  const highest = known.reduce((most, each) => (each.share > most.share ? each : most));
  if (percent(lowest.share) === percent(highest.share)) return `${percent(highest.share)} all day`;
  return `${percent(lowest.share)} at ${lowest.hour}:00 to ${percent(highest.share)} at ${highest.hour}:00`;
}
