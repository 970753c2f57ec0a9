import { resourceName } from "../../contract/resource-names.ts";
import type { Problem } from "./problem.ts";
import type { Settings, StackSettings } from "./settings-model.ts";

/**
 * With the last copy of a secret given up, Terraform sees nothing to do: release 5.100 of the provider takes "no copies named" for "as they are".
 * https://github.com/hashicorp/terraform-provider-aws/issues/23316
 */
export function copiedSecretWarning({ suffix, stacks }: Settings): readonly Problem[] {
  const secondaries = stacks.filter((stack) => stack.role === "secondary");
  const secret = secretOf(stacks);
  if (secret === undefined || secondaries.length === 0 || secondaries.some((stack) => !stack.absent)) return [];
  const regions = secondaries.map(({ region }) => region).join(" ");
  return [
    {
      path: "regionAbsent",
      message: `the AWS provider 5 does not remove the last copy of the database's password (${regions})`,
      hint: `once: aws secretsmanager remove-regions-from-replication --secret-id ${resourceName(suffix, secret)} --remove-replica-regions ${regions}`,
    },
  ];
}

/** The name of the database's secret, which is the database's own. */
function secretOf(stacks: readonly StackSettings[]): "aurora" | "mysql" | undefined {
  const owners = stacks.filter((stack) => stack.role === "primary").map((stack) => stack.components);
  if (owners.some(({ aurora }) => aurora !== null)) return "aurora";
  return owners.some(({ rds }) => rds !== null) ? "mysql" : undefined;
}
