import { resources } from "../synthesized-stacks.ts";
import { textOf, type SafetyRule } from "./requirements.ts";

const secretAttributes = /\.(?:secret_string|auth_token|master_password|random_password|password|private_key|user_data)\b/;

/** No secret is an output or written down in a stack: what needs one refers to the secret. */
export const secrets: SafetyRule = ({ document }) => [
  ...Object.entries(document.output)
    .filter(([, { value }]) => secretAttributes.test(JSON.stringify(value)))
    .map(([name]) => `output ${name}: shows a secret`),
  ...resources(document).flatMap(({ address, values }) =>
    ["master_password", "password", "auth_token"]
      .filter((argument) => values[argument] !== undefined && !/^\$\{aws_secretsmanager_secret_version\.[^}]+\.secret_string\}$/.test(textOf(values[argument])))
      .map((argument) => `${address}: ${argument} comes from no secret`),
  ),
  ...resources(document, "aws_secretsmanager_secret_version")
    .filter(({ values }) => !textOf(values["secret_string"]).startsWith("${data.aws_secretsmanager_random_password."))
    .map(({ address }) => `${address}: is not drawn at random`),
];
