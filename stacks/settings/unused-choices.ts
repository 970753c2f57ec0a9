import type { StackComponents } from "../blueprints/blueprint.ts";
import type { BlueprintChoices } from "./blueprint-choices.ts";
import type { Problem } from "./problem.ts";
import type { Configuration } from "./settings-schema.ts";

type Choice = keyof Configuration;

/** Components that choices are about, and the blueprints that have them. */
const subjects: readonly {
  readonly choices: readonly Choice[];
  readonly subject: string;
  readonly isThere: (components: StackComponents) => boolean;
  readonly hint: string;
}[] = [
  {
    choices: ["ami", "amiArchitecture", "userDataFile", "maxInstanceLifetimeDays"],
    subject: "instances",
    isThere: ({ compute }) => compute !== null,
    hint: "leave it out; containers run what `image` names",
  },
  {
    choices: ["image"],
    subject: "containers",
    isThere: ({ service }) => service !== null,
    hint: "leave it out; instances run what `ami` and `userDataFile` say",
  },
  {
    choices: ["auroraEngineVersion", "databaseInsights", "globalWriteForwarding"],
    subject: "global database",
    isThere: ({ aurora }) => aurora !== null,
    hint: "leave it out, or choose the blueprint `saas`",
  },
  { choices: ["rdsEngineVersion"], subject: "RDS instance", isThere: ({ rds }) => rds !== null, hint: "leave it out, or choose the blueprint `web`" },
  {
    choices: ["postgresEngineVersion"],
    subject: "serverless database",
    isThere: ({ serverless }) => serverless !== null,
    hint: "leave it out, or choose the blueprint `streaming`",
  },
];

/** Choices about something that the blueprint does not have: they would be lost without a word. */
export function unusedChoices(chosen: Configuration, components: StackComponents): readonly Problem[] {
  return subjects
    .filter(({ isThere }) => !isThere(components))
    .flatMap(({ choices, subject, hint }) =>
      choices.filter((choice) => chosen[choice] !== undefined).map((choice) => ({ path: choice, message: `the blueprint has no ${subject}`, hint })),
    );
}

/** Choices that other choices leave without a meaning. */
export function idleChoices(
  { publicAddresses, globalWriteForwarding }: Configuration,
  { network }: BlueprintChoices,
  regions: readonly string[],
): readonly Problem[] {
  return [
    ...(publicAddresses !== undefined && network !== "default"
      ? [
          {
            path: "publicAddresses",
            message: "instances stand in private subnets, which have no public addresses",
            hint: "leave it out, or say network `default`",
          },
        ]
      : []),
    ...(globalWriteForwarding === true && regions.length === 1
      ? [{ path: "globalWriteForwarding", message: "there is no second region to forward from", hint: "leave it out, or add a region" }]
      : []),
  ];
}
