import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usd } from "../../optimizer/core/report/figures.ts";
import { launch, missingInWords } from "./chromium.ts";
import { unreadable } from "./layout.ts";
import { drawnPictures, open, type Opened, violations } from "./pages.ts";
import { recordedPages, type ReportFigures } from "./recorded-pages.ts";

const widths = [320, 390, 768, 1280, 1920, 2560];
const themes = ["light", "dark"] as const;
const kinds = ["run", "plan"] as const;

const isDrawnToSize =
  "[...document.querySelectorAll('[data-chart]')].every((place) => Math.abs(place.clientWidth - place.querySelector('.main-svg').clientWidth) < 2)";

const inkOfPictures = "getComputedStyle(document.querySelector('[data-chart=\"risk\"] .xtitle')).fill";

/** Every view of the pages of a recorded run, opened once: what a person sees of each, whatever the screen and the theme. */
describe.skipIf(missingInWords !== undefined)(`the views of a recorded run${missingInWords === undefined ? "" : ` (skipped: ${missingInWords})`}`, () => {
  let browser: Browser;
  let opened: Record<(typeof kinds)[number], Opened>;
  let figures: ReportFigures;
  beforeAll(async () => {
    browser = await launch();
    const pages = await recordedPages();
    ({ figures } = pages);
    opened = { run: await open(browser, pages.run, { width: 1280 }), plan: await open(browser, pages.plan, { width: 1280 }) };
  });
  afterAll(() => browser.close());

  const rows = (page: Page, caption: string | RegExp): Promise<string[][]> =>
    page
      .getByRole("table", { name: caption })
      .first()
      .locator("tbody tr")
      .evaluateAll((all) =>
        all.map((row) => [...row.children].map((cell) => (cell as unknown as { innerText: string }).innerText.replaceAll(/\s+/g, " ").trim())),
      );

  it("are drawn, each picture with its table, and nothing complains or is asked for", async () => {
    expect(await drawnPictures(opened.run.page)).toEqual(["costs", "months", "timeline", "savings", "risk", "utilization"]);
    expect(await drawnPictures(opened.plan.page)).toEqual(["costs", "months", "savings", "risk", "utilization"]);
    for (const kind of kinds) {
      const { page, complaints, requests } = opened[kind];
      expect(complaints).toEqual([]);
      expect(requests).toHaveLength(1);
      expect(await page.locator("section:has([data-chart])").count()).toBe(await page.locator("section:has([data-chart]):has(table)").count());
    }
  });

  it("bill by month: complete months beside the running one, by service and region, then what is committed to", async () => {
    for (const kind of kinds) {
      const months = await rows(opened[kind].page, "Cost by month, service and region");
      expect(months[0]?.slice(1)).toEqual(["us-west-2", "$24,000", "$25,000", "$26,000", "$26,500", "rising by $1,000 a month"]);
      expect(months[1]?.at(-1)).toBe("steady");
      expect(await rows(opened[kind].page, "Coverage and utilization, the last 30 days")).toEqual([
        ["reservations of Amazon ElastiCache", "every region", "0 %", "running hours covered"],
        ["Savings Plans for Amazon Elastic Compute Cloud - Compute", "every region", "29 %", "spend covered, at on-demand rates"],
        ["Savings Plans", "every region", "94 %", "of what is paid for is used; $310.50 for nothing"],
      ]);
    }
  });

  it("cost by service: what is untouched too, and the differences add up to what was kept, or is proposed", async () => {
    for (const [kind, saved] of [
      ["run", figures.savings.estimatedOfKeptChanges.usd],
      ["plan", figures.savings.estimated.usd],
    ] as const) {
      const shown = await rows(opened[kind].page, "Cost by service, before and after");
      expect(shown.length).toBeGreaterThan(3);
      expect(shown.at(-1)?.slice(0, 1)).toEqual(["all services"]);
      expect(shown.at(-1)?.slice(3)).toEqual([`−${usd(saved)}`, "100 %"]);
    }
    expect((await rows(opened.run.page, "Cost by service, before and after")).some((row) => row[3] === "untouched")).toBe(true);
  });

  it("timeline: limits, curves, windows with verdicts, and the breach and rollback in words", async () => {
    const { page } = opened.run;
    const chart = page.locator('[data-chart="timeline"]');
    const words = await chart.locator("text").allTextContents();
    expect(words).toEqual(expect.arrayContaining(["errors, %", "p99", "breach", "rolled back", "error limit"]));
    const windows = await rows(page, "Windows and their verdicts");
    for (const { phase, region, reason } of figures.rollbacks) {
      const own = windows.find((row) => row[0] === `phase ${phase}` && row[1]?.startsWith(region) === true);
      expect(own?.[5]).toBe("rolled back");
      expect(own?.[6]).toContain(reason);
    }
    expect(windows.some((row) => row[5] === "passed" && row[6]?.startsWith("pass: ") === true)).toBe(true);
  });

  it("progress: a row for each action with its state in report.json", async () => {
    const shown = await rows(opened.run.page, "Every action of the plan, in the order they act");
    for (const { region, resource, before, after, status } of figures.resources) {
      const own = shown.find((row) => row[0]?.includes(resource) === true && row[2]?.startsWith(region) === true && row[3] === `${before} → ${after}`);
      expect(own?.[4], `${resource} in ${region}`).toBe(status.replaceAll("-", " "));
    }
    expect(shown.length).toBeGreaterThanOrEqual(figures.resources.length);
    // The run is over: no window is open, nor will one be.
    expect(shown.map((row) => row[5]).filter((window) => /earliest|not yet/.test(window ?? ""))).toEqual([]);
  });

  it("savings: the three kinds and the tool's own bill, as in report.json, by month, quarter and year", async () => {
    const { savings, ownBillUsd } = figures;
    const cards = await opened.run.page.locator(".cards div").allInnerTexts();
    const shown = Object.fromEntries(cards.map((card) => card.split("\n").slice(0, 2)));
    expect(shown).toEqual({
      Estimated: `${usd(savings.estimated.usd)}/month`,
      "Commitment-capped": `${usd(savings.commitmentCapped.usd)}/month`,
      "Applied and kept": `${usd(savings.estimatedOfKeptChanges.usd)}/month`,
      "Realized so far": usd(savings.realizedSoFarUsd),
      "This tool's bill": usd(ownBillUsd.collected + ownBillUsd.runEstimate),
    });
    const kept = savings.estimatedOfKeptChanges.usd;
    expect((await rows(opened.run.page, "Savings as they would go on")).map((row) => row.slice(0, 4))).toContainEqual([
      "Kept by this run",
      ...[1, 3, 12].map((months) => usd(kept * months)),
    ]);
    const estimated = savings.estimated.usd;
    expect((await rows(opened.plan.page, "Savings as they would go on"))[0]?.slice(1, 4)).toEqual([1, 3, 12].map((months) => usd(estimated * months)));
  });

  it("risk: every change by its headroom, with its dollars, and a dot of its number for each that needs capacity", async () => {
    for (const kind of kinds) {
      const { page } = opened[kind];
      const shown = await rows(page, /^Changes by how near they come/);
      expect(shown).toHaveLength(figures.resources.length);
      for (const { resource, region, monthlySavings } of figures.resources) {
        const own = shown.find((row) => row[0]?.includes(resource) === true && row[1] === region);
        expect(own?.[6], resource).toBe(usd(monthlySavings.usd));
      }
      const placed = shown.filter((row) => row[4]?.endsWith("%") === true).map((row) => row[0]?.split(" ")[0]);
      const dots = await page.locator('[data-chart="risk"] .textpoint text').allTextContents();
      expect(dots).toHaveLength(placed.length);
      expect(new Set(dots)).toEqual(new Set(placed));
    }
  });

  it("utilization: another dimension is chosen with the keyboard, and drawn", async () => {
    for (const kind of kinds) {
      const { page } = opened[kind];
      const choice = page.getByLabel("Show");
      const labels = await choice.locator("option").allInnerTexts();
      expect(labels).toEqual(expect.arrayContaining(["CPU, now", "CPU, projected", "memory, now", "memory, projected"]));
      const plot = page.locator('[data-chart="utilization"] .heatmaplayer image');
      const before = await plot.getAttribute("href");
      await choice.focus();
      await page.keyboard.press("ArrowDown");
      expect(await choice.locator("option:checked").innerText()).toBe("CPU, projected");
      expect(await plot.getAttribute("href")).not.toBe(before);
      const shown = await rows(page, /^Utilization by hour of the day/);
      expect(new Set(shown.map((row) => row[2]))).toEqual(new Set(["CPU", "memory"]));
      expect(shown.every((row) => / %/.test(row[3] ?? ""))).toBe(true);
    }
  });

  it("tenants: what was excluded, and whose requests the breach met", async () => {
    for (const kind of kinds) {
      const excluded = figures.skipped.filter(({ code }) => code === "tenant-resource");
      const shown = await rows(opened[kind].page, "Excluded because of a tenant");
      expect(excluded.length).toBeGreaterThan(0);
      expect(shown).toHaveLength(excluded.length);
      for (const { resource, detail } of excluded) expect(shown.some((row) => row[0]?.includes(resource) === true && row[3] === detail)).toBe(true);
    }
    const [met] = await rows(opened.run.page, "Whose requests a breach met");
    expect(met?.slice(0, 2)).toEqual([`phase ${figures.rollbacks[0]?.phase}`, figures.rollbacks[0]?.region]);
    expect(Number(met?.[4]?.replaceAll(",", ""))).toBeGreaterThan(0);
  });

  it("proposals: evidence and the way back of each, whatever became of it, and what was rolled back", async () => {
    const what = { run: "What was proposed, why, and what became of it", plan: "What is proposed and why" } as const;
    for (const kind of kinds) {
      const shown = (await rows(opened[kind].page, what[kind])).map((row) => row.join(" | "));
      expect(shown).toHaveLength(figures.resources.length);
      for (const { resource, region, before, after, rollbackPlan } of figures.resources) {
        const own = shown.find((row) => row.includes(resource) && row.includes(region));
        for (const words of [`${before} → ${after}`, ...rollbackPlan]) expect(own).toContain(words);
      }
    }
    const undone = await rows(opened.run.page, "What was undone, and whether that was verified");
    expect(undone.map((row) => [row[0], row[1], row[2]])).toEqual(
      figures.rollbacks.map(({ phase, region, verified }) => [`phase ${phase}`, region, verified ? "verified by read-back" : "not finished"]),
    );
  });

  it.each(widths)("are readable at %i px: nothing stands on something else, outside the screen or cut off", async (width) => {
    for (const kind of kinds) {
      const { page } = opened[kind];
      await page.setViewportSize({ width, height: 900 });
      // The pictures are drawn again a moment after the screen has changed.
      await expect.poll(() => page.evaluate(isDrawnToSize), { timeout: 30_000 }).toBe(true);
      await expect.poll(() => unreadable(page), { timeout: 15_000, interval: 200, message: kind }).toEqual([]);
    }
  });

  it.each(themes.flatMap((theme) => [390, 1280].map((width) => [theme, width] as const)))(
    "have no accessibility violation in the %s theme at %i px, unfolded, and pictures in its colours",
    async (theme, width) => {
      for (const kind of kinds) {
        const { page } = opened[kind];
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize({ width, height: 900 });
        await expect.poll(() => page.evaluate(inkOfPictures)).toBe(await page.evaluate("getComputedStyle(document.body).color"));
        await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
        expect(await violations(page), kind).toEqual([]);
      }
    },
  );

  it("fit four printed pages, with what is proposed on them", async () => {
    for (const kind of kinds) {
      const { page } = opened[kind];
      await page.emulateMedia({ media: "print" });
      const titles = await page
        .locator("section:visible")
        .evaluateAll((all) => all.map((each) => (each as unknown as { innerText: string }).innerText.split("\n").length));
      expect(Math.min(...titles)).toBeGreaterThan(1);
      expect(await page.getByRole("table", { name: /propose/ }).isVisible()).toBe(true);
      expect(await page.locator(".chart:visible").count()).toBe(0);
      await page.emulateMedia({ media: null });
      const pdf = (await page.pdf({ format: "A4", preferCSSPageSize: false })).toString("latin1");
      const sheets = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      expect(sheets).toBeGreaterThan(0);
      expect(sheets).toBeLessThanOrEqual(4);
    }
  });

  it("never complained meanwhile", () => {
    for (const kind of kinds) expect(opened[kind].complaints).toEqual([]);
  });
});
