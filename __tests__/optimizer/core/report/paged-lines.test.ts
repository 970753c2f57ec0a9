import { describe, expect, it } from "vitest";
import type { RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import { maxPageAttempts } from "../../../../optimizer/core/paging/due-pages.ts";
import { pagedLines } from "../../../../optimizer/core/report/paged-lines.ts";
import { runSummaryJson } from "../../../../optimizer/core/report/run-summary.ts";
import { sampleRecord, sampleStartMs, sampleState } from "../../../support/sample-run.ts";

const atMs = sampleStartMs + 60_000;

function paged(channel: "sns" | "webhook", result: "sent" | "failed", event = "breach:41", detail?: string): RecordDraft {
  return { type: "PAGED", at: atMs, region: "us-west-2", phase: 2, op: null, body: { event, channel, result, ...(detail === undefined ? {} : { detail }) } };
}

function told(...drafts: readonly RecordDraft[]): readonly string[] {
  const state = { ...sampleState(), records: drafts.map((draft) => sampleRecord(draft)) };
  expect(runSummaryJson(state).paged.length).toBe(pagedLines(state).length);
  return pagedLines(state).map((line) => line.map(({ text }) => text).join(""));
}

describe("who was told", () => {
  it("is said by event and channel", () => {
    const [sns = "", webhook = ""] = told(paged("sns", "sent"), paged("webhook", "failed", "breach:41", "answers 500"));
    expect(sns).toMatch(/^paged: breach in us-west-2, by sns {2}\d{4}-/);
    expect(webhook).toMatch(/^not paged: breach in us-west-2, by webhook .*1 attempt, tried again at the next looks: answers 500$/);
  });

  it("is said as it came out in the end", () => {
    expect(told(paged("sns", "failed", "ended:9", "throttled"), paged("sns", "sent", "ended:9"))).toEqual([expect.stringMatching(/^paged: ended/)]);
    const failed = Array.from({ length: maxPageAttempts }, () => paged("webhook", "failed", "ended:9", "answers 500"));
    expect(told(...failed)).toEqual([expect.stringContaining(`${maxPageAttempts} attempts, given up: answers 500`)]);
  });

  it("names no region where the event is the whole run's", () => {
    expect(told({ ...paged("sns", "sent", "ended:9"), region: null })[0]).toMatch(/^paged: ended, by sns/);
  });

  it("is nothing where nobody was to be told", () => {
    expect(told()).toEqual([]);
  });
});
