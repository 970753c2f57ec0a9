import { awsRefusals } from "../../__tests__/support/refusals/aws-refusals.ts";
import type { Asked, Met, Refusal } from "../../__tests__/support/refusals/refusal.ts";
import { untriedErrors } from "../../__tests__/support/refusals/untried.ts";
import { maxAttempts, maxCapacityAttempts } from "../../optimizer/core/execution/retry-limits.ts";
import { table } from "./sources.ts";

const givenUp = "given up: what the action did before is undone, and it is skipped with AWS's words; on the way back a person gets the commands";

/** What TAP makes of each kind of refusal. */
const meanings: Readonly<Record<Met | "unknown", string>> = {
  throttled: `tried again after growing pauses: forward ${maxAttempts} times, on the way back for \`settle.rollbackMaxDays\``,
  busy: `described again, and tried again unless it is done by then: forward ${maxAttempts} times, on the way back for \`settle.rollbackMaxDays\``,
  "no-capacity": `tried again after longer pauses: forward ${maxCapacityAttempts} times, on the way back for \`settle.rollbackMaxDays\`, with sizes and zones that a person may choose instead`,
  denied: givenUp,
  invalid: givenUp,
  missing: givenUp,
  credentials: "the run stops, and can be resumed with fresh credentials",
  unknown: "AWS may have acted: only a description tells, and nothing is sent before it did",
};

/** docs/refusals.md: a table of each action, and what is documented besides. */
export function refusalsPage(generated: string): string {
  const calls = [...new Set(awsRefusals.map(({ call }) => call))].toSorted();
  const sections = calls.map((call) => {
    const rows = awsRefusals.filter((row) => row.call === call);
    return `### ${call}\n\n${table(["refused with", "when", "met", "how"], rows.map(cellsOf))}`;
  });
  const untried = untriedErrors.map(({ why, met, errors }) => [errors.map((name) => `\`${name}\``).join(", "), why, met]);
  return `# What AWS refuses

${generated}

${awsRefusals.length} refusals of ${calls.length} actions, each answered by the simulated account in AWS's words and by its HTTP status, to the optimizer's own adapters with real SDK clients, and met in the way that stands beside it (\`__tests__/optimizer/adapters/aws/refusals.test.ts\`).
Each name leads to AWS's page. What stands under "not answered" AWS documents as well (the SDK's models name it); a test names what is in neither table.

## What is made of them

${table(
  ["met as", "what follows"],
  Object.entries(meanings).map(([met, follows]) => [`\`${met}\``, follows]),
)}

A change reads before it writes, so that most refusals are never met: the cluster that is not available is waited for. They are left for what happens between the description and the call. An action whose error has no name of these is judged by its status: 4xx is \`invalid\`, anything else \`unknown\`.

## Answered

${sections.join("\n\n")}

## Not answered

${table(["error", "why the simulated account never answers so", "met"], untried)}
`;
}

function cellsOf({ error, status, when, source, asked, met }: Refusal): readonly string[] {
  return [`[\`${error}\`](${source}) ${status}`, when, met, howOf(asked)];
}

function howOf(asked: Asked): string {
  if ("never" in asked) return `never asked: ${asked.never}`;
  if (!("instead" in asked)) return "";
  const { reads } = asked;
  return reads === "nothing to send" ? "never asked: read first, and nothing is left to be sent" : `never asked: read first, \`${reads.name}\` (${reads.kind})`;
}
