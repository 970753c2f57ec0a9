/** What the shell gives, as `process.env` has it. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** What synthesis reads besides settings; docs/settings.md is made from it. */
export const synthesisVariables = {
  TAP_SIZING_DIR: "Folder of the sizing files, `sizing` unless said.",
  CDKTF_OUTDIR: "Folder that is written to, `cdktf.out` unless said.",
  CDKTF_CONTEXT_JSON: "Set by cdktf: the context, of which the stacks read the key `tap`.",
} as const satisfies Readonly<Record<string, string>>;

/** One of them; empty counts as not set. */
export function synthesisVariable(name: Exclude<keyof typeof synthesisVariables, "CDKTF_CONTEXT_JSON">, variables: EnvironmentVariables): string | undefined {
  const value = variables[name];
  return value === "" ? undefined : value;
}

/**
 * The `TAP_*` variables as a configuration that is still to be checked. Lists are separated by commas, pairs written
 * `key=value`: `TAP_CIDR=us-east-1=10.10.0.0/16,us-west-2=10.20.0.0/16`.
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
  const truth = (name: string): boolean | string | undefined => {
    const value = text(name);
    return value === "true" || value === "false" ? value === "true" : value;
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
    ami: text("TAP_AMI")?.includes("=") === true ? pairs("TAP_AMI") : text("TAP_AMI"),
    amiArchitecture: text("TAP_AMI_ARCHITECTURE"),
    userDataFile: text("TAP_USER_DATA_FILE"),
    ports: numbers(pairs("TAP_PORTS")),
    maxInstanceLifetimeDays: numberIn(text("TAP_MAX_INSTANCE_LIFETIME_DAYS")),
    shellAccess: truth("TAP_SHELL_ACCESS"),
    publicAddresses: truth("TAP_PUBLIC_ADDRESSES"),
    globalWriteForwarding: truth("TAP_GLOBAL_WRITE_FORWARDING"),
    functions: truth("TAP_FUNCTIONS"),
    state: someOf({ bucket: text("TAP_STATE_BUCKET"), region: text("TAP_STATE_REGION"), kmsKeyId: text("TAP_STATE_KMS_KEY_ID") }),
    regions: list("TAP_REGIONS"),
    cidr: pairs("TAP_CIDR"),
    certificateArn: list("TAP_CERTIFICATE_ARN"),
  };
  return someOf(configuration) ?? {};
}

/** What is said of them; `undefined` when nothing is. */
function someOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

/** What is no number stays as it is, for the schema to refuse. */
function numberIn(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text;
}

function numbers(texts: Readonly<Record<string, string>> | undefined): Readonly<Record<string, number | string | undefined>> | undefined {
  return texts === undefined ? undefined : Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, numberIn(text)]));
}

function splitPair(pair: string): readonly [string, string] {
  const [key = "", ...rest] = pair.split("=");
  return [key, rest.join("=")];
}
