import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { report } from "../../optimizer/app/report.ts";
import { plottingLibrary } from "../../optimizer/composition/plotting-library.ts";
import { checkoutFiles } from "../support/checkout-files.ts";
import { samplePlan, sampleRecord, sampleSlot, sampleStartMs, sampleState } from "../support/sample-run.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

export const hostile = `</script><img src=x onerror=alert(1)>"'\`<b>=1+1‮`;

/** A page, opened from a file as a reviewer does, and everything that it said or asked for meanwhile. */
export interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

export async function open(browser: Browser, html: string, options: { width?: number; scheme?: "light" | "dark"; script?: boolean } = {}): Promise<Opened> {
  const file = join(mkdtempSync(join(tmpdir(), "tap-page-")), "page.html");
  writeFileSync(file, html);
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1200, height: 900 },
    colorScheme: options.scheme ?? "light",
    javaScriptEnabled: options.script ?? true,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  await page.goto(pathToFileURL(file).href);
  return { page, complaints, requests };
}

const notYet = { kind: "not-yet", reason: "nothing was changed" } as const;
const services = [
  { region: "us-east-1", service: "Amazon ElastiCache", monthlyUsd: 15_795.2 },
  { region: "us-west-2", service: "Amazon Elastic Compute Cloud - Compute", monthlyUsd: 26_252.8 },
];

export function sampleSlots(count: number) {
  return Array.from({ length: count }, (_, index) =>
    sampleRecord(
      { type: "SLOT", at: sampleStartMs + (index + 1) * 900_000, region: "us-west-2", phase: 2, op: null, body: { watch: "window", score: sampleSlot(index) } },
      index,
    ),
  );
}

export async function runPageHtml(plan = samplePlan({ costs: { days: 14, services } }), state = sampleState({ records: sampleSlots(40) })) {
  return report({ plan, state, realized: notYet, baseline: null, plotly: await plottingLibrary(checkoutFiles.plottingLibrary) });
}

export async function drawnPictures(page: Page): Promise<readonly (string | null)[]> {
  return page.locator("[data-chart]:has(.main-svg)").evaluateAll((places) => places.map((place) => place.getAttribute("data-chart")));
}

/** What axe-core finds, with the first element of each kind. */
export async function violations(page: Page): Promise<readonly string[]> {
  // By the debugger's protocol, which the page's policy does not concern.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  return page.evaluate(async () => {
    const found = await (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
  });
}
