import { UserError } from "../../contract/user-error.ts";
import { examine } from "../app/examination/examine.ts";
import type { Check } from "../core/model/check.ts";
import { checkBlocks, checkCounts } from "../core/report/check-blocks.ts";
import { exitCode, type ExitCode, Interrupted } from "../errors.ts";
import { chosenRules, rulesOption } from "./chosen-rules.ts";
import { defineCommand } from "./command.ts";
import { openWorld } from "./open-world.ts";
import { mapOption, outputsOf } from "./outputs-input.ts";

/** The region to ask for the account where the outputs name none: any region can tell it. */
const anyRegion = "us-east-1";

export const command = defineCommand({
  positionals: {},
  options: {
    ...rulesOption,
    ...mapOption,
    timeout: { type: "number", requiresArg: true, default: 30, describe: "Seconds that each region is waited for" },
  },
  async run(argv, shell): Promise<ExitCode> {
    const rules = chosenRules(argv, argv.rules);
    const seconds = secondsOf(argv.timeout);
    const world = await openWorld(argv, shell);
    const checks = await examine(
      { rules, seconds, home: argv.region?.[0] ?? anyRegion },
      {
        ...world,
        signal: shell.signal,
        readPolicy: () => world.readPolicy(argv.policy),
        readDeployments: async () => world.parseOutputs(await outputsOf(argv, world), argv.region ?? [], argv.map ?? []),
      },
    ).catch((error: unknown) => {
      if (shell.signal.aborted) throw new Interrupted("interrupted; nothing was changed", { cause: error });
      throw error;
    });
    if (argv.json) shell.out(`${JSON.stringify({ version: 1, counts: checkCounts(checks), checks }, null, 2)}\n`);
    else shell.show(checkBlocks(checks));
    return exitCodeFor(checks);
  },
});

function secondsOf(given: number): number {
  if (Number.isFinite(given) && given > 0 && given <= 600) return given;
  throw new UserError({ code: "bad-flag", message: `--timeout ${given} is no time to wait`, hint: "give seconds, up to 600, e.g. --timeout 60" });
}

/** With a problem of the first kind no plan can be made; with another, one leaves something out. */
function exitCodeFor(checks: readonly Check[]): ExitCode {
  const problems = checks.filter(({ verdict }) => verdict === "problem");
  if (problems.length === 0) return exitCode.done;
  return problems.some(({ area }) => area === "inputs" || area === "credentials" || area === "machine") ? exitCode.badInput : exitCode.needsHuman;
}
