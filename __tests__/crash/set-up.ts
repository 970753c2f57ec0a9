import { cpSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { optimizer } from "./start-optimizer.ts";
import { onlyEntry } from "./story-commands.ts";
import type { Story } from "./story.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly story: Story;
  }
}

const simulated = ["--aws", "simulated", "--scenario", "story", "--clock", "virtual"];

/** Deploys and plans once for all tests, and carries the plan out once undisturbed. */
export default async function setUp(project: TestProject): Promise<() => void> {
  const scratch = mkdtempSync(join(tmpdir(), "tap-crash-"));
  const remove = (): void => rmSync(scratch, { recursive: true, force: true });
  try {
    project.provide("story", await tellStory(scratch));
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}

async function tellStory(scratch: string): Promise<Story> {
  const template = join(scratch, "template");
  await succeed(["simulate", "deploy", ...simulated, "--state", template], 0);
  const planFile = join(scratch, "plan.json");
  await succeed(["plan", ...simulated, "--state", template, "--out", planFile], 0);
  const undisturbed = join(scratch, "undisturbed");
  cpSync(template, undisturbed, { recursive: true });
  const printed = await succeed(["run", ...simulated, "--state", undisturbed, "--plan", planFile, "--yes", "--json"], 5);
  const runId = onlyEntry(join(undisturbed, "runs"));
  const journalBytes = statSync(join(undisturbed, "runs", runId, "journal.jsonl")).size;
  return { scratch, template, planFile, undisturbed, printed, runId, journalBytes };
}

async function succeed(args: readonly string[], code: number): Promise<string> {
  const ended = await optimizer(args);
  if (ended.code !== code) throw new Error(`optimizer ${args.join(" ")} ended with ${ended.code}: ${ended.stderr}`);
  return ended.stdout;
}
