import type { Command } from "./command.ts";

/** A command as `--help` lists it. Its code is loaded only when it is called. */
export interface CommandEntry {
  readonly usage: string;
  readonly summary: string;
  /** `reads`: never reaches what changes AWS or the stacks, or stops before it with --dry-run. `changes`: is refused with --dry-run. */
  readonly dryRun: "reads" | "changes";
  /** Lines as a user would type them, after `optimizer`, and what each is for. */
  readonly examples?: readonly (readonly [words: string, purpose: string])[];
  /** Makes a plan, and so takes approvals. */
  readonly approves?: true;
  readonly load: () => Promise<{ readonly command: Command }>;
}

export const commandTable: readonly CommandEntry[] = [
  {
    usage: "plan",
    dryRun: "reads",
    approves: true,
    summary: "Study the account and write a plan",
    examples: [
      ["plan --outputs-file outputs.json", "study what these outputs name"],
      ["plan --format markdown", "a comment for a pull request"],
      ["plan --fail-above 500 --json", "in CI: exit 6 when more than $500 a month could be saved"],
    ],
    load: () => import("./plan.ts"),
  },
  {
    usage: "run",
    dryRun: "reads",
    approves: true,
    summary: "Plan, show, confirm, then carry it out and watch (default)",
    examples: [
      ["run --plan plan.json", "carry out exactly the plan that was reviewed"],
      ["run --dry-run", "everything up to the first write"],
      ["run --skip-phases 1,3 --policy careful.json", "only phase 2, by another policy"],
    ],
    load: () => import("./run.ts"),
  },
  { usage: "tick <run>", dryRun: "changes", summary: "Do what is due now and exit: for cron or a scheduler", load: () => import("./tick.ts") },
  { usage: "status [run]", dryRun: "reads", summary: "Where a run stands, from its journal", load: () => import("./status.ts") },
  { usage: "resume <run>", dryRun: "changes", summary: "Go on with a run that was interrupted", load: () => import("./resume.ts") },
  { usage: "rollback <run>", dryRun: "changes", summary: "Undo what a run changed", load: () => import("./rollback.ts") },
  { usage: "report <run>", dryRun: "reads", summary: "Write the dashboard (HTML) and the report (JSON)", load: () => import("./report.ts") },
  { usage: "adopt <run>", dryRun: "changes", summary: "Write the applied sizes back to the stacks; --check compares", load: () => import("./adopt.ts") },
  { usage: "continue <run>", dryRun: "changes", summary: "Release what a run holds and watch anew", load: () => import("./continue.ts") },
  { usage: "abort <run>", dryRun: "changes", summary: "Close a run that has nothing unwatched in place", load: () => import("./abort.ts") },
  { usage: "runs", dryRun: "reads", summary: "List the runs of this state folder", load: () => import("./runs.ts") },
  { usage: "verify-journal <run>", dryRun: "reads", summary: "Check a journal's hash chain", load: () => import("./verify-journal.ts") },
  { usage: "force-unlock <lock>", dryRun: "changes", summary: "Remove a lock whose holder is certainly gone", load: () => import("./force-unlock.ts") },
  {
    usage: "simulate <what>",
    dryRun: "changes",
    summary: "Deploy the stacks to the simulated account",
    examples: [
      ["simulate deploy", "the stacks as they are, under the load of the story"],
      ["simulate deploy --scenario mine.json --state .optimizer/mine", "your own load, in a folder of its own"],
      ["simulate deploy --reset --state .optimizer/mine", "after a change of mine.json: begin anew"],
    ],
    load: () => import("./simulate.ts"),
  },
  { usage: "scenarios", dryRun: "reads", summary: "List the scenarios of the simulated account", load: () => import("./scenarios.ts") },
  { usage: "completion <shell>", dryRun: "reads", summary: "Print a completion script for bash, zsh or fish", load: () => import("./completion.ts") },
  { usage: "demo", dryRun: "changes", approves: true, summary: "Everything, on the simulated account", load: () => import("./demo.ts") },
];
