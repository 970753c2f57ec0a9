import { afterEach, expect, it } from "vitest";
import { layout } from "../../../optimizer/adapters/terminal/layout.ts";
import { utcDay, utcMinute, utcWeekday } from "../../../optimizer/core/model/utc.ts";
import { runSummaryBlocks } from "../../../optimizer/core/report/run-summary.ts";
import { drive, TestAccount } from "../../support/in-memory-ports.ts";
import { west } from "../../support/plan-builder.ts";
import { groupsOnly, slowWhenSmall } from "../../support/run-records.ts";
import { recordingPager } from "../../support/pagers.ts";

const zoneBefore = process.env["TZ"];

afterEach(() => {
  if (zoneBefore === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zoneBefore;
});

/** Zones ahead and behind, with half hours, with and without summer time. */
const zones = ["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati"];

/** A run with a breach, its pages and what is told of it, on a machine of this zone. */
async function toldIn(zone: string): Promise<unknown> {
  process.env["TZ"] = zone;
  const pager = recordingPager("sns");
  const account = new TestAccount(groupsOnly(), { pagers: [pager], traffic: slowWhenSmall(west) });
  await drive(account);
  const blocks = runSummaryBlocks(account.stored.plan, account.state(), (words) => words.join(" "));
  return { records: account.records, pages: pager.told, summary: layout(blocks, { width: 200, colour: false, unicode: true }) };
}

it.each(zones)("a run is recorded, paged and told in UTC on a machine in %s", async (zone) => {
  expect(await toldIn(zone)).toEqual(await toldIn("UTC"));
});

/** The hours of a spring and an autumn in which New York's clocks change. */
const changes = [Date.UTC(2026, 2, 8, 6, 59), Date.UTC(2026, 2, 8, 7, 1), Date.UTC(2026, 10, 1, 5, 59), Date.UTC(2026, 10, 1, 6, 1)];

it.each(zones)("moments at which clocks change are written in UTC in %s", (zone) => {
  process.env["TZ"] = zone;
  expect(new Date(0).getTimezoneOffset()).not.toBe(0);
  expect(changes.map((ms) => [utcMinute(ms), utcDay(ms), utcWeekday(ms)])).toEqual([
    ["2026-03-08 06:59", "2026-03-08", "Sunday 06:59"],
    ["2026-03-08 07:01", "2026-03-08", "Sunday 07:01"],
    ["2026-11-01 05:59", "2026-11-01", "Sunday 05:59"],
    ["2026-11-01 06:01", "2026-11-01", "Sunday 06:01"],
  ]);
});
