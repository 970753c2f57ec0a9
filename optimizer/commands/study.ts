import type { Options } from "yargs";
import { UserError } from "../../contract/user-error.ts";
import { makePlan } from "../app/make-plan.ts";
import type { World } from "../composition/world.ts";
import { sha256Hex } from "../core/model/hash.ts";
import { type Block, cell } from "../core/model/telling.ts";
import { planBlocks } from "../core/report/plan-blocks.ts";
import { planCountsWords, planSummaryBlocks } from "../core/report/plan-summary.ts";
import { CredentialsLost, Interrupted } from "../errors.ts";
import type { StoredPlan } from "../ports/run-store.ts";
import { approvalsGiven, dollarsGiven, type GlobalArguments, skippedPhases } from "./global-flags.ts";
import { mapOption, outputsOf } from "./outputs-input.ts";
import type { Shell } from "./shell.ts";

/** Flags of the commands that make a plan. */
export const studyOptions = {
  "max-cost": {
    type: "string",
    requiresArg: true,
    describe: "Stop before the study if reading metrics and costs would cost more US dollars than this, e.g. 2",
  },
  ...mapOption,
} as const satisfies Readonly<Record<string, Options>>;

/** Flag of the commands that show a plan. */
export const verboseOption = {
  verbose: { type: "boolean", default: false, describe: "The whole plan: each reason, refused sizes, calendar, disruptions, notes" },
} as const satisfies Readonly<Record<string, Options>>;

/** A plan for a terminal: on one screen, or whole. */
export function shownPlan({ plan, hash }: StoredPlan, isVerbose: boolean): readonly Block[] {
  if (!isVerbose) return planSummaryBlocks(plan, hash);
  return [...planBlocks(plan, hash), { kind: "gap" }, { kind: "line", indent: 0, line: cell(planCountsWords(plan), "strong") }];
}

/** The person who studies, and the signal that stops the study. */
type Student = Pick<Shell, "operator" | "signal">;
type StudyFlags = GlobalArguments & { readonly map?: readonly string[] | undefined; readonly "max-cost"?: string | undefined };

/** Outputs → plan, stored under its hash. Reaches AWS through readers alone. Stops when the signal is raised. */
export async function study(argv: StudyFlags, world: World, student: Student): Promise<StoredPlan> {
  try {
    return await plan(argv, world, student);
  } catch (error) {
    // Whatever broke off because of it.
    if (student.signal.aborted) throw new Interrupted("interrupted; nothing was changed and no plan was made", { cause: error });
    // Bad input and no interruption: there is no run yet that could be resumed.
    if (error instanceof CredentialsLost)
      throw new UserError({
        code: "credentials-refused",
        message: error.message,
        hint: "Sign in again (aws sso login, or fresh keys for --profile), then run it again; nothing was changed and no plan was made.",
        cause: error,
      });
    throw error;
  }
}

async function plan(argv: StudyFlags, world: World, { operator, signal }: Student): Promise<StoredPlan> {
  const skipPhases = skippedPhases(argv);
  const maxCostUsd = dollarsGiven("max-cost", argv["max-cost"], "give US dollars as a plain number, e.g. --max-cost 2 or --max-cost 0.5");
  const policy = await world.readPolicy(argv.policy);
  const documents = await outputsOf(argv, world);
  const deployments = world.parseOutputs(documents, argv.region ?? [], argv.map ?? []);
  const outputsHash = sha256Hex(documents.map((document) => document.text).join("\n"));
  const readers = await world.readers(signal);
  const made = await makePlan(
    { deployments, outputsHash, policy, skipPhases, approvals: approvalsGiven(argv, operator), maxCostUsd },
    { ...readers, clock: world.clock, reporter: world.reporter, signal },
  );
  signal.throwIfAborted();
  // Identifiers as parsed, not the text as given: that may hold outputs marked sensitive.
  return world.plans.save(made, JSON.stringify(deployments, null, 2));
}
