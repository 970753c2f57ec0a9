import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SkipCode } from "../../optimizer/core/model/rule.ts";
import { skipAdvice } from "../../optimizer/core/report/explain-decision.ts";
import { skipWords } from "../../optimizer/core/report/words.ts";
import { exitCode, exitCodeMeanings } from "../../optimizer/errors.ts";
import { calledActions } from "./called-actions.ts";
import { commandsSection } from "./commands.ts";
import { coverageTable } from "./coverage.ts";
import { documentedErrors } from "./errors.ts";
import { permissions, policyDocument } from "./permissions.ts";
import { policyFileSchema, policySettings } from "./policy.ts";
import { refusalsPage } from "./refusals.ts";
import { settingsPage } from "./settings.ts";
import { root, table } from "./sources.ts";

const generated = "<!-- Made by `npm run docs` from the sources: change those, not this page. -->";

/** Every page and file that is made from the sources, by its path. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  const { read, act } = permissions();
  return {
    "docs/reference.md": referencePage(await commandsSection()),
    "docs/faq.md": faqPage(),
    "docs/refusals.md": refusalsPage(generated),
    "docs/rules.md": withSection("docs/rules.md", "What is tried of every rule", coverageSection()),
    "docs/settings.md": settingsPage(),
    "docs/optimizer.config.schema.json": `${JSON.stringify(policyFileSchema(), null, 2)}\n`,
    "optimizer/core/permissions/called-actions.json": `${JSON.stringify(calledActions(), null, 2)}\n`,
    "docs/iam-read.json": policyDocument("OptimizerReads", read),
    "docs/iam-act.json": policyDocument("OptimizerActs", act),
  };
}

const coverageNotes = `${generated}

Scenarios of the simulated account by their names (\`simulation/scenarios/<rule>/\`), played whole by \`__tests__/scenarios/scenarios.test.ts\`: planned, carried out, adopted, and what Terraform would change then. A dash says why there is no test.
`;

function coverageSection(): string {
  return `${coverageNotes}\n${coverageTable()}\n`;
}

/** A page that is written by hand, but for its last section. */
function withSection(path: string, heading: string, section: string): string {
  const text = readFileSync(join(root, path), "utf8");
  const at = text.indexOf(`\n## ${heading}\n`);
  return `${at === -1 ? `${text.trimEnd()}\n` : text.slice(0, at)}\n## ${heading}\n\n${section}`;
}

function referencePage(commands: string): string {
  const settings = policySettings().map(({ path, defaultValue, allowed, meaning }) => [
    `\`${path}\``,
    defaultValue === undefined ? "–" : `\`${JSON.stringify(defaultValue)}\``,
    allowed,
    meaning,
  ]);
  const codes = Object.entries(exitCode).map(([name, code]) => [String(code), exitCodeMeanings[name as keyof typeof exitCode]]);
  const errors = documentedErrors().map(({ code, messages, hints, exitCode: exit }) => [
    messages.map((message) => `“${message}”`).join("<br>") || "–",
    hints.join("<br>") || "–",
    `\`${code}\``,
    String(exit),
  ]);
  return `# Reference

${generated}

## Policy

\`optimizer.config.json\` in the folder, or \`--policy FILE\`. For an editor: \`"$schema": "docs/optimizer.config.schema.json"\`. An unknown setting is refused with the nearest one.

${table(["setting", "default", "may be", "what it says"], settings)}

Settings of the stacks: [settings.md](settings.md).

## Commands

${commands}

## Exit codes

${table(["code", "means"], codes)}

## Errors

What a user can mend, by the words of the message (\`…\` is filled in). The code stands beside it with \`--debug\`.

${table(["message", "what to do", "code", "exit"], errors)}
`;
}

function faqPage(): string {
  const reasons = (Object.keys(skipWords) as readonly SkipCode[]).map((code) => [skipWords[code], `\`${code}\``, skipAdvice[code]]);
  return `# Why was this refused?

${generated}

## A resource was left alone

\`npx optimizer explain plan.json\` lists every decision; with one of its names it tells the figures. The reasons, and what can be done:

${table(["reason", "code", "what to do"], reasons)}

## A smaller size was refused

The requirement's target is tried first, then each size on the way to it. One fits when, at the worst moment of the baseline and with one availability zone lost, no dimension (CPU, memory, network, EBS, connections) would be fuller than
1 − \`rules.headroom\`. \`explain\` prints the arithmetic of each dimension. To act by the requirement's limits alone, set \`rules.decision\` to \`literal\`; the projection is then printed as a warning.

Nor may requests take much longer than they do (\`latency\`). Of an Aurora cluster no metric tells which share of the requests asks it, so that the worst is assumed. Who knows it, from traces or from the program, says it: \`rules.askingShares\` of the policy, such as \`{ "orders": { "writer": 0.2, "readers": 0.8 } }\`.

## A plan was refused when it was run

A plan is carried out as it was reviewed, or not at all: it is refused when it is older than \`planMaxAgeDays\`, when the account is not as the plan saw it, when the file was altered, and when the credentials are another account's. Make it again.

## A run was refused

One run at a time may have an account's region open. \`npx optimizer runs\` shows which; carry it on, undo it, or close it. A region that is not healthy now is waited for (\`health\`), then held for somebody to look at it.

## \`--yes\` was refused

A state folder on one machine cannot rule out a second operator on another: add \`--single-operator\` where nobody else runs this, or answer the question in a terminal.

Each message with its remedy: [reference.md](reference.md).
`;
}
