import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { samplePlan, sampleProposal, sampleSkip, sampleState } from "../support/sample-run.ts";
import { launch, missingInWords } from "./chromium.ts";
import { drawnPictures, hostile, open, runPageHtml } from "./pages.ts";

describe.skipIf(missingInWords !== undefined)(`the pages in Chromium${missingInWords === undefined ? "" : ` (skipped: ${missingInWords})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

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

  it("keeps its policy in force: a script that gets into the page does not run", async () => {
    const { html } = await runPageHtml();
    const { page } = await open(browser, html.replace("</main>", "</main><script>document.title = 'taken over'</script>"));
    expect(await page.title()).not.toBe("taken over");
  });
});
