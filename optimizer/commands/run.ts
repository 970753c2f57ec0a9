import { UserError } from "../../contract/user-error.ts";
import { startRun } from "../app/drive-run.ts";
import type { World } from "../composition/world.ts";
import { cell } from "../core/model/telling.ts";
import { nearest } from "../../contract/nearest.ts";
import { count } from "../core/report/figures.ts";
import { proposalsOf, withheldOf } from "../core/report/plan-blocks.ts";
import { plannedActions } from "../core/report/planned-actions.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import type { StoredPlan } from "../ports/run-store.ts";
import { defineCommand } from "./command.ts";
import { confirm, refuseUnasked } from "./confirm.ts";
import { driver, runPorts } from "./drive.ts";
import type { GlobalArguments } from "./global-flags.ts";
import { openWorld } from "./open-world.ts";
import { refusePlanFlags } from "./plan-flags.ts";
import { endOfRun } from "./run-result.ts";
import type { Shell } from "./shell.ts";
import { shownPlan, study, studyOptions, verboseOption } from "./study.ts";

export const command = defineCommand({
  positionals: {},
  options: { ...studyOptions, ...verboseOption, plan: { type: "string", requiresArg: true, describe: "Carry out exactly this reviewed plan" } },
  async run(argv, shell) {
    if (argv.plan !== undefined && argv.map !== undefined) {
      throw new UserError({
        code: "bad-flag",
        message: "--map with --plan: a plan holds what its outputs named",
        hint: "Map keys where the plan is made: optimizer plan --map …",
      });
    }
    if (argv.plan !== undefined) refusePlanFlags(argv, "--plan", shell);
    const world = await openWorld(argv, shell, "begin");
    // Before metrics are paid for.
    if (!argv["dry-run"]) refuseUnasked(argv, shell, world);
    const stored = argv.plan === undefined ? await study(argv, world, shell) : await world.plans.loadFile(argv.plan);
    if (argv.plan !== undefined) refuseLateApprovals(argv, stored);
    return showAndRun(stored, argv, shell, world);
  },
});

/** A reviewed plan is carried out as it is: what it withholds needs a plan of its own. */
function refuseLateApprovals(argv: GlobalArguments, { plan }: StoredPlan): void {
  const approved = (plan.approvals ?? []).map(({ action }) => action);
  const late = (argv.approve ?? []).find((given) => !approved.includes(given));
  if (late === undefined) return;
  const waiting = withheldOf(plan).map(({ withheld }) => withheld.action);
  const near = nearest(late, [...waiting, ...approved]);
  throw new UserError({
    code: "approval-unknown",
    message: `--approve ${late}: ${waiting.includes(late) ? "this plan withholds it" : "it is no action of this plan that was approved"}`,
    hint: `a plan is carried out as it was reviewed: make it again with \`optimizer plan --approve ${near ?? "ID"}\``,
  });
}

async function showAndRun(stored: StoredPlan, argv: GlobalArguments & { readonly verbose: boolean }, shell: Shell, world: World): Promise<ExitCode> {
  const { plan } = stored;
  shell.show([{ kind: "gap" }, ...shownPlan(stored, argv.verbose), { kind: "gap" }]);
  const actions = plannedActions(plan);
  const lasting = actions.filter(({ reversibility }) => reversibility === "irreversible").length;
  if (argv["dry-run"]) {
    if (argv.json) shell.out(`${JSON.stringify(plan, null, 2)}\n`);
    else shell.show([{ kind: "line", indent: 0, line: cell("dry run: nothing was changed, no writer was built", "strong") }]);
    return exitCode.done;
  }
  const warning = lasting === 0 ? "" : ` (${lasting} of them cannot be undone)`;
  if (actions.length > 0) await confirm(`Carry out ${count(proposalsOf(plan).length, "change")}${warning} in account ${plan.accountId}?`, argv, shell, world);
  const { state } = await startRun(stored, driver(shell, world, "foreground"), await runPorts(world, stored, "begin"));
  return endOfRun(plan, state, { argv, shell, world });
}
