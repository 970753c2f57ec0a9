import type { World } from "../composition/world.ts";
import type { Deployments } from "../core/model/deployment.ts";
import type { Rule } from "../core/model/rule.ts";
import { type Block, cell, piece } from "../core/model/telling.ts";
import { neededActions } from "../core/permissions/needed-actions.ts";
import { type Grant, grantsOf, mostPolicyCharacters, policyDocument } from "../core/permissions/policy-document.ts";
import { namedBy } from "../core/permissions/resource-arns.ts";
import { exitCode } from "../errors.ts";
import { chosenRules, rulesOption } from "./chosen-rules.ts";
import { defineCommand } from "./command.ts";
import { openWorld } from "./open-world.ts";
import { mapOption } from "./outputs-input.ts";

export const command = defineCommand({
  positionals: {},
  options: {
    read: { type: "boolean", default: false, describe: "Only what looking takes: plan, run --dry-run, doctor, report, adopt" },
    act: { type: "boolean", default: false, describe: "Only what changing takes besides: run, tick, resume, rollback" },
    ...rulesOption,
    ...mapOption,
    explain: { type: "boolean", default: false, describe: "Not the policy: each action, on what, and why on everything" },
  },
  async run(argv, shell) {
    const rules = chosenRules(argv, argv.rules);
    const world = await openWorld(argv, shell, "look");
    const deployments = await namedDeployments(argv, world);
    const both = argv.read === argv.act;
    const { paging } = await world.readPolicy(argv.policy);
    const { read, act } = grants(rules, deployments, paging.snsTopicArn);
    const granted = [...(both || argv.read ? read : []), ...(both || argv.act ? act : [])];
    const document = policyDocument(both ? "Optimizer" : argv.read ? "OptimizerReads" : "OptimizerActs", granted);
    const characters = JSON.stringify(document).length;
    if (characters > mostPolicyCharacters) world.reporter.tell({ kind: "warning", message: tooLong(characters) });
    if (argv.json) shell.out(`${JSON.stringify({ version: 1, rules: rules.map(({ id }) => id), characters, grants: granted, document }, null, 2)}\n`);
    else if (argv.explain) shell.show(grantBlocks(granted));
    else shell.out(`${JSON.stringify(document, null, 2)}\n`);
    return exitCode.done;
  },
});

interface Flags {
  readonly "outputs-file"?: readonly string[] | undefined;
  readonly region?: readonly string[] | undefined;
  readonly map?: readonly string[] | undefined;
}

/** Outputs narrow a policy where they are given. Without them standard input is not read, so that nobody has to pipe in anything to learn what the rules need. */
async function namedDeployments(argv: Flags, world: World): Promise<Deployments | undefined> {
  const files = argv["outputs-file"] ?? [];
  return files.length === 0 ? undefined : world.parseOutputs(await world.readOutputs(files), argv.region ?? [], argv.map ?? []);
}

/** What the rules need whose kind of resource the outputs name; without outputs, what all rules need. */
function grants(
  rules: readonly Rule[],
  deployments: Deployments | undefined,
  topicArn: string | undefined,
): { readonly read: readonly Grant[]; readonly act: readonly Grant[] } {
  const named = (deployments?.deployments ?? []).map((deployment) => namedBy(deployment));
  const concerned = named.length === 0 ? rules : rules.filter(({ resourceKind }) => named.some(({ ids }) => ids[resourceKind].length > 0));
  const place = { partition: deployments?.partition ?? "aws", account: deployments?.owner?.accountId ?? "*", ...(topicArn === undefined ? {} : { topicArn }) };
  const { read, act, page } = neededActions(concerned);
  return { read: grantsOf(read, place, named), act: grantsOf([...act, ...page].toSorted(), place, named) };
}

function tooLong(characters: number): string {
  return `the policy has ${characters} characters without white space, and IAM takes ${mostPolicyCharacters} for a managed one: split it with --read and --act, or --rules`;
}

function grantBlocks(granted: readonly Grant[]): readonly Block[] {
  const rows = granted.map(({ action, resources, why }) => [
    cell(action, "strong"),
    resources === "*" ? [piece("*  ", "warn"), piece(why ?? "", "dim")] : cell(resources.join(" ")),
  ]);
  return [{ kind: "table", indent: 0, right: [], rows }];
}
