import { dayAndTime, duration } from "../core/report/figures.ts";
import type { ReportView, WindowView } from "../core/report/report-view.ts";
import { html, type Markup } from "./markup.ts";

const width = 960;
const labelWidth = 190;
const rowHeight = 26;
const dayMs = 86_400_000;

/** Phases and windows over time, a bar per region; the table beside it says the same in words. */
export function timeline(view: ReportView): Markup {
  if (view.windows.length === 0) return html`<p class="none">No window was opened.</p>`;
  const endMs = Math.max(view.lastRecordMs, ...view.windows.map((each) => each.stretches.at(-1)?.endMs ?? each.startMs));
  const span = Math.max(1, endMs - view.startedAtMs);
  const x = (ms: number): number => round(labelWidth + ((ms - view.startedAtMs) / span) * (width - labelWidth - 10));
  const height = view.windows.length * rowHeight + 30;
  const rows = view.windows.map((window, index) => row(window, index, x));
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="timeline-title timeline-text" class="timeline">
      <title id="timeline-title">Timeline of windows</title>
      <desc id="timeline-text">${view.windows.length} windows over ${duration(endMs - view.startedAtMs)}; the table below lists them.</desc>
      ${dayTicks(view.startedAtMs, endMs, height, x)}${rows}
    </svg>
    ${legend}`;
}

const legend = html`<ul class="legend" aria-label="Colours of slots">
  ${[
    ["pass", "slot passed"],
    ["breach", "slot over a limit"],
    ["inconclusive", "slot without enough traffic or data"],
  ].map(
    ([verdict, words]) =>
      html`<li>
        <svg viewBox="0 0 10 10" aria-hidden="true"><rect class="slot-${verdict}" width="10" height="10" /></svg>${words}
      </li>`,
  )}
</ul>`;

function row(window: WindowView, index: number, x: (ms: number) => number): Markup {
  const y = index * rowHeight + 4;
  const bars = window.stretches.map(
    (stretch) =>
      html`<rect
        class="slot-${stretch.verdict}"
        x="${x(stretch.startMs)}"
        y="${y}"
        width="${Math.max(1, round(x(stretch.endMs) - x(stretch.startMs)))}"
        height="${rowHeight - 8}"
        ><title>${stretch.slots} slots ${stretch.verdict}</title></rect
      >`,
  );
  return html`<text x="0" y="${y + 13}">phase ${window.phase} ${window.region}</text>${bars}`;
}

function dayTicks(startMs: number, endMs: number, height: number, x: (ms: number) => number): readonly Markup[] {
  const days = Math.floor((endMs - startMs) / dayMs);
  const step = Math.max(1, Math.ceil(days / 12));
  return Array.from({ length: Math.floor(days / step) + 1 }, (_, index) => {
    const at = startMs + index * step * dayMs;
    return html`<line class="tick" x1="${x(at)}" x2="${x(at)}" y1="0" y2="${height - 18}" /><text class="tick-label" x="${x(at)}" y="${height - 4}"
        >${dayAndTime(at - startMs).replace(" 00:00", "")}</text
      >`;
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
