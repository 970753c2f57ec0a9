import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

/** A state folder as a release left it, kept to prove that later releases still understand it. */
const packedFrom = 1_000_000;

/** What a run has to come to, in few figures. */
export interface GoldenExpectation {
  readonly runId: string;
  readonly records: number;
  readonly exitCode: number;
  readonly report: GoldenReport;
}

export interface GoldenReport {
  readonly outcome: string;
  readonly savings: unknown;
  readonly monthlyCost: unknown;
  readonly resources: readonly string[];
}

interface ReportJson {
  readonly run: { readonly outcome: string };
  readonly savings: Readonly<Record<string, unknown>>;
  readonly monthlyCost: unknown;
  readonly resources: readonly { readonly rule: string; readonly region: string; readonly resource: string; readonly part?: string; readonly status: string }[];
}

/** The figures of a report that depend on plan and journal alone: what was realized is asked of the account. */
export function figuresOf(reportJson: string): GoldenReport {
  const { run, savings, monthlyCost, resources } = JSON.parse(reportJson) as ReportJson;
  const { realizedSoFarUsd: _asked, ...estimated } = savings;
  const words = resources.map(({ rule, region, resource, part, status }) => [rule, region, resource, part ?? "", status].join(" "));
  return { outcome: run.outcome, savings: estimated, monthlyCost, resources: words };
}

/** Copies the parts of a state folder that commands read later; files above a megabyte are compressed. */
export function packState(state: string, target: string): void {
  rmSync(target, { recursive: true, force: true });
  for (const path of ["version.json", "simulation/account.jsonl", ...filesIn(state, "plans"), ...filesIn(state, "runs")]) {
    const bytes = readFileSync(join(state, path));
    const packed = bytes.length < packedFrom ? join(target, path) : join(target, `${path}.gz`);
    mkdirSync(dirname(packed), { recursive: true });
    writeFileSync(packed, bytes.length < packedFrom ? bytes : gzipSync(bytes, { level: 9 }));
  }
}

/** The state folder again, in a place where commands may write. */
export function unpackState(packed: string, state: string): void {
  cpSync(packed, state, { recursive: true });
  for (const path of filesIn(state, ".").filter((name) => name.endsWith(".gz"))) {
    writeFileSync(join(state, path.slice(0, -".gz".length)), gunzipSync(readFileSync(join(state, path))));
    rmSync(join(state, path));
  }
}

/**
 * Cuts the folder back to what a crash would have left right after the first journal record that fits: the journal up to it, the account's log up to
 * its moment, and the regions still marked as open. Returns how many records are left.
 */
export function interruptAfter(state: string, runId: string, fits: (record: { readonly type: string; readonly phase: number | null }) => boolean): number {
  const journal = join(state, "runs", runId, "journal.jsonl");
  const records = readFileSync(journal, "utf8").trimEnd().split("\n");
  const kept = records.slice(0, records.findIndex((line) => fits(JSON.parse(line))) + 1);
  const { at } = JSON.parse(kept.at(-1) ?? "{}") as { readonly at: number };
  writeFileSync(journal, `${kept.join("\n")}\n`);
  const log = join(state, "simulation", "account.jsonl");
  const entries = readFileSync(log, "utf8").trimEnd().split("\n");
  const past = entries.filter((line) => ((JSON.parse(line) as { readonly atMs?: number }).atMs ?? 0) <= at);
  writeFileSync(log, `${past.join("\n")}\n`);
  const run = JSON.parse(readFileSync(join(state, "runs", runId, "run.json"), "utf8")) as { readonly accountId: string; readonly regions: readonly string[] };
  for (const region of run.regions) {
    mkdirSync(join(state, "open", run.accountId), { recursive: true });
    writeFileSync(join(state, "open", run.accountId, region), `${runId}\n`);
  }
  return kept.length;
}

function filesIn(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(root, path)).isFile())
    .toSorted();
}
