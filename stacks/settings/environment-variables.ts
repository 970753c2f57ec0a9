/** What the shell gives, as `process.env` has it. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/**
 * The `TAP_*` variables as a configuration that is still to be checked. Lists are separated by commas, pairs written
 * `region=value`: `TAP_CIDR=us-east-1=10.10.0.0/16,us-west-2=10.20.0.0/16`.
 */
export function configurationFromVariables(variables: EnvironmentVariables): Record<string, unknown> {
  const text = (name: string): string | undefined => (variables[name] === "" ? undefined : variables[name]);
  const list = (name: string): readonly string[] | undefined =>
    text(name)
      ?.split(",")
      .map((item) => item.trim());
  const pairs = (name: string): Readonly<Record<string, string>> | undefined => {
    const items = list(name);
    return items === undefined ? undefined : Object.fromEntries(items.map(splitPair));
  };
  const configuration = {
    blueprint: text("TAP_BLUEPRINT"),
    environment: text("TAP_ENVIRONMENT"),
    lifetime: text("TAP_LIFETIME"),
    suffix: text("TAP_SUFFIX"),
    project: text("TAP_PROJECT"),
    owner: text("TAP_OWNER"),
    costCenter: text("TAP_COST_CENTER"),
    alarmEmail: text("TAP_ALARM_EMAIL"),
    auroraEngineVersion: text("TAP_AURORA_ENGINE_VERSION"),
    rdsEngineVersion: text("TAP_RDS_ENGINE_VERSION"),
    preset: text("TAP_PRESET"),
    network: text("TAP_NETWORK"),
    peering: text("TAP_PEERING"),
    domain: text("TAP_DOMAIN"),
    hostedZone: text("TAP_HOSTED_ZONE"),
    databaseInsights: text("TAP_DATABASE_INSIGHTS"),
    postgresEngineVersion: text("TAP_POSTGRES_ENGINE_VERSION"),
    image: text("TAP_IMAGE"),
    regions: list("TAP_REGIONS"),
    cidr: pairs("TAP_CIDR"),
    certificateArn: list("TAP_CERTIFICATE_ARN"),
  };
  return Object.fromEntries(Object.entries(configuration).filter(([, value]) => value !== undefined));
}

function splitPair(pair: string): readonly [string, string] {
  const [key = "", ...rest] = pair.split("=");
  return [key, rest.join("=")];
}
