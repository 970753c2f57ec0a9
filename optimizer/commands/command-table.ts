import type { Command } from "./command.ts";
import type { GlobalArguments } from "./global-flags.ts";
import { planFlags } from "./plan-flags.ts";

type Example = readonly [words: string, purpose: string];

/** A command as `--help` lists it. Its code is loaded only when it is called. */
export interface CommandEntry {
  readonly usage: string;
  readonly summary: string;
  /** `reads`: never reaches what changes AWS or the stacks, or stops before it with --dry-run. `changes`: is refused with --dry-run. */
  readonly dryRun: "reads" | "changes";
  /** Lines as a user would type them, after `optimizer`, and what each is for. */
  readonly examples: readonly [Example, Example, Example];
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
  {
    usage: "explain [what] [decision]",
    dryRun: "reads",
    summary: "Why: a rule, a resource, or one decision of a plan, with its figures",
    examples: [
      ["explain asg.instance-type", "when the rule acts, by your policy"],
      ["explain plan.json", "every decision of a plan, by name"],
      ["explain tap-prod-asg", "what the latest run's plan decided about a resource; of one decision the evidence, arithmetic, money, way back"],
    ],
    load: () => import("./explain.ts"),
  },
  {
    usage: "tick <run>",
    dryRun: "changes",
    summary: "Do what is due now and exit: for cron or a scheduler",
    examples: [
      ["tick run-1780272000-95078db3", "one step, if one is due"],
      ["tick run-1780272000-95078db3 --json", "for a program that calls it every five minutes"],
      ["tick run-1780272000-95078db3 --state /srv/optimizer", "from cron, where no folder is the current one"],
    ],
    load: () => import("./tick.ts"),
  },
  {
    usage: "status [run]",
    dryRun: "reads",
    summary: "Where a run stands and what is due when, from its journal",
    examples: [
      ["status", "of the open run, else of the last"],
      ["status run-1780272000-95078db3", "of a certain one"],
      ["status --json", "for a monitor"],
    ],
    load: () => import("./status.ts"),
  },
  {
    usage: "resume <run>",
    dryRun: "changes",
    summary: "Go on with a run that was interrupted",
    examples: [
      ["resume run-1780272000-95078db3", "go on and watch in the foreground"],
      ["resume run-1780272000-95078db3 --profile prod", "with fresh credentials"],
      ["resume run-1780272000-95078db3 --json", "the end as JSON"],
    ],
    load: () => import("./resume.ts"),
  },
  {
    usage: "rollback <run>",
    dryRun: "changes",
    summary: "Undo what a run changed",
    examples: [
      ["rollback run-1780272000-95078db3", "everything that it changed"],
      ["rollback run-1780272000-95078db3 --phase 2", "one phase alone"],
      ["rollback run-1780272000-95078db3 --yes", "without a question, in an emergency"],
    ],
    load: () => import("./rollback.ts"),
  },
  {
    usage: "report [run]",
    dryRun: "reads",
    summary: "Write the dashboard (HTML) and the report (JSON)",
    examples: [
      ["report run-1780272000-95078db3", "into the state folder"],
      ["report run-1780272000-95078db3 --out public", "into a folder that a web server shows"],
      ["report --watch", "again whenever the open run has gone on, until it ends"],
    ],
    load: () => import("./report.ts"),
  },
  {
    usage: "adopt <run>",
    dryRun: "changes",
    summary: "Write the applied sizes back to the stacks; --check compares",
    examples: [
      ["adopt run-1780272000-95078db3", "write what was kept"],
      ["adopt run-1780272000-95078db3 --preview --pr-body", "write nothing; a pull request's text"],
      ["adopt run-1780272000-95078db3 --check", "write nothing; would Terraform change anything?"],
    ],
    load: () => import("./adopt.ts"),
  },
  {
    usage: "continue <run>",
    dryRun: "changes",
    summary: "Let a run that holds go on, with a new watch",
    examples: [
      ["continue run-1780272000-95078db3", "after the cause was looked at"],
      ["continue run-1780272000-95078db3 --yes", "without a question"],
      ["continue run-1780272000-95078db3 --json", "the new state as JSON"],
    ],
    load: () => import("./continue.ts"),
  },
  {
    usage: "abort <run>",
    dryRun: "changes",
    summary: "Close a run; refused while a change of it is still to be watched",
    examples: [
      ["abort run-1780272000-95078db3", "do nothing more of it"],
      ["abort run-1780272000-95078db3 --yes", "without a question"],
      ["abort run-1780272000-95078db3 --json", "the end as JSON"],
    ],
    load: () => import("./abort.ts"),
  },
  {
    usage: "runs",
    dryRun: "reads",
    summary: "List the runs of this state folder: outcome, dates, money",
    examples: [
      ["runs", "of the default folder"],
      ["runs --state .optimizer/mine", "of another one"],
      ["runs --json", "for a program"],
    ],
    load: () => import("./runs.ts"),
  },
  {
    usage: "verify-journal <run>",
    dryRun: "reads",
    summary: "Check a journal's hash chain",
    examples: [
      ["verify-journal run-1780272000-95078db3", "is every record where and as it was written?"],
      ["verify-journal run-1780272000-95078db3 --json", "for an audit"],
      ["verify-journal run-1780272000-95078db3 --state copy", "of a copy"],
    ],
    load: () => import("./verify-journal.ts"),
  },
  {
    usage: "force-unlock <lock>",
    dryRun: "changes",
    summary: "Remove a lock whose holder is certainly gone",
    examples: [
      ["force-unlock 0b7f3c1e-8f53-4e0b-9a55-2f1f6d1f3c77", "the name that the refusal printed"],
      ["force-unlock 0b7f3c1e-8f53-4e0b-9a55-2f1f6d1f3c77 --yes", "without a question"],
      ["force-unlock 0b7f3c1e-8f53-4e0b-9a55-2f1f6d1f3c77 --state copy", "of another folder"],
    ],
    load: () => import("./force-unlock.ts"),
  },
  {
    usage: "doctor",
    dryRun: "reads",
    summary: "Check credentials, permissions, metrics and inputs before a plan",
    examples: [
      ["doctor --outputs-file outputs.json", "everything that a plan of these outputs rests on"],
      ["doctor --rules asg.capacity,redis.size --region us-east-1", "only what two rules need, in one region"],
      ["doctor --json", "for a monitor: exit 2 where no plan can be made, 6 where something is denied"],
    ],
    load: () => import("./doctor.ts"),
  },
  {
    usage: "iam-policy",
    dryRun: "reads",
    summary: "Print the least IAM policy that planning and acting need",
    examples: [
      ["iam-policy --read", "for the role that plans; `> read.json` for `aws iam create-policy --policy-document file://read.json`"],
      ["iam-policy --act --outputs-file outputs.json", "for the role that acts, on what these outputs name"],
      ["iam-policy --explain --rules asg.capacity", "what one rule needs, and why some of it on everything"],
    ],
    load: () => import("./iam-policy.ts"),
  },
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
  {
    usage: "scenarios",
    dryRun: "reads",
    summary: "List the scenarios of the simulated account",
    examples: [
      ["scenarios", "names and what each is about"],
      ["scenarios --json", "for a program"],
      ["simulate deploy --scenario healthy --state .optimizer/healthy", "try one"],
    ],
    load: () => import("./scenarios.ts"),
  },
  {
    usage: "completion <shell>",
    dryRun: "reads",
    summary: "Print a completion script for bash, zsh or fish",
    examples: [
      ["completion bash", "for ~/.bashrc: source <(optimizer completion bash)"],
      ["completion zsh", "for ~/.zshrc"],
      ["completion fish", "for ~/.config/fish/completions/optimizer.fish"],
    ],
    load: () => import("./completion.ts"),
  },
  {
    usage: "demo",
    dryRun: "changes",
    approves: true,
    summary: "Show all of it on the simulated account",
    examples: [
      ["demo", "into .optimizer/demo"],
      ["demo --verbose", "with each reason of the plan"],
      ["demo --state /tmp/demo", "into a folder of its own"],
    ],
    load: () => import("./demo.ts"),
  },
];

/** Whether a command carries on, ends or undoes a run, whose plan is made already. */
export function changesRun({ usage, dryRun }: CommandEntry): boolean {
  return dryRun === "changes" && usage.endsWith(" <run>");
}

/** Flags of every command that this one refuses or passes over: its help and the completion of shells leave them out. */
export function uselessFlags(entry: CommandEntry): readonly (keyof GlobalArguments)[] {
  return [
    ...(entry.approves === true ? [] : (["approve"] as const)),
    ...(entry.dryRun === "changes" ? (["dry-run"] as const) : []),
    ...(changesRun(entry) ? planFlags : []),
  ];
}
