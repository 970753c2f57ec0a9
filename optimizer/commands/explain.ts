import { UserError } from "../../contract/user-error.ts";
import { nearest } from "../../contract/nearest.ts";
import { rules } from "../core/levers/rules.ts";
import type { Decision } from "../core/model/rule.ts";
import { type Block, cell } from "../core/model/telling.ts";
import { decisionName, decisionNamed } from "../core/report/decision-names.ts";
import { explainDecisionBlocks } from "../core/report/explain-decision.ts";
import { explainRuleBlocks } from "../core/report/explain-rule.ts";
import { phaseTitles, skipWords } from "../core/report/words.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import type { World } from "../composition/world.ts";
import { shellWord } from "../core/model/shell-words.ts";
import type { StoredPlan } from "../ports/run-store.ts";
import { defineCommand } from "./command.ts";
import { latestRun } from "./load-run.ts";
import { openWorld } from "./open-world.ts";
import type { Shell } from "./shell.ts";

export const command = defineCommand({
  positionals: {
    what: { type: "string", describe: "A rule's id, a plan file, a plan's hash, a run, or a decision of the latest run's plan (default: list the rules)" },
    decision: { type: "string", describe: "Of a plan or run: an action's id, or RULE:REGION:RESOURCE[:PART] (default: list all decisions)" },
  },
  options: {},
  async run(argv, shell): Promise<ExitCode> {
    const { what } = argv;
    if (what === undefined) return show(shell, argv.json, rules.map(declared), ruleList());
    const world = await openWorld(argv, shell, "look");
    const rule = rules.find(({ id }) => id === what);
    if (rule !== undefined) {
      if (argv.decision !== undefined) throw notBoth(what);
      const policy = await world.readPolicy(argv.policy);
      return show(shell, argv.json, { version: 1, ...declared(rule), policy: policy.rules }, explainRuleBlocks(rule, policy));
    }
    const name = argv.decision ?? (isDecision(what) ? what : undefined);
    const { plan } = name === what ? await planOfLatestRun(world, what) : await planNamed(world, what);
    if (name !== undefined) {
      const decision = decisionNamed(plan, name);
      return show(shell, argv.json, { version: 1, name: decisionName(decision), decision }, explainDecisionBlocks(plan, decision));
    }
    const names = plan.decisions.map((decision) => ({
      name: decisionName(decision),
      is: saidOf(decision),
    }));
    const rows = names.map(({ name, is }) => [cell(name, "strong"), cell(is, "dim")]);
    return show(shell, argv.json, { version: 1, decisions: names }, [{ kind: "table", indent: 0, right: [], rows }]);
  },
});

function saidOf(decision: Decision): string {
  switch (decision.kind) {
    case "proposal":
      return `${decision.from} → ${decision.to}`;
    case "advice":
      return `advice: ${decision.summary}`;
    case "skip":
      return skipWords[decision.code];
    default:
      return decision satisfies never;
  }
}

function show(shell: Shell, json: boolean, document: unknown, blocks: readonly Block[]): ExitCode {
  if (json) shell.out(`${JSON.stringify(document, null, 2)}\n`);
  else shell.show(blocks);
  return exitCode.done;
}

function declared({ id, phase, title, cost, judgedBy, nothingOfItsOwn }: (typeof rules)[number]): object {
  return { rule: id, phase, title, cost, judgedBy, ...(nothingOfItsOwn === undefined ? {} : { nothingOfItsOwn }) };
}

function ruleList(): readonly Block[] {
  const rows = rules.map(({ id, phase, title }) => [cell(id, "strong"), cell(`phase ${phase}, ${phaseTitles[phase]}`, "dim"), cell(title)]);
  return [{ kind: "table", indent: 0, right: [], rows }];
}

/** As decisions and actions are called: by their rule first. */
function isDecision(what: string): boolean {
  return rules.some(({ id }) => what.startsWith(`${id}:`));
}

async function planOfLatestRun(world: World, decision: string): Promise<StoredPlan> {
  if ((await world.runs.list()).length > 0) return planOfRun(world, await latestRun(world));
  throw new UserError({
    code: "no-run",
    message: `${decision} is a decision of a plan, and ${world.stateFolder} has no run whose plan it could be of`,
    hint: `name the plan first: optimizer explain plan.json ${shellWord(decision)}`,
  });
}

async function planOfRun({ runs, plans }: World, runId: string): Promise<StoredPlan> {
  const { run } = await runs.open(runId);
  return plans.load(run.planHash);
}

async function planNamed(world: World, what: string): Promise<StoredPlan> {
  if (/^[0-9a-f]{64}$/.test(what)) return world.plans.load(what);
  try {
    return await world.plans.loadFile(what);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "plan-missing" || /[/\\]|\.json$/.test(what)) throw error;
    if ((await world.runs.list()).some(({ runId }) => runId === what)) return planOfRun(world, what);
    // A word that is neither was most likely meant as a rule.
    const near = nearest(
      what,
      rules.map(({ id }) => id),
    );
    throw new UserError({
      code: "rule-unknown",
      message: `${what} is neither a rule, nor a plan file, nor a run`,
      hint: near === undefined ? "`optimizer explain` lists the rules" : `did you mean ${near}? \`optimizer explain\` lists the rules`,
      cause: error,
    });
  }
}

function notBoth(rule: string): UserError {
  return new UserError({
    code: "bad-usage",
    message: `${rule} is a rule: only a plan has decisions`,
    hint: "optimizer explain plan.json RULE:REGION:RESOURCE",
  });
}
