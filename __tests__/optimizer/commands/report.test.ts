import { describe, expect, it } from "vitest";
import { UserError } from "../../../contract/user-error.ts";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import type { World } from "../../../optimizer/composition/world.ts";
import type { JournalRecord } from "../../../optimizer/core/model/journal-record.ts";
import { memoryShell, type MemoryShell } from "../../support/memory-shell.ts";
import { samplePlan, sampleRecord, sampleStartMs } from "../../support/sample-run.ts";

const hash = "a".repeat(64);
const page = "reports/run-1/dashboard.html";
const begun = sampleRecord(
  {
    type: "PLAN",
    at: sampleStartMs,
    region: null,
    phase: null,
    op: null,
    body: { planHash: hash, regions: ["us-east-1"], toolVersion: "0", principalArn: "arn:aws:iam::123456789012:user/x" },
  },
  1,
);
const heard = sampleRecord({ type: "LEASE", at: sampleStartMs + 60_000, region: null, phase: null, op: null, body: { event: "acquired", holder: "x" } }, 2);
const closed = sampleRecord({ type: "CLOSED", at: sampleStartMs + 120_000, region: null, phase: null, op: null, body: { outcome: "aborted" } }, 3);

/** A run that goes on while somebody watches: each pause of the watching takes the next of `pauses`. */
function watched(pauses: readonly ((records: JournalRecord[], stop: AbortController) => void)[]): {
  readonly shell: MemoryShell;
  readonly pages: () => readonly string[];
  readonly warnings: readonly string[];
} {
  const records: JournalRecord[] = [begun];
  const stop = new AbortController();
  const warnings: string[] = [];
  let nowMs = sampleStartMs;
  let paused = 0;
  const run = { runId: "run-1", planHash: hash, accountId: "123456789012", regions: ["us-east-1"], open: true };
  // Of a world, what watching looks at. Readers and writers are missing: whoever only looks must not ask for them.
  const world = {
    stateFolder: ".",
    runs: { list: async () => [run], open: async () => ({ run, journal: { read: async () => [...records], close: async () => undefined } }) },
    plans: {
      load: async () => ({ hash, plan: samplePlan() }),
      baseline: async () => {
        throw new UserError({ code: "baseline-unknown", message: "gone", hint: "none" });
      },
    },
    clock: {
      jumps: true,
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      sleepUntil: async (ms: number, signal?: AbortSignal) => {
        nowMs = ms;
        pauses[paused++]?.(records, stop);
        signal?.throwIfAborted();
      },
    },
    reporter: { tell: (event: { message?: string }) => void warnings.push(event.message ?? "") },
    readers: async () => {
      throw new Error("watching asked AWS");
    },
  } as unknown as World;
  const pages: string[] = [];
  const memory = memoryShell({ world });
  const shell = {
    ...memory,
    signal: stop.signal,
    files: {
      ...memory.files,
      write: async (path: string, text: string) => {
        if (path === page) pages.push(text);
        await memory.files.write(path, text);
      },
    },
  };
  return { shell, pages: () => pages, warnings };
}

describe("report --watch", () => {
  it("writes the page again whenever the run has gone on, asks AWS for nothing, and ends with the run", async () => {
    const { shell, pages } = watched([() => undefined, (records) => void records.push(heard), (records) => void records.push(closed)]);
    expect(await runCommandLine(["report", "--watch"], shell)).toBe(0);
    expect(pages()).toHaveLength(3);
    expect(pages()[0]).toContain("This run is still going: the figures are as of 2026-06-01 00:00 UTC.");
    expect(pages()[1]).toContain("This run is still going: the figures are as of 2026-06-01 00:01 UTC.");
    expect(pages()[2]).not.toContain("This run is still going");
    expect(shell.settings.map(({ account }) => account)).toEqual(["none", undefined]);
  });

  it("ends with 0 at Ctrl-C, and leaves a page that says that the run is still going", async () => {
    const { shell, pages } = watched([(_, stop) => stop.abort(new Error("interrupted"))]);
    expect(await runCommandLine(["report", "run-1", "--watch"], shell)).toBe(0);
    expect(pages()).toHaveLength(1);
    expect(pages()[0]).toContain("npx optimizer report run-1 --watch");
    expect(shell.shown.join("\n")).toContain("watching ended; the run goes on");
  });

  it("goes on where a page cannot be written, and says so", async () => {
    const { shell, pages, warnings } = watched([(_, stop) => stop.abort(new Error("interrupted"))]);
    const full = {
      ...shell,
      files: {
        ...shell.files,
        write: async () => {
          throw new UserError({ code: "state-unwritable", message: "the disk is full", hint: "make room" });
        },
      },
    };
    expect(await runCommandLine(["report", "--watch"], full)).toBe(0);
    expect(pages()).toEqual([]);
    expect(warnings).toEqual(["the report was not written: the disk is full"]);
  });
});
