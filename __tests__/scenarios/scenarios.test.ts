import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules as registered } from "../../optimizer/core/levers/rules.ts";
import { actionsOf, type Decision } from "../../optimizer/core/model/rule.ts";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import type { ReportJson } from "../../optimizer/core/report/report-json.ts";
import { inProcess, realShell, writeSynthesis } from "../support/deployed-state.ts";

/**
 * One folder a rule in simulation/scenarios, one file a case; what each has to come to stands in `<rule>.json` beside this file. A new rule
 * brings both, and nothing here changes.
 */
interface Expected {
  /** The phase the rule acts in: the others are left out. */
  readonly phase: number;
  /** What its cases' stacks have besides those of one-region.json, and their sizes before anything was adopted. */
  readonly stacks?: { readonly configuration: object; readonly sizing?: object };
  readonly cases: Readonly<Record<string, Case>>;
}

interface Case {
  /** Its own, where it needs others than its rule's. */
  readonly stacks?: Expected["stacks"];
  /** What the policy says besides, e.g. who approved. */
  readonly policy?: object;
  /** By resource and, where it has several, part: `proposed`, `advice`, or the code of the skip. */
  readonly decisions: Readonly<Record<string, string>>;
  /** How the run ends; absent where nothing is proposed. */
  readonly end?: string;
  /** What is left of the saving after the account's commitments, a month, and what Cost Explorer shows of it at the end of the run. */
  readonly usd?: { readonly commitmentCapped: number; readonly realized: number };
  /** What somebody had set beside the stacks, and what went back to that: Terraform would change it, as it would have before. */
  readonly besideStacks?: readonly string[];
}

const scenarios = join(import.meta.dirname, "../../simulation/scenarios");
const rules = foldersIn(scenarios);
let scratch = "";

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "scenarios-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const oneRegion = { regions: ["us-east-1"], certificateArn: ["arn:aws:acm:us-east-1:123456789012:certificate/one"] };

/** Two weeks of baseline and windows of two hours: what is tried is the decision and its undoing, not patience. */
const shortPolicy = {
  baselineDays: 14,
  rules: { dynamodbUnusedGsi: { brownOutMinutes: 60 } },
  window: { minutes: 120, soakMinutes: 60, maxExtensionMinutes: 60 },
};

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
}

function expectedOf(rule: string): Expected {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${rule}.json`), "utf8")) as Expected;
}

function decisionsOf(rule: string, plan: Plan): Readonly<Record<string, string>> {
  const own = plan.decisions.filter((decision) => decision.rule === rule);
  return Object.fromEntries(own.map((decision) => [[decision.resource.id, decision.part ?? ""].join(" ").trim(), saidOf(decision)]));
}

function saidOf(decision: Decision): string {
  if (decision.kind === "skip") return decision.code;
  return decision.kind === "advice" ? "advice" : "proposed";
}

/** Ids of the actions that the plan holds for the rule. */
function actionsIn(rule: string, plan: Plan): readonly string[] {
  return plan.decisions.flatMap((decision) => (decision.rule === rule && decision.kind === "proposal" ? actionsOf(decision).map(({ id }) => id) : []));
}

const synthesized = new Map<string, Promise<string>>();

/** The stacks with what was adopted, as text: many cases adopt the same, or nothing, and most rules have the stacks of one-region.json. */
function synthesisWith(adopted: string, { configuration, sizing = {} }: NonNullable<Expected["stacks"]> = { configuration: {} }): Promise<string> {
  const sizes = { ...sizing, ...(adopted === "" ? {} : (JSON.parse(adopted) as object)) };
  const key = JSON.stringify([configuration, sizes]);
  const known = synthesized.get(key);
  if (known !== undefined) return known;
  const folder = join(scratch, `cdktf.out.${synthesized.size}`);
  const made = writeSynthesis(
    folder,
    { ...oneRegion, ...configuration },
    Object.keys(sizes).length === 0 ? {} : { "prod/primary.json": { version: 1, ...sizes } },
  );
  synthesized.set(key, made);
  return made;
}

/** What `adopt --check` tells. */
interface Checked {
  readonly proven: boolean;
  readonly drift: { readonly add: readonly string[]; readonly destroy: readonly string[]; readonly change: readonly { readonly address: string }[] };
}

interface Adopted {
  readonly adopted: readonly { readonly actionId: string }[];
}

/** Adopts a run; the rule's actions that were kept, and what `adopt --check` says is left for Terraform to change. */
async function adoption(
  rule: string,
  runId: string,
  world: readonly string[],
  stacks: Expected["stacks"],
): Promise<{ readonly kept: ReadonlySet<string>; readonly check: Checked }> {
  const { out } = await inProcess(["adopt", runId, ...world]);
  const kept = (JSON.parse(out) as Adopted).adopted.map(({ actionId }) => actionId).filter((id) => id.startsWith(`${rule}:`));
  const checked = await inProcess(["adopt", runId, "--check", ...world], {
    ...realShell(),
    runSynthesis: async ({ CDKTF_OUTDIR: folder = "", TAP_SIZING_DIR: sizes = "" }) => {
      const file = join(sizes, "prod/primary.json");
      cpSync(await synthesisWith(existsSync(file) ? readFileSync(file, "utf8") : "", stacks), folder, { recursive: true });
    },
  });
  return { kept: new Set(kept), check: JSON.parse(checked.out) as Checked };
}

it("has the small scenarios of every rule", () => {
  expect(rules.toSorted()).toEqual(registered.map(({ id }) => id).toSorted());
});

describe.each(rules)("the scenarios of %s", (rule) => {
  const { phase, stacks: usual, cases } = expectedOf(rule);

  it("all have an expectation, and no other has", () => {
    const files = readdirSync(join(scenarios, rule)).map((file) => file.replace(/\.json$/, ""));
    expect(Object.keys(cases).toSorted()).toEqual(files.toSorted());
  });

  it.each(Object.entries(cases))("%s", async (name, expected) => {
    const stacks = expected.stacks ?? usual;
    const state = join(scratch, rule, name);
    const others = [1, 2, 3].filter((candidate) => candidate !== phase).join(",");
    const world = ["--state", state, "--scenario", join(scenarios, rule, `${name}.json`), "--aws", "simulated", "--json"];
    const policy = join(scratch, `${rule}.${name}.policy.json`);
    writeFileSync(policy, JSON.stringify({ ...shortPolicy, ...expected.policy }));
    await inProcess(["simulate", "deploy", "--from", await synthesisWith("", stacks), ...world]);
    const asked = [...world, "--policy", policy, "--skip-phases", others, "--outputs-file", join(state, "simulation", "terraform-outputs.json")];
    const planned = await inProcess(["plan", ...asked, "--out", join(scratch, "plan.json")]);
    expect(planned.code).toBe(0);
    const plan = JSON.parse(planned.out) as Plan;
    expect(decisionsOf(rule, plan)).toMatchObject(expected.decisions);
    if (expected.end === undefined) return;
    const run = await inProcess(["run", ...world, "--plan", join(scratch, "plan.json"), "--yes"]);
    const { run: runId, outcome } = JSON.parse(run.out) as { readonly run: string; readonly outcome: string };
    expect(outcome).toBe(expected.end);
    if (expected.usd !== undefined) {
      const { savings, realized } = JSON.parse((await inProcess(["report", runId, ...world])).out) as ReportJson;
      expect(savings.estimated).toMatchObject({ kind: "known", usd: expect.toSatisfy((usd: number) => usd > 1000) });
      expect(savings.commitmentCapped).toEqual({ kind: "known", usd: expect.closeTo(expected.usd.commitmentCapped) });
      expect(realized).toMatchObject({ kind: "seen", usd: expect.closeTo(expected.usd.realized) });
    }
    const { kept, check } = await adoption(rule, runId, world, stacks);
    expect(kept).toEqual(new Set(outcome === "rolled-back" ? [] : actionsIn(rule, plan)));
    const left = [...check.drift.add, ...check.drift.destroy, ...check.drift.change.map(({ address }) => address)];
    expect(left, "what Terraform has left to change: the service's live arguments say what the account holds").toEqual(expected.besideStacks ?? []);
    expect(check.proven).toBe(left.length === 0);
  });
});
