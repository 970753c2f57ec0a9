import type { EnvironmentKind } from "../../stacks/blueprints/blueprint.ts";
import { configurationSchema, type BlueprintName, type Configuration } from "../../stacks/settings/settings-schema.ts";
import { readSettings } from "../../stacks/settings/settings.ts";

/** A blueprint in one environment, with no more said than it needs. */
export interface Example {
  /** `<blueprint>-<environment>`. */
  readonly name: string;
  readonly blueprint: BlueprintName;
  readonly environment: EnvironmentKind;
  /** What `tap.config.json` would hold. */
  readonly configuration: Configuration;
}

const environments: readonly EnvironmentKind[] = ["production", "staging"];
export const blueprintNames: readonly BlueprintName[] = configurationSchema.shape.blueprint.unwrap().options;

/** Every blueprint in every environment: what is scanned, kept as snapshots and described in docs/blueprints.md. */
export const examples: readonly Example[] = blueprintNames.flatMap((blueprint) =>
  environments.map((environment) => ({ name: `${blueprint}-${environment}`, blueprint, environment, configuration: configurationOf(blueprint, environment) })),
);

/** Staging needs nothing; production needs a certificate in each of the blueprint's regions, and someone to tell of alarms. */
function configurationOf(blueprint: BlueprintName, environment: EnvironmentKind): Configuration {
  const bare = { blueprint, environment };
  if (environment === "staging") return bare;
  const { stacks } = readSettings({ configFile: { blueprint, environment: "staging" }, variables: {}, readSizing: () => undefined });
  return {
    ...bare,
    alarmEmail: "ops@example.com",
    certificateArn: stacks.map(({ name, region }) => `arn:aws:acm:${region}:123456789012:certificate/${name}`),
  };
}
