import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { samplePlan, sampleProposal, sampleSkip, sampleState } from "../support/sample-run.ts";
import { launch, missingInWords } from "./chromium.ts";
import { hostile, open, planPageHtml, runPageHtml } from "./pages.ts";

const axe = createRequire(import.meta.url).resolve("axe-core");
const widths = [320, 768, 1200, 2560];

describe.skipIf(missingInWords !== undefined)(`the pages in Chromium${missingInWords === undefined ? "" : ` (skipped: ${missingInWords})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it("draws every picture of a run, without a complaint and without asking for anything", async () => {
    const { page, complaints, requests } = await open(browser, (await runPageHtml()).html);
    expect(await drawnPictures(page)).toEqual(["costs", "timeline", "savings", "risk"]);
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  it("draws a plan's pictures before anything runs", async () => {
    const { page, complaints } = await open(browser, await planPageHtml());
    expect(await drawnPictures(page)).toEqual(["costs", "savings", "risk"]);
    expect(complaints).toEqual([]);
  });

  it("shows a person the figures of report.json", async () => {
    const { html, json } = await runPageHtml();
    const { page } = await open(browser, html);
    const figures = JSON.parse(json) as { savings: { estimatedOfKeptChanges: { usd: number } } };
    const verdict = (await page.locator(".verdict").innerText()).replaceAll(",", "");
    expect(verdict).toContain(`$${Math.round(figures.savings.estimatedOfKeptChanges.usd)}`);
    const cards = await page.locator(".cards").innerText();
    expect(cards.replaceAll(",", "")).toContain(`$${Math.round(figures.savings.estimatedOfKeptChanges.usd)}/month`);
  });

  it.each(["light", "dark"] as const)("has no accessibility violation in the %s theme", async (scheme) => {
    for (const html of [(await runPageHtml()).html, await planPageHtml()]) {
      const { page } = await open(browser, html, { scheme });
      expect(await violations(page)).toEqual([]);
    }
  });

  it.each(widths)("fits a screen of %i px without scrolling sideways", async (width) => {
    const { page } = await open(browser, (await runPageHtml()).html, { width });
    expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBeLessThanOrEqual(0);
  });

  it("makes no element of a hostile name, and runs none of it", async () => {
    const proposal = sampleProposal(undefined, {
      part: hostile,
      from: hostile,
      to: hostile,
      reason: hostile,
      resource: { kind: "auto-scaling-group", region: "us-east-1", id: hostile },
    });
    const plan = samplePlan({
      decisions: [proposal, sampleSkip({ detail: hostile })],
      costs: { days: 14, services: [{ region: "us-east-1", service: hostile, monthlyUsd: 10 }] },
    });
    const { page, complaints } = await open(browser, (await runPageHtml(plan, sampleState({ runId: hostile }))).html);
    expect(await page.locator("img, b, iframe").count()).toBe(0);
    expect(complaints).toEqual([]);
    expect(await drawnPictures(page)).toContain("costs");
  });

  it("reads without script: every figure of a picture stands in the table beside it", async () => {
    const { page } = await open(browser, (await runPageHtml()).html, { script: false });
    expect(await page.locator("table").count()).toBeGreaterThanOrEqual(8);
    expect(await page.getByText("Amazon ElastiCache").first().isVisible()).toBe(true);
  });

  it("is used with the keyboard alone: skip link, navigation, folded parts", async () => {
    const { page } = await open(browser, (await runPageHtml()).html);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("To the content");
    await page.keyboard.press("Tab");
    expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe("#costs");
    const journal = page.locator("details:has(#journal) > summary");
    await journal.focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("details:has(#journal)").getAttribute("open")).not.toBeNull();
  });

  it("prints a run on four pages at most", async () => {
    const { page } = await open(browser, (await runPageHtml()).html);
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(0);
    expect(pages).toBeLessThanOrEqual(4);
  });

  it("keeps its policy in force: a script that gets into the page does not run", async () => {
    const { html } = await runPageHtml();
    const { page } = await open(browser, html.replace("</main>", "</main><script>document.title = 'taken over'</script>"));
    expect(await page.title()).not.toBe("taken over");
  });
});

async function drawnPictures(page: Page): Promise<readonly (string | null)[]> {
  return page.locator("[data-chart]:has(.main-svg)").evaluateAll((places) => places.map((place) => place.getAttribute("data-chart")));
}

async function violations(page: Page): Promise<readonly string[]> {
  // By the debugger's protocol, which the page's policy does not concern.
  const session = await page.context().newCDPSession(page);
  const { readFile } = await import("node:fs/promises");
  await session.send("Runtime.evaluate", { expression: await readFile(axe, "utf8") });
  return page.evaluate(async () => {
    const found = await (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
  });
}
