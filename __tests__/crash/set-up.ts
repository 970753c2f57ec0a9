import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { TestProject } from "vitest/node";
import { everyKindPolicy, writeEveryKindStacks } from "../support/every-kind-account.ts";
import { optimizer } from "./start-optimizer.ts";
import { callsIn } from "./run-end.ts";
import { begin, journalPath, onlyEntry, simulated } from "./story-commands.ts";
import type { Story } from "./story.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly story: Story;
    /** A run that makes every kind of change, and the same taken back. */
    readonly everyKind: { readonly kept: Story; readonly takenBack: Story };
  }
}

/** Deploys and plans once for all tests, and carries the plans out once undisturbed. */
export default async function setUp(project: TestProject): Promise<() => void> {
  const scratch = mkdtempSync(join(tmpdir(), "tap-crash-"));
  const remove = (): void => rmSync(scratch, { recursive: true, force: true });
  try {
    project.provide("story", await tellStory(scratch));
    project.provide("everyKind", await makeEveryKind(scratch));
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}

async function tellStory(scratch: string): Promise<Story> {
  const template = join(scratch, "template");
  await succeed(["simulate", "deploy", ...simulated(template)], 0);
  const planFile = join(scratch, "plan.json");
  await succeed(["plan", ...simulated(template), "--out", planFile], 0);
  return undisturbed({ scratch, scenario: "story", begin: "run", code: 5, template, planFile, runId: "", fromBytes: 0 }, "undisturbed");
}

/** With the stacks of all three blueprints, in a folder of their own. */
async function makeEveryKind(parent: string): Promise<{ readonly kept: Story; readonly takenBack: Story }> {
  const scratch = join(parent, "every-kind");
  const scenario = join(import.meta.dirname, "../../simulation/scenarios/every-kind.json");
  const template = join(scratch, "template");
  const stacks = await writeEveryKindStacks(join(template, "simulation", "cdktf.out"));
  await succeed(["simulate", "deploy", "--from", stacks, ...simulated(template, scenario)], 0);
  const [policy, planFile] = [join(scratch, "policy.json"), join(scratch, "plan.json")];
  writeFileSync(policy, JSON.stringify(everyKindPolicy));
  await succeed(["plan", ...simulated(template, scenario), "--policy", policy, "--out", planFile], 0);
  const kept = await undisturbed({ scratch, scenario, begin: "run", code: 0, template, planFile, runId: "", fromBytes: 0 }, "kept");
  const atLast = join(scratch, "at-its-last-change");
  await killedAtLastCall(kept, atLast);
  const { runId } = kept;
  const fromBytes = statSync(journalPath(atLast, runId)).size;
  return { kept, takenBack: await undisturbed({ ...kept, begin: "rollback", code: 5, template: atLast, fromBytes }, "taken-back") };
}

/** Killed before the last call of the run that changes the account reaches it: nothing is closed yet, and everything else is in place. */
async function killedAtLastCall(kept: Story, state: string): Promise<void> {
  cpSync(kept.template, state, { recursive: true });
  const killer = pathToFileURL(join(import.meta.dirname, "kill-at.mjs")).href;
  const ended = await optimizer(begin(kept, state), { NODE_OPTIONS: `--import=${killer}`, TAP_KILL_AT: `before:${callsIn(kept.undisturbed).length}` });
  if (ended.code !== null) throw new Error(`the run was not killed at its last call: ${ended.code} ${ended.stderr}`);
  // It died within the call. Copies of its lock would not be known for a dead process's.
  rmSync(join(state, "simulation", "account.jsonl.lock"), { recursive: true, force: true });
}

/** The story as nobody disturbs it. */
async function undisturbed(story: Omit<Story, "undisturbed" | "printed" | "journalBytes">, name: string): Promise<Story> {
  const state = join(story.scratch, name);
  cpSync(story.template, state, { recursive: true });
  const printed = await succeed(begin(story, state), story.code);
  const runId = onlyEntry(join(state, "runs"));
  return { ...story, undisturbed: state, printed, runId, journalBytes: statSync(journalPath(state, runId)).size };
}

async function succeed(args: readonly string[], code: number): Promise<string> {
  const ended = await optimizer(args);
  if (ended.code !== code) throw new Error(`optimizer ${args.join(" ")} ended with ${ended.code}: ${ended.stderr}`);
  return ended.stdout;
}
