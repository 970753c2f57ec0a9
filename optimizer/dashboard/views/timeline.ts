import { dayAndTime, duration } from "../../core/report/figures.ts";
import { utcMinute } from "../../core/model/utc.ts";
import { percent } from "../../core/model/percent.ts";
import type { Pictures } from "../../core/report/page/pictures.ts";
import type { CurvePoint } from "../../core/report/page/load-curves.ts";
import type { RunMark } from "../../core/report/page/run-marks.ts";
import { verdictWords } from "../../core/report/record-lines.ts";
import { roundWords } from "../../core/report/words.ts";
import type { ReportView } from "../../core/report/report-view.ts";
import { chartFigure, type Chart, type ChartJson, plainText } from "../chart.ts";
import { html, type Markup } from "../markup.ts";
import { table } from "../table.ts";
import { type MarkLabel, markLabels } from "./mark-labels.ts";

const regionColours = ["@one", "@two", "@three", "@four", "@five"];
const markColours: Readonly<Record<RunMark["kind"], string>> = {
  change: "@ink",
  breach: "@bad",
  rollback: "@warn",
  "rolled-back": "@good",
  hold: "@warn",
};

/** Error rate above, p99 below, against their limits, over calendar time; changes, brownouts, windows, breach and rollback marked. */
export function timelineChart(pictures: Pictures): Chart | undefined {
  const { curves, maxErrorShare } = pictures;
  const times = curves.flatMap(({ points }) => points.map(({ startMs }) => startMs));
  if (times.length === 0) return undefined;
  const [firstMs, lastMs] = extremes(times);
  const ends = [firstMs, lastMs].map(iso);
  const labels = markLabels(pictures.marks, firstMs, lastMs);
  const levels = Math.max(0, ...labels.map(({ level }) => level + 1));
  const lines = curves.flatMap(({ region: name, loadBalancer, points }, index): readonly ChartJson[] => {
    const region = plainText(name);
    const colour = regionColours[index % regionColours.length];
    const drawn = withGaps(points);
    const common = {
      type: "scatter",
      mode: "lines",
      x: drawn.map(({ startMs }) => iso(startMs)),
      legendgroup: `${region} ${loadBalancer}`,
      connectgaps: false,
    };
    return [
      {
        ...common,
        name: `${region}, errors`,
        y: drawn.map(({ errorShare }) => scaled(errorShare, 100)),
        line: { color: colour, width: 1.5 },
        hovertemplate: `%{y:.3f} % of ${region}'s requests failed<extra>%{x}</extra>`,
      },
      {
        ...common,
        name: `${region}, p99`,
        y: drawn.map(({ p99Seconds }) => scaled(p99Seconds, 1000)),
        yaxis: "y2",
        line: { color: colour, width: 1.5 },
        hovertemplate: `p99 %{y:.0f} ms in ${region}<extra>%{x}</extra>`,
      },
      {
        ...common,
        name: `${region}, p99 limit`,
        y: drawn.map(({ p99LimitSeconds }) => scaled(p99LimitSeconds, 1000)),
        yaxis: "y2",
        line: { color: colour, width: 1, dash: "dot" },
        hoverinfo: "skip",
      },
    ];
  });
  const limit: ChartJson = {
    type: "scatter",
    mode: "lines",
    name: "error limit",
    x: ends,
    y: [maxErrorShare * 100, maxErrorShare * 100],
    line: { color: "@bad", width: 1, dash: "dash" },
    hoverinfo: "skip",
  };
  return {
    id: "timeline",
    description: `Error rate and p99 of ${curves.length} load balancers in every slot that was watched, with ${pictures.marks.length} marks; the tables below list windows and marks`,
    variants: [{ label: "all", traces: [...lines, limit] }],
    layout: {
      xaxis: { type: "date", anchor: "y2", title: { text: "UTC" } },
      yaxis: { domain: [0.56, 1], title: { text: "errors, %" }, rangemode: "tozero" },
      yaxis2: { domain: [0, 0.44], title: { text: "p99" }, type: "log", ...durationTicks(curves) },
      shapes: [...pictures.spans.map(spanShape), ...apart(pictures.marks, firstMs, lastMs).map(markShape)],
      annotations: labels.map(annotation),
      legend: { orientation: "h", y: -0.2, yanchor: "top" },
      hovermode: "closest",
      margin: { l: 56, r: 16, t: 12 + levels * labelPx, b: 40 },
    },
    heightPx: 560,
  };
}

/** A point without figures wherever slots are missing between two others, so that time that was not watched is drawn as a gap. */
function withGaps(points: readonly CurvePoint[]): readonly CurvePoint[] {
  const stepMs = Math.min(...points.slice(1).map(({ startMs }, index) => startMs - (points[index]?.startMs ?? startMs)));
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    if (before === undefined || point.startMs - before.startMs <= stepMs) return [point];
    return [{ ...before, startMs: before.startMs + stepMs, errorShare: null, p99Seconds: null, p99LimitSeconds: null }, point];
  });
}

function spanShape({ startMs, endMs, kind }: Pictures["spans"][number]): ChartJson {
  return {
    type: "rect",
    xref: "x",
    yref: "paper",
    x0: iso(startMs),
    x1: iso(endMs),
    y0: 0,
    y1: 1,
    fillcolor: kind === "window" ? "@one" : "@warn",
    opacity: 0.07,
    line: { width: 0 },
    layer: "below",
  };
}

/** Lines of one kind that would be drawn on the same pixel are one line: a page draws hundreds of shapes, not thousands. */
function apart(marks: readonly RunMark[], startMs: number, endMs: number): readonly RunMark[] {
  const pixelMs = Math.max(1, (endMs - startMs) / 1000);
  return [...new Map(marks.map((mark) => [`${mark.kind} ${Math.floor((mark.atMs - startMs) / pixelMs)}`, mark])).values()];
}

function markShape({ atMs, kind }: RunMark): ChartJson {
  return {
    type: "line",
    xref: "x",
    yref: "paper",
    x0: iso(atMs),
    x1: iso(atMs),
    y0: 0,
    y1: 1,
    line: { color: markColours[kind], width: kind === "breach" ? 2 : 1, dash: kind === "change" ? "dot" : "solid" },
  };
}

const markWords: Readonly<Record<RunMark["kind"], string>> = {
  change: "change",
  breach: "breach",
  rollback: "rollback step",
  "rolled-back": "rolled back",
  hold: "held",
};

const labelPx = 14;

function annotation({ atMs, kind, text, level, side }: MarkLabel): ChartJson {
  return {
    x: iso(atMs),
    xref: "x",
    y: 1,
    yref: "paper",
    yanchor: "bottom",
    yshift: level * labelPx,
    xanchor: side === "left" ? "right" : "left",
    showarrow: false,
    text,
    font: { size: 11, color: markColours[kind] },
  };
}

/** Ticks of a logarithmic axis as durations: Plotly's own would be bare leading digits. */
function durationTicks(curves: Pictures["curves"]): ChartJson {
  const values = curves.flatMap(({ points }) => points.flatMap(({ p99Seconds, p99LimitSeconds }) => [p99Seconds, p99LimitSeconds]));
  const [least, most] = extremes(values.flatMap((seconds) => (seconds === null || seconds <= 0 ? [] : [seconds * 1000])));
  if (!Number.isFinite(least)) return {};
  const ticks = ticksBetween(least, most);
  return { tickmode: "array", tickvals: ticks, ticktext: ticks.map((ms) => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`)) };
}

/** Some few round numbers from the largest below to the smallest above: evenly where little is spanned, else fewer a decade, the more is. */
export function ticksBetween(least: number, most: number): readonly number[] {
  const decades = Array.from({ length: 14 }, (_, power) => 10 ** (power - 6));
  const multiples = (steps: readonly number[]): readonly number[] => decades.flatMap((decade) => steps.map((step) => rounded(step * decade)));
  const step = multiples([1, 2, 5]).find((candidate) => candidate * 5 >= Math.max(most - least, least / 1000)) ?? 1;
  const even = Array.from({ length: 8 }, (_, index) => rounded((Math.floor(least / step) + index) * step));
  const ticks = most / least < 5 ? even.filter((tick) => tick > 0) : multiples(most / least < 500 ? [1, 2, 5] : [1]);
  const [first, last] = [ticks.findLastIndex((tick) => tick <= least), ticks.findIndex((tick) => tick >= most)];
  return ticks.slice(Math.max(0, first), last === -1 ? undefined : last + 1);
}

/** Without what binary fractions add. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** Made for many values: `Math.min(...)` would put each of them on the stack. */
function extremes(values: readonly number[]): readonly [least: number, most: number] {
  return values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
}

export function timelineView(view: ReportView, pictures: Pictures): Markup {
  const chart = timelineChart(pictures);
  const windows = view.windows.map((window) => [
    `phase ${window.phase}`,
    `${window.region}${roundWords(window.round)}`,
    dayAndTime(window.startMs - view.startedAtMs),
    duration((window.stretches.at(-1)?.endMs ?? window.startMs) - window.startMs),
    window.stretches.reduce((sum, stretch) => sum + stretch.slots, 0),
    window.status.replaceAll("-", " "),
    window.verdict === undefined ? "open" : `${window.verdict.kind}: ${verdictWords(window.verdict)}`,
  ]);
  const columns = [
    { title: "Phase" },
    { title: "Region" },
    { title: "Opened" },
    { title: "Watched" },
    { title: "Slots", figure: true as const },
    { title: "Region ended as" },
    { title: "Verdict" },
  ];
  const marks = pictures.marks.map(({ atMs, region, kind, text }) => [`${utcMinute(atMs)} UTC`, region ?? "", markWords[kind], text]);
  return html`${chart === undefined ? html`<p class="none">No slot was scored yet.</p>` : chartFigure(chart)}
    <p class="soft">
      <span class="of-chart">Shaded blue: windows; shaded yellow: brownouts.</span> The error limit is ${percent(pictures.maxErrorShare)}; the limit of p99
      follows the hour of the week.
    </p>
    ${table("Windows and their verdicts", columns, windows)}
    <details>
      <summary>Changes, breaches and rollbacks in order</summary>
      ${table("What happened when", [{ title: "Time" }, { title: "Region" }, { title: "Kind" }, { title: "What" }], marks)}
    </details>`;
}

function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : Math.round(value * factor * 1e4) / 1e4;
}

function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}
