import { UserError } from "../../contract/user-error.ts";
import { nearest } from "../../contract/nearest.ts";
import { rules } from "../core/levers/rules.ts";
import type { Plan } from "../core/model/plan.ts";
import type { Decision } from "../core/model/rule.ts";
import { type Block, cell } from "../core/model/telling.ts";
import { decisionName, decisionNamed, decisionsOn } from "../core/report/decision-names.ts";
import { explainDecisionBlocks } from "../core/report/explain-decision.ts";
import { explainRuleBlocks } from "../core/report/explain-rule.ts";
import { reasonOnALine } from "../core/report/left-alone.ts";
import { phaseTitles, skipWords } from "../core/report/words.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import type { World } from "../composition/world.ts";
import { shellWord } from "../core/model/shell-words.ts";
import type { StoredPlan } from "../ports/run-store.ts";
import { defineCommand } from "./command.ts";
import { defaultPlanFile, latestRun } from "./load-run.ts";
import { openWorld } from "./open-world.ts";
import type { Shell } from "./shell.ts";

export const command = defineCommand({
  positionals: {
    what: {
      type: "string",
      describe: "A rule's id, a plan file, a plan's hash, a run, or a decision or resource of the latest run's plan, or of plan.json (default: list the rules)",
    },
    decision: { type: "string", describe: "Of a plan or run: an action's id, RULE:REGION:RESOURCE[:PART], or a resource (default: list all decisions)" },
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
    const { plan, name } = await asked(world, what, argv.decision);
    const about = name === undefined ? plan.decisions : decisionsOn(plan, name);
    if (name !== undefined && about.length < 2) {
      const decision = about[0] ?? decisionNamed(plan, name);
      return show(shell, argv.json, { version: 1, name: decisionName(decision), decision }, explainDecisionBlocks(plan, decision));
    }
    const names = about.map((decision) => ({ name: decisionName(decision), is: saidOf(decision) }));
    return show(shell, argv.json, { version: 1, decisions: names }, listed(about, name !== undefined));
  },
});

/** A line a decision; of one resource there are few, so the reason of each that leaves it alone has room. */
function listed(decisions: readonly Decision[], withReasons: boolean): readonly Block[] {
  return [
    {
      kind: "table",
      indent: 0,
      right: [],
      rows: decisions.map((decision) => {
        const said = withReasons && decision.kind === "skip" ? reasonOnALine(decision) : saidOf(decision);
        return [cell(decisionName(decision), "strong"), cell(said, "dim")];
      }),
    },
  ];
}

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

/** The plan that was meant, and what of it, where something was named. */
async function asked(world: World, what: string, decision: string | undefined): Promise<{ readonly plan: Plan; readonly name?: string }> {
  if (decision === undefined && isDecision(what)) {
    const latest = await planAtHand(world);
    if (latest === undefined) throw noRunOf(world, what);
    return { plan: latest, name: what };
  }
  const named = await planNamed(world, what);
  if (named !== undefined) return { plan: named.plan, ...(decision === undefined ? {} : { name: decision }) };
  const latest = decision === undefined ? await planAtHand(world) : undefined;
  if (latest !== undefined && decisionsOn(latest, what).length > 0) return { plan: latest, name: what };
  throw unknown(what, latest);
}

/** The plan of the latest run, or what `optimizer plan` wrote here where there is no run yet. Undefined where there is neither. */
async function planAtHand(world: World): Promise<Plan | undefined> {
  const latest = (await world.runs.list()).length === 0 ? await planFile(world, defaultPlanFile) : await planOfRun(world, await latestRun(world));
  return latest?.plan;
}

function noRunOf({ stateFolder }: World, decision: string): UserError {
  return new UserError({
    code: "no-run",
    message: `${decision} is a decision of a plan, and there is neither a run in ${stateFolder} nor a ${defaultPlanFile} here that it could be of`,
    hint: `name the plan first: optimizer explain FILE ${shellWord(decision)}`,
  });
}

/** A word that is no plan was most likely meant as a rule, or as a resource. */
function unknown(what: string, latest: Plan | undefined): UserError {
  const near = nearest(what, [...rules.map(({ id }) => id), ...(latest?.decisions.map(({ resource }) => resource.id) ?? [])]);
  return new UserError({
    code: "rule-unknown",
    message: `${what} is neither a rule, nor a plan file, nor a run${latest === undefined ? "" : ", nor a resource of the plan at hand"}`,
    hint: `${near === undefined ? "" : `did you mean ${near}? `}\`optimizer explain\` lists the rules`,
  });
}

async function planOfRun({ runs, plans }: World, runId: string): Promise<StoredPlan> {
  const { run } = await runs.open(runId);
  return plans.load(run.planHash);
}

/** Undefined for a word that is not the name of a plan or run; a path without a plan is refused. */
async function planNamed(world: World, what: string): Promise<StoredPlan | undefined> {
  if (/^[0-9a-f]{64}$/.test(what)) return world.plans.load(what);
  if (/[/\\]|\.json$/.test(what)) return world.plans.loadFile(what);
  return (await planFile(world, what)) ?? ((await world.runs.list()).some(({ runId }) => runId === what) ? planOfRun(world, what) : undefined);
}

/** Undefined where there is no such file. */
async function planFile({ plans }: World, path: string): Promise<StoredPlan | undefined> {
  try {
    return await plans.loadFile(path);
  } catch (error) {
    if (error instanceof UserError && error.code === "plan-missing") return undefined;
    throw error;
  }
}

function notBoth(rule: string): UserError {
  return new UserError({
    code: "bad-usage",
    message: `${rule} is a rule: only a plan has decisions`,
    hint: "optimizer explain plan.json RULE:REGION:RESOURCE",
  });
}
