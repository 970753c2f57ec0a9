import type { BlueprintName } from "../../stacks/settings/settings-schema.ts";
import { chargesOf, pricesAsOf, type Charge } from "./monthly-cost.ts";
import { picture } from "./picture.ts";
import { quotaNeeds, type QuotaNeed } from "./quotas.ts";
import { regionOf, type DescribedStack } from "./stack-document.ts";
import { generalLogNote } from "./general-log.ts";
import { uncountedIn } from "./uncounted.ts";

export interface DescribedBlueprint {
  readonly blueprint: BlueprintName;
  /** Of all environments, production first. */
  readonly stacks: readonly DescribedStack[];
}

const purposes: Readonly<Record<BlueprintName, string>> = {
  saas: "A multi-tenant service for ten thousand tenants: the same in each region, so that either can carry the whole load.",
  web: "A web application with a relational database: written in the primary's region, read in both, and answered by the other region when the first fails.",
  streaming: "Events by the thousand: containers, functions and four kinds of stores. Each region is complete and stands alone.",
};

/** The content of docs/blueprints.md. */
export function blueprintsPage(blueprints: readonly DescribedBlueprint[]): string {
  return `${[
    "# Blueprints",
    "Made by `npm run docs` from the synthesized stacks; a test fails when it is out of date.",
    firstSettings,
    ...blueprints.flatMap(({ blueprint, stacks }) => {
      const production = stacks.filter(({ environment }) => environment === "production");
      return [
        `## ${blueprint}`,
        `${purposes[blueprint]} \`npm run synth -- --blueprint ${blueprint} --environment production\``,
        `\`\`\`mermaid\n${picture(production)}\n\`\`\``,
        "Arrows are what security groups, policies and references between the stacks say; dotted ones join regions. The picture is of production.",
        "### Monthly list price at rest",
        costTable(stacks),
        `US dollars for 730 hours at these sizes, from the price snapshot (${pricesAsOf}; \`optimizer/prices/\`). "No price": the snapshot has none for that region. Not counted, since use decides or the snapshot has nothing on it: data transfer; ${uncountedIn(stacks.map(({ document }) => document)).join("; ")}.`,
        ...generalLogNote(stacks.map(({ document }) => document)),
        "### Quotas to ask for",
        quotaTable(production),
        quotaCommand,
        "### Outputs",
        outputTable(production),
      ];
    }),
  ].join("\n\n")}\n`;
}

const firstSettings = `## What to set first

In \`tap.config.json\`, as \`TAP_*\` variables, or as flags of \`npm run synth\`; everything else has a default ([settings.md](settings.md)).

| setting | variable | why before the first deployment |
| --- | --- | --- |
| \`blueprint\`, \`environment\` | \`TAP_BLUEPRINT\`, \`TAP_ENVIRONMENT\` | sizes and protection; every environment but \`production\` can be destroyed at once |
| \`suffix\` | \`TAP_SUFFIX\` | part of every name: changing it later makes everything anew |
| \`regions\` | \`TAP_REGIONS\` | primary first; moving one later moves its data |
| \`cidr\` | \`TAP_CIDR\` | a network's block cannot be changed; blocks that overlap can never be peered |
| \`certificateArn\` | \`TAP_CERTIFICATE_ARN\` | production needs an ACM certificate in each region; staging speaks HTTP without one |
| \`auroraEngineVersion\`, \`rdsEngineVersion\`, \`postgresEngineVersion\` | \`TAP_AURORA_ENGINE_VERSION\`, \`TAP_RDS_ENGINE_VERSION\`, \`TAP_POSTGRES_ENGINE_VERSION\` | what a new database starts with; synthesis warns of versions that AWS bills more for. A global database is upgraded in AWS later on, and Terraform leaves it as it is |
| \`alarmEmail\` | \`TAP_ALARM_EMAIL\` | who is told of alarms; AWS asks that address to confirm |
| \`state\` | \`TAP_STATE_BUCKET\`, \`TAP_STATE_REGION\` | the bucket of a team's Terraform state, made beforehand: versioned, encrypted, in nobody's stack |`;

function costTable(stacks: readonly DescribedStack[]): string {
  const columns = stacks.map((stack) => ({ ...stack, charges: chargesOf(stack.document) }));
  const components = [...new Set(columns.flatMap(({ charges }) => charges.map(({ component }) => component)))];
  return table(
    ["", ...columns.map(({ environment, stack, document }) => `${environment}, ${stack} (${regionOf(document)})`)],
    [
      ...components.map((component) => [
        component,
        ...columns.map(({ charges }) =>
          charges
            .filter((charge) => charge.component === component)
            .map(cell)
            .join("; "),
        ),
      ]),
      ["**together**", ...columns.map(({ charges }) => together(charges))],
    ],
  );
}

function cell({ what, monthlyUsd }: Charge): string {
  return `${what}: ${monthlyUsd === null ? "no price" : dollars(monthlyUsd)}`;
}

function together(charges: readonly Charge[]): string {
  const sum = `**${dollars(charges.reduce((total, { monthlyUsd }) => total + (monthlyUsd ?? 0), 0))}**`;
  return charges.some(({ monthlyUsd }) => monthlyUsd === null) ? `${sum} and what has no price` : sum;
}

function dollars(amount: number): string {
  return `$${amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function quotaTable(stacks: readonly DescribedStack[]): string {
  const needs = stacks.map(({ document }) => quotaNeeds(document));
  const all = needs.flat().filter(({ code }, index, others) => others.findIndex((other) => other.code === code) === index);
  const cellOf = (found: QuotaNeed | undefined): string => {
    if (found === undefined) return "";
    return found.least === found.most ? String(found.least) : `${found.least} to ${found.most}, ${found.meanwhile} while all are replaced`;
  };
  return table(
    ["quota of a region", "code", "new account", ...stacks.map(({ stack, document }) => `${stack} (${regionOf(document)})`)],
    all.map(({ quota, service, code, usual }) => [
      quota,
      `\`${service}\` \`${code}\``,
      String(usual),
      ...needs.map((of) => cellOf(of.find((need) => need.code === code))),
    ]),
  );
}

const quotaCommand = `Of production. From what is in service to what scaling may reach. Ask days before, in each region: \`aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A --desired-value <vCPUs> --region <region>\`. What else runs in the account comes on top.`;

/** Of the contract only: what one stack hands another is theirs. */
function outputTable(stacks: readonly DescribedStack[]): string {
  const names = [...new Set(stacks.flatMap(({ document }) => Object.keys(document.output)))].filter((name) => !name.startsWith("cross-stack-output"));
  return table(
    ["output", ...stacks.map(({ stack }) => stack)],
    names.sort().map((name) => [`\`${name}\``, ...stacks.map(({ document }) => (document.output[name] === undefined ? "" : "yes"))]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
