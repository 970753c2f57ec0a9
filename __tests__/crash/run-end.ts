import { createBirthReader } from "../../optimizer/adapters/aws/birth-reader.ts";
import { createChangeReader } from "../../optimizer/adapters/aws/change-reader.ts";
import type { SizingStore } from "../../optimizer/ports/sizing-store.ts";
import { clientFactoryOf } from "../support/simulated-run.ts";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { emptySizing, type Sizing } from "../../contract/sizing.ts";
import { createPlanStore } from "../../optimizer/adapters/files/plan-store.ts";
import { createRunStore } from "../../optimizer/adapters/files/run-store.ts";
import { type Adoption, adopt } from "../../optimizer/app/adopt.ts";
import { openSimulation } from "../../optimizer/composition/simulation.ts";
import type { Drift } from "../../optimizer/composition/world.ts";
import { foldAll } from "../../optimizer/core/execution/fold.ts";
import type { RunState } from "../../optimizer/core/model/run-state.ts";
import type { RunSummaryJson } from "../../optimizer/core/report/run-summary.ts";

const minuteMs = 60_000;

/** One line of the account's log that changed the account. */
interface Call {
  readonly atMs: number;
  readonly region: string;
  readonly command: string;
  readonly input: unknown;
}

/** Everything a run leaves behind that somebody could rely on. */
export interface RunEnd {
  readonly summary: RunSummaryJson;
  readonly state: RunState;
  readonly calls: readonly Call[];
  /** What is live, as `terraform plan` sees it against the stacks as first deployed. */
  readonly live: Drift;
  readonly adopted: Pick<Adoption, "adopted" | "byHand"> & { readonly files: Readonly<Record<string, Sizing>> };
  /** Regions that still count as open. */
  readonly openMarks: readonly string[];
}

export function accountLog(state: string): string {
  return readFileSync(join(state, "simulation", "account.jsonl"), "utf8");
}

export function callsIn(state: string): readonly Call[] {
  const lines = accountLog(state).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Call & { readonly kind?: string }).filter(({ kind }) => kind === "call");
}

/** `printed` is what `run`, `rollback` or `resume` printed with `--json`. */
export async function runEnd(state: string, runId: string, printed: string, scenario = "story"): Promise<RunEnd> {
  const { run, journal } = await createRunStore(state).open(runId);
  const { plan } = await createPlanStore(state).load(run.planHash);
  const folded = foldAll(plan, runId, await journal.read());
  const files: Record<string, Sizing> = {};
  const { account, desk } = await openSimulation({ state, aws: "simulated", scenario, clock: "virtual" });
  const sizing: SizingStore = {
    read: async () => emptySizing,
    async write(suffix, stack, sizes) {
      files[`${suffix}/${stack}`] = sizes;
      return stack;
    },
  };
  const clients = clientFactoryOf(account);
  const { adopted, byHand } = await adopt(plan, folded, { sizing, changes: createChangeReader(clients), births: createBirthReader(clients) });
  return {
    summary: JSON.parse(printed) as RunSummaryJson,
    state: folded,
    calls: callsIn(state),
    live: await desk.driftAgainst(join(state, "simulation", "cdktf.out")),
    adopted: { adopted, byHand, files },
    openMarks: readdirSync(join(state, "open", run.accountId)),
  };
}

const slotMinutes = 15;

/**
 * A crash may change nothing but moments, and what is measured over windows that moved with them:
 * - Regions that are changed side by side, and actions that go back side by side, wait for none of each other: each resource gets the same calls in
 *   the same order, and those to others come between as they may.
 * - A change whose fate a crash left open is made again only after describes cannot be stale any more, two minutes later.
 * - Polls at a change that settles are not journaled. They begin anew, so that the next may come some minutes earlier or later than the
 *   undisturbed one's, and `verified` with it.
 * - Windows are whole slots around the last change, so that seconds may move one by a slot: its slots are others then, one more or less,
 *   and error rate and latency are measured over them. The next change follows when the window ends. A window that ends with a breach, whose
 *   moment the load decides, loses or gains the slots by which its change moved.
 * - Names that AWS gives (of instances, refreshes) are of no account.
 * Where no window moved, everything measured is the same to the last digit. Returns whether that was so.
 */
export function expectSameEnd(actual: RunEnd, undisturbed: RunEnd, where: string, longestShiftMinutes: number): boolean {
  const [calls, expected] = [callsByResource(actual), callsByResource(undisturbed)];
  expect(calls.map(withoutTime), `${where}: calls that changed the account`).toEqual(expected.map(withoutTime));
  expect(actual.live, `${where}: live resources`).toEqual(undisturbed.live);
  expect(actual.adopted, `${where}: adoption`).toEqual(undisturbed.adopted);
  expect(actual.openMarks, `${where}: open regions`).toEqual([]);
  expect(unmeasured(actual.summary), `${where}: summary`).toEqual(unmeasured(undisturbed.summary));
  const shifts = calls.map(({ atMs }, index) => (atMs - (expected[index]?.atMs ?? 0)) / minuteMs);
  const shiftMinutes = Math.max(...shifts.map(Math.abs));
  expect(shiftMinutes, `${where}: minutes that changes were made earlier or later`).toBeLessThanOrEqual(longestShiftMinutes);
  expect(slotDifferences(actual, undisturbed), `${where}: slots more or less`).toBeLessThanOrEqual(Math.max(1, Math.ceil(shiftMinutes / slotMinutes)));
  const unmoved = JSON.stringify(windows(actual)) === JSON.stringify(windows(undisturbed));
  if (unmoved) expect(actual.summary, `${where}: summary with measurements, no window moved`).toEqual(undisturbed.summary);
  return unmoved;
}

/** What calls are made to, by whichever of these names its input has. */
const namesOfResources = [
  "FunctionName",
  "ReplicationGroupId",
  "AutoScalingGroupName",
  "TableName",
  "DBInstanceIdentifier",
  "DBClusterIdentifier",
  "Bucket",
  "LaunchTemplateId",
  "ResourceId",
  "service",
  "family",
] as const;

/** One resource's after another's, each in the order in which they were made. */
function callsByResource({ calls }: RunEnd): readonly Call[] {
  const keyed = calls.map((call) => ({ call, key: `${call.region} ${resourceOf(call)}` }));
  return keyed.toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0)).map(({ call }) => call);
}

/** Members are named after their cluster, to which their order belongs. */
function resourceOf({ command, input }: Call): string {
  const given = input as Readonly<Record<string, unknown>>;
  const name = namesOfResources.map((each) => given[each]).find((each) => typeof each === "string");
  if (name === undefined) throw new Error(`${command} names no resource that is known: ${Object.keys(given).join(", ")}`);
  return name.replace(/-\d+$/, "");
}

function withoutTime({ region, command, input }: Call): Omit<Call, "atMs"> {
  return { region, command, input };
}

function unmeasured({ phases, ...summary }: RunSummaryJson): unknown {
  const regionsOf = ({ regions }: RunSummaryJson["phases"][number]) => regions.map(({ region, status, actions }) => ({ region, status, actions }));
  return { ...summary, phases: phases.map((phase) => ({ ...phase, regions: regionsOf(phase) })) };
}

function windows({ state }: RunEnd): unknown {
  return state.phases.flatMap(({ stages }) => stages.map(({ region, window }) => ({ region, startMs: window?.startMs, deadlineMs: window?.deadlineMs })));
}

function slotDifferences(actual: RunEnd, undisturbed: RunEnd): number {
  const slots = ({ summary }: RunEnd): readonly number[] => summary.phases.flatMap(({ regions }) => regions.map((region) => region.slots));
  const before = slots(undisturbed);
  return Math.max(...slots(actual).map((count, index) => Math.abs(count - (before[index] ?? Number.NaN))));
}
