import { describe, expect, it } from "vitest";
import { parseRecurrence, recurrencesWithin } from "../../contract/recurrence.ts";

const hourMs = 3_600_000;
/** A Monday. */
const startMs = Date.UTC(2026, 5, 1);

function within(text: string, hours: number, timeZone?: string): readonly string[] {
  const parsed = parseRecurrence(text);
  if (parsed === undefined) throw new Error(`${text} is none`);
  return recurrencesWithin(parsed, startMs, startMs + hours * hourMs, timeZone).map((ms) => new Date(ms).toISOString().slice(5, 16));
}

describe("a recurrence", () => {
  it.each([
    ["0 6 * * *", 48, ["06-01T06:00", "06-02T06:00"]],
    ["30 6,18 * * *", 24, ["06-01T06:30", "06-01T18:30"]],
    ["*/20 0 * * *", 2, ["06-01T00:20", "06-01T00:40"]],
    ["5/25 1 * * *", 4, ["06-01T01:05", "06-01T01:30", "06-01T01:55"]],
    ["0 6 * * TUE-WED", 96, ["06-02T06:00", "06-03T06:00"]],
    ["0 6 * * 7", 24 * 7, ["06-07T06:00"]],
    ["0 6 2 * *", 96, ["06-02T06:00"]],
    ["0 6 3 * mon", 96, ["06-01T06:00", "06-03T06:00"]],
    ["0 6 1 JUL *", 24 * 31, ["07-01T06:00"]],
  ])("%s within %i hours", (text, hours, moments) => {
    expect(within(text, hours)).toEqual(moments);
  });

  it("keeps to the clock of its time zone, whole hours or not, and through the changes of the year", () => {
    expect(within("0 6 * * *", 24, "Europe/Berlin")).toEqual(["06-01T04:00"]);
    expect(within("0 6 * * *", 24, "Asia/Kolkata")).toEqual(["06-01T00:30"]);
    const parsed = parseRecurrence("0 6 * * *");
    if (parsed === undefined) throw new Error("none");
    const october = Date.UTC(2026, 9, 24);
    const moments = recurrencesWithin(parsed, october, october + 48 * hourMs, "Europe/Berlin");
    expect(moments.map((ms) => new Date(ms).getUTCHours())).toEqual([4, 5]);
  });

  it("begins after the start and ends with the end of a span", () => {
    const parsed = parseRecurrence("0 0 * * *");
    if (parsed === undefined) throw new Error("none");
    expect(recurrencesWithin(parsed, startMs, startMs + 24 * hourMs)).toEqual([startMs + 24 * hourMs]);
  });

  it.each([
    "",
    "0 6 * *",
    "0 6 * * * *",
    "60 6 * * *",
    "0 24 * * *",
    "0 6 0 * *",
    "0 6 * 13 *",
    "0 6 * * fry",
    "0 6-2 * * *",
    "*/0 * * * *",
    "a * * * *",
    "1-2-3 * * * *",
  ])("is none: %j", (text) => {
    expect(parseRecurrence(text)).toBeUndefined();
  });
});
