import { z } from "zod";

const elements = z.record(z.string(), z.record(z.string(), z.unknown())).default({});
const stackSchema = z.object({
  provider: z.object({ aws: z.array(z.object({ alias: z.string().optional() })) }),
  data: elements,
  resource: elements,
});

const arnPrefix = "arn:aws:played:us-east-1:123456789012:";
/** What assertions compare, and AWS would tell only after an apply. All else of these types is played as empty while planning. */
const knownInPlan: Readonly<Record<string, "arn" | "id">> = { aws_kms_key: "arn", aws_kms_replica_key: "arn", aws_vpc_peering_connection: "id" };
const remoteOutput = /terraform_remote_state\.[\w-]+\.outputs\.(?<name>[\w-]+)/g;

/**
 * What `terraform test` needs to plan a stack without AWS: providers that are played, what only AWS knows of some resources, and
 * the outputs of the other stack.
 */
export function playedProviders(stackJson: string): string {
  const { provider, data, resource } = stackSchema.parse(JSON.parse(stackJson));
  const blocks = [
    ...provider.aws.map(({ alias }) => playedProvider(alias)),
    ...Object.entries(knownInPlan).flatMap(([type, attribute]) => Object.keys(resource[type] ?? {}).map((id) => playedResource(type, id, attribute))),
    ...Object.keys(data["terraform_remote_state"] ?? {}).map((id) => playedOutputs(id, stackJson)),
  ];
  return blocks.join("\n");
}

function playedProvider(alias: string | undefined): string {
  return `mock_provider "aws" {
${alias === undefined ? "" : `  alias = "${alias}"\n`}  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_secretsmanager_random_password" {
    defaults = { random_password = "${"played0password0".repeat(4)}" }
  }
}
`;
}

function playedResource(type: string, id: string, attribute: "arn" | "id"): string {
  return `override_resource {
  target          = ${type}.${id}
  override_during = plan
  values          = { ${attribute} = "${attribute === "arn" ? arnPrefix : "played-"}${id}" }
}
`;
}

function playedOutputs(id: string, stackJson: string): string {
  const names = new Set([...stackJson.matchAll(remoteOutput)].map(({ groups }) => groups?.["name"] ?? ""));
  const outputs = [...names].map((name) => `    "${name}" = "${name.endsWith("arn") ? arnPrefix : "played-"}${name}"`);
  return `override_data {
  target = data.terraform_remote_state.${id}
  values = { outputs = {
${outputs.join("\n")}
  } }
}
`;
}
