/**
 * `tsx bench/pages.ts [runs]`: how soon the pages of a thousand resources are read and drawn in Chromium, beside Plotly's own floor: a page with the
 * same source of it and one picture of a thousand points, nothing else.
 */
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { launch } from "../__tests__/browser/chromium.ts";
import { checkoutFiles } from "../__tests__/support/checkout-files.ts";
import { sampleState } from "../__tests__/support/sample-run.ts";
import { planOfManyResources } from "../__tests__/support/thousand-resources.ts";
import { planReport, report } from "../optimizer/app/report.ts";
import { plottingLibrary } from "../optimizer/composition/plotting-library.ts";
import { inScratch, median, runs, show } from "./measure.ts";

const goal = { seconds: 1, mib: 6 };

interface Opening {
  /** Until the first text is on the screen; tables come before the library. */
  readonly readMs: number;
  /** Until the last picture is drawn, too. */
  readonly drawnMs: number;
}

const marks = `new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve({
  readMs: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  drawnMs: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
}))))`;

async function openPage(browser: Browser, file: string): Promise<Opening> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    return await page.evaluate<Opening>(marks);
  } finally {
    await context.close();
  }
}

function floorPage(plotly: string): string {
  const points = Array.from({ length: 1000 }, (_, index) => index);
  const trace = JSON.stringify({ type: "scatter", mode: "markers", x: points, y: points.map((x) => (x * 37) % 101) });
  return `<!doctype html><meta charset="utf-8"><title>floor</title><p>One picture</p><div id="plot"></div><script>${plotly}</script><script>Plotly.newPlot("plot", [${trace}], {})</script>`;
}

await inScratch(async (scratch) => {
  const plotly = await plottingLibrary(checkoutFiles.plottingLibrary);
  const plan = planOfManyResources();
  const run = report({ plan, state: sampleState(), realized: { kind: "not-yet", reason: "nothing was changed" }, baseline: null, plotly });
  const pages = { floor: floorPage(plotly), run: run.html, plan: planReport(plan, "a".repeat(64), null, plotly) };
  const names = Object.keys(pages) as (keyof typeof pages)[];
  const fileOf = (name: string): string => join(scratch, `${name}.html`);
  for (const name of names) writeFileSync(fileOf(name), pages[name]);
  const browser = await launch();
  const openings = new Map<keyof typeof pages, Opening[]>(names.map((name) => [name, []]));
  try {
    // The first round only fills caches; then each in turn, so that a busy machine slows all alike.
    for (let round = 0; round <= runs; round++) {
      for (const name of names) {
        const opening = await openPage(browser, fileOf(name));
        if (round > 0) openings.get(name)?.push(opening);
      }
    }
  } finally {
    await browser.close();
  }
  const medianOf = (name: keyof typeof pages, of: (opening: Opening) => number): number => median((openings.get(name) ?? []).map(of));
  const floorMs = medianOf("floor", ({ readMs }) => readMs);
  const rows = names.map((name): [string, ...string[]] => {
    const [readMs, drawnMs] = [medianOf(name, (each) => each.readMs), medianOf(name, (each) => each.drawnMs)];
    const mib = statSync(fileOf(name)).size / 1024 ** 2;
    return [
      name === "floor" ? "Plotly and one picture" : `page of a ${name}`,
      `read ${readMs.toFixed(0)} ms`,
      `ratio ${(readMs / floorMs).toFixed(2)}`,
      `drawn ${drawnMs.toFixed(0)} ms`,
      `${mib.toFixed(1)} MiB`,
    ];
  });
  show(`Pages of 1,000 resources in Chromium; medians of ${runs}`, [
    ...rows,
    ["goal", `≤ ${(floorMs + goal.seconds * 1000).toFixed(0)} ms`, "", "", `≤ ${goal.mib} MiB`],
  ]);
});
